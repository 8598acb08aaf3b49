"""A sentence that wants to be seen, on a pale ground with its sign: what went wrong, what is not covered."""

from __future__ import annotations

from typing import Any

from kivy.properties import OptionProperty, StringProperty

from screens.parts.column import place
from screens.parts.picture import Icon
from screens.parts.surface import Surface
from screens.parts.text import Text

SIGNS = {"good": "check", "warn": "warning", "bad": "stop"}
ICON_MM = 9


class Notice(Surface):
    """Hidden while it has nothing to say."""

    text = StringProperty("")
    tone = OptionProperty("warn", options=tuple(SIGNS))

    def __init__(self, **kwargs: Any) -> None:
        self.sign = Icon(side_mm=ICON_MM)
        self.words = Text(type_size="body")
        super().__init__(padding_mm=[4, 3], edge="", **kwargs)
        self.add_widget(self.sign)
        self.add_widget(self.words)
        for name in ("text", "tone"):
            self.fbind(name, self._dress)
        self._dress()

    def measure(self, width: float, level: int) -> float:
        return max(self.theme.mm(ICON_MM), self.words.measure(self._room(width), level)) + 2 * self.theme.mm(
            self.padding_mm[1]
        )

    def lay_out(self) -> None:
        room, left, side = self._room(self.width), self.x + self.theme.mm(self.padding_mm[0]), self.theme.mm(ICON_MM)
        height = self.words.measure(room, self.level)
        place(self.sign, left, self.middle_y - side / 2, side, side, 0)
        place(
            self.words,
            self.outer - self.theme.mm(self.padding_mm[0]) - room,
            self.middle_y - height / 2,
            room,
            height,
            self.level,
        )

    def clear(self) -> None:
        self.text = ""

    def _room(self, width: float) -> float:
        return float(self.inner_width(width) - self.theme.mm(ICON_MM + 3.5))

    def _dress(self, *_: object) -> None:
        self.fill, self.words.colour = f"{self.tone}_pale", self.tone
        self.edge = self.tone if self.theme.look.contrasted else ""
        self.sign.name, self.sign.line = SIGNS[self.tone], self.tone
        self.words.text = self.text
        self.shown = bool(self.text)
