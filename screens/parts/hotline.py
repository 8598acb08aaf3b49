"""12333 in figures that can be read from a step away."""

from __future__ import annotations

from typing import Any

from screens.parts.card_row import sign_px
from screens.parts.column import place
from screens.parts.part import theme
from screens.parts.sign import Sign
from screens.parts.surface import Surface
from screens.parts.text import Text


class Hotline(Surface):
    """A telephone, what the number is for, and the number."""

    def __init__(self, **kwargs: Any) -> None:
        tone = "ink" if theme().compact else "accent"
        self.sign = Sign(name="phone", tone=tone, bare=theme().compact)
        self.words = Text(type_size="caption", colour="ink_soft")
        self.number = Text(type_size="number", bold=True, colour="accent", one_line=True)
        super().__init__(padding_mm=[5, 2], **kwargs)
        for part in (self.sign, self.words, self.number):
            self.add_widget(part)

    def dress(self, words: str, number: str) -> None:
        self.words.text, self.number.text = words, number

    def measure(self, width: float, level: int) -> float:
        room = self._room(width)
        return self.words.measure(room, level) + self.number.measure(room, 0) + 2 * theme().mm(self.padding_mm[1])

    def lay_out(self) -> None:
        room, side = self._room(self.width), sign_px()
        words, number = self.words.measure(room, self.level), self.number.measure(room, 0)
        left, top = self.x + theme().mm(self.padding_mm[0]), self.middle_y + (words + number) / 2
        place(self.sign, left, self.middle_y - side / 2, side, side, 0)
        place(self.words, self.outer - theme().mm(self.padding_mm[0]) - room, top - words, room, words, self.level)
        place(self.number, self.outer - theme().mm(self.padding_mm[0]) - room, top - words - number, room, number, 0)

    def _room(self, width: float) -> float:
        return float(self.inner_width(width) - sign_px() - theme().mm(4))
