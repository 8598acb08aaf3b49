"""The look as named tokens: colours, sizes in millimetres, motion; and panels, which turn millimetres into pixels.

Contrast of every text on its ground is at least 4.5:1 (held by a test).  Type is given as the height of a capital
letter, because that is what decides whether a person can read it at arm's length (0.7° at 450 and 600 mm).
"""

from __future__ import annotations

import math

import msgspec

CAP_HEIGHT_EM = 0.733
"""Capital height of Noto Sans CJK, as a part of the font size (OS/2 sCapHeight 733 of 1000)."""

LEADING_EM = 1.36
"""From base line to base line: Chinese needs air between lines, and the font's own 1.45 falls apart in titles."""

TIGHT_LEADING_EM = 1.26
"""The same where a page has no room left for air: at the last level."""

MM_PER_INCH = 25.4


class PanelTooSmall(Exception):
    """The pages do not fit; the message says what does."""


class Panel(msgspec.Struct, frozen=True):
    """A screen: pixels, and pixels per inch."""

    width: int
    height: int
    ppi: float

    @property
    def width_mm(self) -> float:
        return self.width / self.ppi * MM_PER_INCH

    @property
    def height_mm(self) -> float:
        return self.height / self.ppi * MM_PER_INCH

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    def px(self, mm: float) -> int:
        return round(mm * self.ppi / MM_PER_INCH)

    def font_px(self, cap_mm: float) -> int:
        """Font size whose capitals are `cap_mm` high, never smaller."""
        return math.ceil(cap_mm * self.ppi / MM_PER_INCH / CAP_HEIGHT_EM)

    def check(self) -> None:
        """Raises PanelTooSmall: three tiles of 28 mm, a head and a foot need this much glass."""
        short, long = sorted((self.width_mm, self.height_mm))
        if short < SHORT_SIDE_MM or long < LONG_SIDE_MM:
            raise PanelTooSmall(
                f"The screen is {self.width_mm:.0f} × {self.height_mm:.0f} mm ({self.width}×{self.height} at "
                f"{self.ppi:g} ppi); the pages need at least {LONG_SIDE_MM} × {SHORT_SIDE_MM} mm, "
                "as a 10.1-inch panel has (1280×800 at 149 ppi)."
            )


def panel_trouble(width: int, height: int, ppi: float) -> str | None:
    """Why the pages do not fit on such a panel; None: they do."""
    try:
        Panel(width, height, ppi).check()
    except PanelTooSmall as small:
        return str(small)
    return None


SHORT_SIDE_MM = 135
LONG_SIDE_MM = 215

SMALL = Panel(1280, 800, 149)
"""10.1 inches, the smallest that works."""
WIDE = Panel(1920, 1080, 141)
"""15.6 inches."""
TALL = Panel(1080, 1920, 102)
"""21.5 inches, upright."""


class Colours(msgspec.Struct, frozen=True):
    ground: str
    surface: str
    line: str
    ink: str
    ink_soft: str
    accent: str
    accent_pressed: str
    accent_pale: str
    on_accent: str
    closed: str
    """Ground of a greyed tile."""
    pressed: str
    """Ground of a white surface under the finger."""
    good: str
    good_pale: str
    warn: str
    warn_pale: str
    bad: str
    bad_pale: str


class Type(msgspec.Struct, frozen=True):
    """Capital heights in mm."""

    caption: float
    body: float
    tile: float
    title: float
    key: float
    """A figure on a key."""
    number: float


class Space(msgspec.Struct, frozen=True):
    """Lengths in mm."""

    step: float = 4
    gap: float = 3.5
    margin: float = 8
    corner: float = 4
    head: float = 11
    """Status line."""
    foot: float = 24
    key: float = 20
    """Height of everything small that is touched."""
    foot_key: float = 36
    """Width of a key in the foot: an icon and two characters."""
    primary: float = 20
    tile: float = 28
    """Least height of a tile; its width is never under 55."""
    line: float = 0.17
    """Thickness of the lines round surfaces."""


class Motion(msgspec.Struct, frozen=True):
    """Times in seconds; zero is a cut."""

    slide_s: float
    insertion_s: float
    """The card of the illustration glides into its slot in this time; at most once a second a new beginning."""


class Look(msgspec.Struct, frozen=True):
    """One of the ways the terminal can look; the pages know only this."""

    name: str
    colours: Colours
    small: Type
    wide: Type
    tall: Type
    motion: Motion
    least_cap: float
    """Nothing is smaller than this, in mm."""


STANDARD = Look(
    name="standard",
    colours=Colours(
        ground="#F3F6FB",
        surface="#FFFFFF",
        line="#D5DEEC",
        ink="#0F2544",
        ink_soft="#44556F",
        accent="#0B57C5",
        accent_pressed="#083F91",
        accent_pale="#E4EEFC",
        on_accent="#FFFFFF",
        closed="#E7ECF5",
        pressed="#E4EEFC",
        good="#05603A",
        good_pale="#E1F2E7",
        warn="#8A4B00",
        warn_pale="#FCEFDA",
        bad="#A61B1B",
        bad_pale="#FBE6E4",
    ),
    small=Type(caption=4.8, body=5.5, tile=6.5, title=6.5, key=9, number=12),
    wide=Type(caption=5.5, body=6.5, tile=8, title=9, key=13, number=16),
    tall=Type(caption=7, body=8, tile=10, title=13, key=16, number=22),
    motion=Motion(slide_s=0.16, insertion_s=1.2),
    least_cap=4.8,
)


