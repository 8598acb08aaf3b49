"""The one primary act of a page, and what stands beside it."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from screens.parts.surface import Pressable
from screens.parts.text import Text

GROUNDS = {
    "primary": ("accent", "accent_pressed", "on_accent", ""),
    "secondary": ("surface", "pressed", "accent", "accent"),
}


class ActButton(Pressable):
    """At least 20 mm high; says the act."""

    text = StringProperty("")
    kind = OptionProperty("primary", options=tuple(GROUNDS))
    name = StringProperty("")
    """For whoever looks for it on the screen."""
    bold = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        self.words = Text(type_size="tile", align="center", bold=True)
        super().__init__(padding_mm=[3, 1.5], edge_mm=0.35, **kwargs)
        self.add_widget(self.words)
        for name in ("text", "kind"):
            self.fbind(name, self._dress)
        self._dress()

    def measure(self, width: float, level: int) -> float:
        return max(self.theme.length("primary"), super().measure(width, level))

    def fit(self, level: int) -> None:
        """Its words stay as large as its own room allows, whatever the page does."""
        super().fit(0)

    def clear(self) -> None:
        self.text = ""

    def _dress(self, *_: object) -> None:
        self.fill, self.pressed_fill, self.words.colour, self.edge = GROUNDS[self.kind]
        self.words.text = self.text
        self._paint()
