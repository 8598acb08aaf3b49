"""A line of advice: a sentence, or something to bring or to do behind a box."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.picture import Icon
from screens.parts.text import Text

BOX_MM = 7
BETWEEN_MM = 3


class Point(Part):
    """The box stands beside the first line of the words."""

    text = StringProperty("")
    boxed = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self.box = Icon(side_mm=BOX_MM, line="accent")
        self.words = Text(type_size="body")
        super().__init__(**kwargs)
        self.add_widget(self.box)
        self.add_widget(self.words)
        self.fbind("text", self.words.setter("text"))
        self.fbind("boxed", self._dress)
        for name in ("size", "pos", "boxed", "level", "text"):
            self.fbind(name, self._draw)
        self._dress()

    def measure(self, width: float, level: int) -> float:
        return self.words.measure(width - self._inset(), level)

    def clear(self) -> None:
        self.text = ""

    def _inset(self) -> float:
        return float(self.theme.mm(BOX_MM + BETWEEN_MM)) if self.boxed else 0

    def _dress(self, *_: object) -> None:
        self.box.name, self.box.shown = "box" if self.boxed else "", self.boxed
        self.changed()

    def _draw(self, *_: object) -> None:
        side, first = self.theme.mm(BOX_MM), self.words.leading(self.level)
        place(self.box, self.x, self.upper - first / 2 - side / 2, side, side, 0)
        place(self.words, self.x + self._inset(), self.y, self.width - self._inset(), self.height, self.level)
