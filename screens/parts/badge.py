"""The one big sign of a result or a refusal, on a pale disc."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.prompts import Tone
from screens.parts.column import place
from screens.parts.picture import Icon
from screens.parts.surface import Surface

SIGNS = {
    Tone.GOOD: ("check", "good", "good_pale"),
    Tone.WAITING: ("waiting", "warn", "warn_pale"),
    Tone.BAD: ("stop", "bad", "bad_pale"),
    Tone.PLAIN: ("info", "accent", "accent_pale"),
}


class Badge(Surface):
    """A tone as a sign."""

    tone = StringProperty(Tone.PLAIN.value)

    def __init__(self, **kwargs: Any) -> None:
        self.sign = Icon()
        super().__init__(edge="", corner_mm=100, width_mm=self.side_mm, **kwargs)
        self.add_widget(self.sign)
        self.fbind("tone", self._dress)
        self._dress()

    @property
    def side_mm(self) -> float:
        return 16 if self.theme.compact else 28

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self.side_mm)

    def lay_out(self) -> None:
        self.sign.side_mm = self.side_mm * 0.6
        place(self.sign, self.x, self.y, self.width, self.height, 0)

    def _paint(self, *_: object) -> None:
        """A disc, however wide the room is."""
        side = min(self.theme.mm(self.side_mm), self.height)
        if side > 1 and self.size[0] > side:
            self.width = side
        super()._paint()

    def _dress(self, *_: object) -> None:
        self.sign.name, self.sign.line, self.fill = SIGNS[Tone(self.tone)]
