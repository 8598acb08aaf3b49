"""Where a person is in a service: as many strokes as steps, and the same in words."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.properties import NumericProperty

from screens.parts.part import Part

STROKE_MM = 1.8
GAP_MM = 2


class StepBar(Part):
    """`number` of `of`; hidden when there are no steps."""

    number = NumericProperty(0)
    of = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("number", "of", "size", "pos"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(STROKE_MM)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.of:
            return
        gap, stroke = self.theme.mm(GAP_MM), self.theme.mm(STROKE_MM)
        width = (min(self.width, self.theme.mm(110)) - gap * (self.of - 1)) / self.of
        with self.canvas:
            for step in range(self.of):
                done = step < self.number
                thick = stroke if done or not self.theme.look.contrasted else round(stroke / 3)
                Color(*self.theme.colour("accent" if done else "line"))
                SmoothRoundedRectangle(
                    pos=(self.x + step * (width + gap), self.middle_y - thick / 2),
                    size=(width, thick),
                    radius=[thick / 2],
                )
