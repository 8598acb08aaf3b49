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
        self.words = Text(type_size="caption" if theme().compact else "body", colour="ink_soft")
        self.number = Text(type_size="number", bold=True, colour="accent", one_line=True)
        super().__init__(padding_mm=[5, 2], **kwargs)
        for part in (self.sign, self.words, self.number):
            self.add_widget(part)

    def dress(self, words: str, number: str) -> None:
        self.words.text, self.number.text = words, number

    def measure(self, width: float, level: int) -> float:
        words, number = self._heights(width, level)
        return (max(words, number) if self.theme.compact else words + number) + 2 * self.theme.mm(self.padding_mm[1])

    def lay_out(self) -> None:
        """The number under the words; beside them where every millimetre is wanted."""
        side, edge = sign_px(self.theme), self.theme.mm(self.padding_mm[0])
        words, number = self._heights(self.width, self.level)
        place(self.sign, self.x + edge, self.middle_y - side / 2, side, side, 0)
        left, room = self.outer - edge - self._room(self.width), self._room(self.width)
        if self.theme.compact:
            figures = self.number.width_needed(0) + 1
            place(self.words, left, self.middle_y - words / 2, room - figures, words, self.level)
            place(self.number, left + room - figures, self.middle_y - number / 2, figures, number, 0)
            return
        top = self.middle_y + (words + number) / 2
        place(self.words, left, top - words, room, words, self.level)
        place(self.number, left, top - words - number, room, number, 0)

    def _heights(self, width: float, level: int) -> tuple[float, float]:
        room = self._room(width)
        beside = self.number.width_needed(0) + 1 if self.theme.compact else 0
        return self.words.measure(room - beside, level), self.number.measure(room, 0)

    def _room(self, width: float) -> float:
        return float(self.inner_width(width) - sign_px(self.theme) - self.theme.mm(4))
