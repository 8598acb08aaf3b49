"""The look as named tokens: colours, sizes in millimetres, motion; and panels, which turn millimetres into pixels.

Contrast of every text on its ground is at least 4.5:1, in large type 7:1 (held by a test).  Type is given as the height
of a capital letter, because that decides whether a person can read it at arm's length (0.7° at 450 and 600 mm).
"""

from __future__ import annotations

import math
from functools import cached_property

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


class PpiWrong(Exception):
    """No panel is of the size that the configuration makes of it; the message names the key."""


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

    @property
    def diagonal_in(self) -> float:
        return math.hypot(self.width, self.height) / self.ppi

    def check(self) -> None:
        """Raises PpiWrong, PanelTooSmall: three tiles of 28 mm, a head and a foot need this much glass."""
        size = f"{self.width}×{self.height} at {self.ppi:g} ppi"
        if not LEAST_IN <= self.diagonal_in <= MOST_IN:
            raise PpiWrong(
                f"[screen] ppi = {self.ppi:g} cannot be right: {size} would be a screen of {self.diagonal_in:.1f} "
                f"inches. Terminals have {LEAST_IN} to {MOST_IN} inches; ppi is pixels by inches of the diagonal."
            )
        short, long = sorted((self.width_mm, self.height_mm))
        if short < SHORT_SIDE_MM or long < LONG_SIDE_MM:
            raise PanelTooSmall(
                f"The screen is {self.width_mm:.0f} × {self.height_mm:.0f} mm ({size}); "
                f"the pages need at least {LONG_SIDE_MM} × {SHORT_SIDE_MM} mm, "
                "as a 10.1-inch panel has (1280×800 at 149 ppi). If it is larger than that, [screen] ppi is wrong."
            )


def panel_trouble(width: int, height: int, ppi: float) -> str | None:
    """Why the pages do not fit on such a panel; None: they do."""
    try:
        Panel(width, height, ppi).check()
    except (PanelTooSmall, PpiWrong) as trouble:
        return str(trouble)
    return None


SHORT_SIDE_MM = 135
LONG_SIDE_MM = 215
LEAST_IN, MOST_IN = 5, 40
"""Diagonals of glass that anyone builds into a terminal; what lies outside is a wrong ppi."""

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
    scrim: str
    """Over a page that waits under a sheet."""


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
    space: Space = Space()
    drawn: float = 1
    """How much larger than planned the drawings beside words are."""
    large: bool = False
    """大字版: fewer things on a page."""
    contrasted: bool = False
    """Black, white and one yellow."""


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
        scrim="#0F2544",
    ),
    small=Type(caption=4.8, body=5.5, tile=6.5, title=6.5, key=9, number=12),
    wide=Type(caption=5.5, body=6.5, tile=8.5, title=9.5, key=13, number=16),
    tall=Type(caption=7, body=8, tile=11.5, title=13, key=16, number=22),
    motion=Motion(slide_s=0.16, insertion_s=1.2),
    least_cap=4.8,
)


LARGE = msgspec.structs.replace(
    STANDARD,
    name="large",
    colours=msgspec.structs.replace(
        STANDARD.colours,
        ink_soft="#3B4B64",
        accent="#0A49A6",
        accent_pressed="#06306F",
        good="#045232",
        warn="#6E3B00",
        bad="#8A1414",
    ),
    small=Type(caption=7.3, body=7.3, tile=7.8, title=8, key=10.5, number=13),
    wide=Type(caption=7.3, body=8, tile=9.5, title=11, key=15, number=18),
    tall=Type(caption=9, body=10.5, tile=13, title=16, key=19, number=26),
    motion=Motion(slide_s=0, insertion_s=0),
    least_cap=7.3,
    space=Space(head=12.5, tile=34),
    drawn=1.25,
    large=True,
)
"""大字版: nothing under 7.3 mm, every text 7:1, nothing moves."""

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
        pressed="#4D4000",
        good="#FFFFFF",
        good_pale="#000000",
        warn="#FFD400",
        warn_pale="#000000",
        bad="#FFD400",
        bad_pale="#000000",
        scrim="#000000",
    ),
    space=Space(line=0.5),
    contrasted=True,
)
"""Black, white and one yellow; edges say what grounds say elsewhere."""

LARGE_CONTRAST = msgspec.structs.replace(
    LARGE,
    name="large-contrast",
    colours=CONTRAST.colours,
    space=msgspec.structs.replace(LARGE.space, line=CONTRAST.space.line),
    contrasted=True,
)
"""Both, for eyes that need both."""

LOOKS = {look.name: look for look in (STANDARD, LARGE, CONTRAST, LARGE_CONTRAST)}
"""By the name the configuration uses."""


def look_with(*, large: bool, contrasted: bool) -> Look:
    """The look that has these and nothing else."""
    return next(look for look in LOOKS.values() if (look.large, look.contrasted) == (large, contrasted))


