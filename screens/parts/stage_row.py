"""A step of something that takes weeks: its sign, its name, and how it stands with it."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from kiosk.prompts import StageState
from screens.parts.column import place
from screens.parts.fact import Fact
from screens.parts.picture import Icon

SIGNS = {
    StageState.DONE: ("check", "good"),
    StageState.NOW: ("working", "accent"),
    StageState.NEXT: ("more", "ink_soft"),
    StageState.FAILED: ("stop", "bad"),
}
"""Drawing and colour; the words beside it say the same."""
SIDE_MM, BETWEEN_MM = 7, 2.5


class StageRow(Fact):
    """As a fact in a table, with a sign before it."""

    state = StringProperty(StageState.NEXT.value)
    share = 0.52

    def __init__(self, **kwargs: Any) -> None:
        self.sign = Icon(side_mm=SIDE_MM)
        super().__init__(**kwargs)
        self.add_widget(self.sign)
        self.fbind("state", self._dress)
        self._dress()

    def clear(self) -> None:
        super().clear()
        self.state = StageState.NEXT.value

    def name_room(self, width: float) -> float:
        return super().name_room(width) - self._indent

    def measure(self, width: float, level: int) -> float:
        return max(self.theme.mm(SIDE_MM), super().measure(width, level))

    @property
    def _indent(self) -> float:
        return float(self.theme.mm(SIDE_MM + BETWEEN_MM))

    def _draw(self, *_: object) -> None:
        super()._draw()
        side = self.theme.mm(SIDE_MM)
        place(self.sign, self.x, self.middle_y - side / 2, side, side, 0)
        self.name.x = round(self.x + self._indent)

    def _dress(self, *_: object) -> None:
        self.sign.name, self.sign.line = SIGNS[StageState(self.state)]
