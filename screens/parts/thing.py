"""One of the things a person takes along: its picture and its name."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from screens.parts.column import LEVELS, Column, place
from screens.parts.part import theme
from screens.parts.picture import Picture
from screens.parts.surface import Surface
from screens.parts.text import Text


class Thing(Surface):
    """On a white ground."""

    picture = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Picture(stretch=1)
        self.words = Text(bold=True)
        super().__init__(padding_mm=[3, 4], **kwargs)
        self.add_widget(self.drawing)
        self.add_widget(self.words)
        self.fbind("picture", self._dress)

    def lay_out(self) -> None:
        """Picture above the words, or beside them where it is wide."""
        wide = self.width >= 1.5 * self.height
        self.words.type_size = "tile" if wide or theme().panel.portrait else "caption"
        self.words.align = "left" if wide else "center"
        if not wide:
            super().lay_out()
            return
        side, edge = self.theme.mm(10), self.theme.mm(3)
        half = (self.width - 3 * side) / 2
        place(self.drawing, self.x + side, self.y + edge, half, self.height - 2 * edge, 0)
        fits = (level for level in LEVELS if self.words.measure(half, level) <= self.height)
        place(self.words, self.x + half + 2 * side, self.y, half, self.height, next(fits, LEVELS[-1]))

    def dress(self, words: str) -> None:
        self.words.text = words

    def _dress(self, *_: object) -> None:
        self.drawing.name = self.picture


class Things(Column):
    """Side by side; upright, one below the other."""

    def measure(self, width: float, level: int) -> float:
        if self.theme.panel.portrait:
            return super().measure(width, level)
        return max((part.measure(self._share(width), level) for part in self.parts()), default=0)

    def _share(self, width: float) -> float:
        parts = self.parts()
        return (width - self.theme.length("gap") * (len(parts) - 1)) / len(parts)

    def lay_out(self) -> None:
        if self.theme.panel.portrait:
            super().lay_out()
            return
        gap, parts = self.theme.length("gap"), self.parts()
        width = self._share(self.width) if parts else 0
        for number, part in enumerate(parts):
            place(part, self.x + number * (width + gap), self.y, width, self.height, self.level)