SEATED_REACH_MM = 380, 1220
"""Above the floor, from a wheelchair."""

LOW_UPRIGHT_MM = 240
"""Above the lower edge of an upright panel: within reach as long as that edge is no higher than 975 mm."""

LOW_LYING_MM = 125
"""Lying panels are low anyway: there keys and tiles sink to the bottom, and the edge may be at 1090 mm."""


class Area(msgspec.Struct, frozen=True):
    """A rectangle in pixels, from the lower left corner as the window counts."""

    x: int
    y: int
    width: int
    height: int


class Theme(msgspec.Struct, frozen=True, dict=True):
    """A look on a panel: what pages ask for sizes, in pixels."""

    panel: Panel
    look: Look = STANDARD
    low: bool = False
    """Everything to touch is within a seated person's reach."""
    still: bool = False
    """Nothing moves: the renderer is software."""

    @cached_property
    def compact(self) -> bool:
        """A panel on which every millimetre is wanted."""
        return not self.panel.portrait and self.panel.height_mm < 150

    @cached_property
    def stacked(self) -> bool:
        """Large type on the smallest panel: words run over the whole width, and what does not fit turns leaves."""
        return self.compact and self.look.large

    @cached_property
    def type(self) -> Type:
        if self.panel.portrait:
            return self.look.tall
        return self.look.small if self.compact else self.look.wide

    @cached_property
    def space(self) -> Space:
        """Tightest where every millimetre is wanted."""
        return msgspec.structs.replace(self.look.space, margin=6, head=0, step=3) if self.stacked else self.look.space

    @cached_property
    def scale(self) -> float:
        """A larger panel is seen from further away: there everything is larger than the least that is allowed."""
        if self.panel.portrait:
            return 1.4
        return 1 if self.compact else 1.2

    def mm(self, mm: float) -> int:
        """Millimetres of the smallest panel, in pixels of this one."""
        return self.panel.px(mm * self.scale)

    def drawn(self, mm: float) -> int:
        """The side of a drawing that stands beside words and grows with them, in pixels."""
        return self.mm(mm * self.look.drawn)

    def font(self, size: str) -> int:
        """Font size in pixels of a named size of type."""
        return self.panel.font_px(max(getattr(self.type, size), self.look.least_cap))

    def length(self, name: str) -> int:
        """A named length of `Space`, in pixels."""
        return self.mm(getattr(self.space, name))

    def colour(self, name: str) -> tuple[float, float, float, float]:
        return rgba(getattr(self.look.colours, name))

    @cached_property
    def margin(self) -> int:
        return self.length("margin")

    @cached_property
    def slide_s(self) -> float:
        return 0 if self.still else self.look.motion.slide_s

    @cached_property
    def insertion_s(self) -> float:
        return 0 if self.still else self.look.motion.insertion_s

    @cached_property
    def stage(self) -> Area:
        """Between status line and foot: where pages are."""
        head, foot = self.length("head"), self.length("foot")
        return Area(0, foot, self.panel.width, self.panel.height - head - foot)

    @cached_property
    def reach(self) -> int:
        """How high above the lower edge of the panel there may be something to touch."""
        if self.low:
            return self.panel.px(LOW_UPRIGHT_MM if self.panel.portrait else LOW_LYING_MM)
        return round(self.panel.height * 2 / 3) if self.panel.portrait else self.panel.height

    @cached_property
    def sunk(self) -> bool:
        """Keys and tiles take their least height and lie at the bottom: lying panels have no other way down."""
        return self.low and not self.panel.portrait

    def least(self, name: str) -> int:
        """The least of a length of `Space`: sunk keys and tiles are no larger on a larger panel."""
        return self.panel.px(getattr(self.space, name)) if self.sunk else self.length(name)

    @cached_property
    def say(self) -> Area:
        """Where a page speaks: on the left, or what is left above `do`; within the stage."""
        stage, edge, air = self.stage, self.margin, self.mm(self.space.step)
        if self.panel.portrait:
            height = stage.height - self.do.height - 3 * air
            return Area(edge, stage.height - air - height, stage.width - 2 * edge, height)
        return Area(edge, air, self._left - edge - air, stage.height - 2 * air)

    @cached_property
    def do(self) -> Area:
        """Where a page is touched: the rest, on an upright panel as high as hands should go."""
        stage, edge, air = self.stage, self.margin, self.mm(self.space.step)
        if self.panel.portrait:
            return Area(edge, air, stage.width - 2 * edge, self.reach - self.length("foot") - 2 * air)
        return Area(self._left, air, stage.width - self._left - edge, stage.height - 2 * air)

    @cached_property
    def _left(self) -> int:
        """Of the width, two fifths are for saying; half where the words are large and the room is not."""
        return round(self.panel.width * (0.5 if self.stacked else 0.4))


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
