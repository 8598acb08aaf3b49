"""A fact in a table: its name on the left, what it is on the right."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import StringProperty

from screens.parts.column import place
from screens.parts.part import Part, theme
from screens.parts.text import LAST_LEVEL, Text

NAME_SHARE = 0.4
AIR_MM, TIGHT_AIR_MM = 4, 0.8
"""Above and below; the second where a page has no room left for air."""


class Fact(Part):
    """The first of a leaf has no line above it."""

    label = StringProperty("")
    value = StringProperty("")
    share = NAME_SHARE
    """Of the width, for the name."""

    def __init__(self, **kwargs: Any) -> None:
        size = "caption" if theme().compact else "body"
        self.name = Text(type_size=size, colour="ink_soft")
        self.said = Text(type_size=size, bold=True)
        super().__init__(**kwargs)
        self.add_widget(self.name)
        self.add_widget(self.said)
        self.fbind("label", self.name.setter("text"))
        self.fbind("value", self.said.setter("text"))
        for name in ("size", "pos", "first", "level"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        name = self.name.measure(self.name_room(width), level)
        said = self.said.measure(width * (1 - self.share), level)
        tight = self.theme.compact or level == LAST_LEVEL
        return max(name, said) + 2 * self.theme.mm(TIGHT_AIR_MM if tight else AIR_MM)

    def name_room(self, width: float) -> float:
        return width * self.share

    def clear(self) -> None:
        self.label = self.value = ""

    def _draw(self, *_: object) -> None:
        left = round(self.width * self.share)
        place(self.name, self.x, self.y, self.name_room(self.width), self.height, self.level)
        place(self.said, self.x + left, self.y, self.width - left, self.height, self.level)
        self.canvas.before.clear()
        if self.first:
            return
        with self.canvas.before:
            Color(*self.theme.colour("line"))
            # In its own air: the g and y of what stands above reach into the gap.
            Rectangle(pos=(self.x, self.upper - 1), size=(self.width, 1))