LARGE = msgspec.structs.replace(
    STANDARD,
    name="large",
    small=Type(caption=7.3, body=7.3, tile=7.8, title=8, key=11, number=13),
    wide=Type(caption=7.3, body=8, tile=9.5, title=11, key=15, number=18),
    tall=Type(caption=9, body=10.5, tile=13, title=16, key=19, number=26),
    motion=Motion(slide_s=0, insertion_s=0),
    least_cap=7.3,
)
"""大字版: nothing under 7.3 mm, nothing moves."""

CONTRAST = msgspec.structs.replace(
    STANDARD,
    name="contrast",
    colours=Colours(
        ground="#000000",
        surface="#000000",
        line="#FFFFFF",
        ink="#FFFFFF",
        ink_soft="#FFFFFF",
        accent="#FFD400",
        accent_pressed="#FFFFFF",
        accent_pale="#000000",
        on_accent="#000000",
        closed="#000000",
        pressed="#3A3A00",
        good="#FFFFFF",
        good_pale="#000000",
        warn="#FFD400",
        warn_pale="#000000",
        bad="#FFD400",
        bad_pale="#000000",
    ),
)
"""Black, white and one yellow."""

LOOKS = {look.name: look for look in (STANDARD, LARGE, CONTRAST)}
"""By the name the configuration uses."""


class Area(msgspec.Struct, frozen=True):
    """A rectangle in pixels, from the lower left corner as the window counts."""

    x: int
    y: int
    width: int
    height: int


class Theme(msgspec.Struct, frozen=True):
    """A look on a panel: what pages ask for sizes, in pixels."""

    panel: Panel
    look: Look = STANDARD
    space: Space = Space()
    low: bool = False
    """Everything to touch is within a seated person's reach."""
    still: bool = False
    """Nothing moves: the renderer is software."""

    @property
    def compact(self) -> bool:
        """A panel on which every millimetre is wanted."""
        return not self.panel.portrait and self.panel.height_mm < 150

    @property
    def type(self) -> Type:
        if self.panel.portrait:
            return self.look.tall
        return self.look.small if self.compact else self.look.wide

    @property
    def scale(self) -> float:
        """A larger panel is seen from further away: there everything is larger than the least that is allowed."""
        if self.panel.portrait:
            return 1.4
        return 1 if self.compact else 1.2

    def mm(self, mm: float) -> int:
        """Millimetres of the smallest panel, in pixels of this one."""
        return self.panel.px(mm * self.scale)

    def font(self, size: str) -> int:
        """Font size in pixels of a named size of type."""
        return self.panel.font_px(max(getattr(self.type, size), self.look.least_cap))

    def length(self, name: str) -> int:
        """A named length of `Space`, in pixels."""
        return self.mm(getattr(self.space, name))

    def colour(self, name: str) -> tuple[float, float, float, float]:
        return rgba(getattr(self.look.colours, name))

    @property
    def margin(self) -> int:
        return self.length("margin")

    @property
    def slide_s(self) -> float:
        return 0 if self.still else self.look.motion.slide_s

    @property
    def insertion_s(self) -> float:
        return 0 if self.still else self.look.motion.insertion_s

    @property
    def stage(self) -> Area:
        """Between status line and foot: where pages are."""
        head, foot = self.length("head"), self.length("foot")
        return Area(0, foot, self.panel.width, self.panel.height - head - foot)

    @property
    def say(self) -> Area:
        """Where a page speaks: the left two fifths, or what is left of the upper third; within the stage."""
        stage, edge, air = self.stage, self.margin, self.mm(self.space.step)
        if self.panel.portrait:
            height = stage.height - self.do.height - 3 * air
            return Area(edge, stage.height - air - height, stage.width - 2 * edge, height)
        return Area(edge, air, round(stage.width * 0.4) - edge - air, stage.height - 2 * air)

    @property
    def do(self) -> Area:
        """Where a page is touched: the rest, on an upright panel the lower two thirds of the glass."""
        stage, edge, air = self.stage, self.margin, self.mm(self.space.step)
        if self.panel.portrait:
            height = round(self.panel.height * 2 / 3) - self.length("foot") - 2 * air
            return Area(edge, air, stage.width - 2 * edge, height)
        left = round(stage.width * 0.4)
        return Area(left, air, stage.width - left - edge, stage.height - 2 * air)


def rgba(code: str) -> tuple[float, float, float, float]:
    """From #RRGGBB, each part 0 to 1."""
    red, green, blue = (int(code[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue, 1.0


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(code: str) -> float:
    parts = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in rgba(code)[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
