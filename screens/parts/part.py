"""The base of all parts: how they are measured, and what they get from the window they are in."""

from __future__ import annotations

from typing import Any, Self, cast

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from screens.fonts import Font
from screens.theme import Theme


def theme() -> Theme:
    """Of the face that is being built; a part that stands keeps its own."""
    return cast(Theme, App.get_running_app().theme)


def font() -> Font:
    return cast(Font, App.get_running_app().font)


class Part(Widget):
    """A widget that a column can place: it says how high it wants to be at a width.

    `level` is how much smaller than planned its type is, 0 to 2; a column raises it until everything fits.
    """

    shown = BooleanProperty(True)
    stretch = NumericProperty(0)
    """Its share of the height that is left over; 0: none."""
    most_mm = NumericProperty(0)
    """Stretched no higher than this; 0: as high as there is room."""
    width_mm = NumericProperty(0)
    """In a row, this wide; 0: its share."""
    level = NumericProperty(0)
    aside = BooleanProperty(False)
    """On another leaf than the one that is shown."""
    first = BooleanProperty(False)
    """The uppermost of its leaf."""
    yields = False
    """Takes less room than it wants where there is not enough."""

    theme: Theme

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """The theme first: some parts measure before they are built."""
        part = super().__new__(cls, *args, **kwargs)
        part.theme = theme()
        return cast(Self, part)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"size_hint": (None, None)} | kwargs)
        self.fbind("shown", self._show)
        self.fbind("aside", self._hide)

    # Kivy caches `center` and `top`, and hands out the old ones while a new position is being told.

    @property
    def middle_x(self) -> float:
        return float(self.x + self.width / 2)

    @property
    def middle_y(self) -> float:
        return float(self.y + self.height / 2)

    @property
    def upper(self) -> float:
        return float(self.y + self.height)

    @property
    def outer(self) -> float:
        """Its right edge."""
        return float(self.x + self.width)

    def measure(self, width: float, level: int) -> float:
        """The height it wants, in pixels."""
        return float(self.height)

    def wants(self, width: float) -> float:
        """The least height at which it shows all it has, in type as large as planned."""
        return self.measure(width, 0)

    def fit(self, level: int) -> None:
        """Take the type sizes of a level."""
        self.level = level

    def collide_point(self, x: float, y: float) -> bool:
        """A hidden part is nowhere; Kivy lets it swallow the touches of what took its place."""
        return not self.disabled and bool(super().collide_point(x, y))

    def changed(self, *_: object) -> None:
        """What it holds wants another room: the columns round it are laid out anew."""
        if isinstance(self.parent, Part):
            self.parent.changed()

    def clear(self) -> None:
        """Forget what the visit put here."""
        for child in self.children:
            if isinstance(child, Part):
                child.clear()

    def _show(self, *_: object) -> None:
        self._hide()
        self.changed()

    def _hide(self, *_: object) -> None:
        seen = self.shown and not self.aside
        self.opacity = 1 if seen else 0
        self.disabled = not seen
