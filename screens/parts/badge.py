"""The one big sign of a result or a refusal, on a pale disc."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.prompts import Tone
from screens.parts.column import Column, place
from screens.parts.sign import Sign

SIGNS = {
    Tone.GOOD: ("check", "good", "good_pale"),
    Tone.WAITING: ("waiting", "warn", "warn_pale"),
    Tone.BAD: ("stop", "bad", "bad_pale"),
    Tone.PLAIN: ("info", "accent", "accent_pale"),
}


class Badge(Column):
    """A tone as a sign."""

    tone = StringProperty(Tone.PLAIN.value)

    def __init__(self, **kwargs: Any) -> None:
        self.sign = Sign()
        super().__init__(width_mm=self.side_mm, **kwargs)
        self.add_widget(self.sign)
        self.fbind("tone", self._dress)
        self._dress()

    @property
    def side_mm(self) -> float:
        return 16 if self.theme.compact else 28

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self.side_mm)

    def lay_out(self) -> None:
        """A disc on the left, however wide and high the room is."""
        side = min(self.theme.mm(self.side_mm), *self.size)
        place(self.sign, self.x, self.middle_y - side / 2, side, side, 0)

    def _dress(self, *_: object) -> None:
        self.sign.name, self.sign.tone, self.sign.fill = SIGNS[Tone(self.tone)]
