"""How many digits of a PIN have been typed: rings that fill.  Which digits they are is nobody's business here."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothEllipse, SmoothLine
from kivy.properties import NumericProperty, OptionProperty

from screens.parts.part import Part

SIDE_MM, SIDE_UPRIGHT_MM = 8.5, 12
BETWEEN = 0.55
"""Of a ring's width."""
STROKE_MM = 0.5


class Rings(Part):
    """`filled` of `of`."""

    of = NumericProperty(0)
    filled = NumericProperty(0)
    align = OptionProperty("left", options=("left", "center"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("of", "filled", "align", "size", "pos"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        return self._side(width)

    def clear(self) -> None:
        self.filled = 0

    def _side(self, width: float) -> float:
        """As large as planned, unless there are more of them than find room."""
        count = max(1, self.of)
        return float(
            min(
                self.theme.mm(SIDE_UPRIGHT_MM if self.theme.panel.portrait else SIDE_MM),
                width / (count + (count - 1) * BETWEEN),
            )
        )

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        side, stroke = self._side(self.width), self.theme.mm(STROKE_MM)
        step = side * (1 + BETWEEN)
        slack = self.width - self.of * step + side * BETWEEN
        left = self.x + (slack / 2 if self.align == "center" else 0)
        with self.canvas:
            Color(*self.theme.colour("ink"))
            for number in range(self.of):
                x, y = left + number * step, self.middle_y - side / 2
                SmoothLine(circle=(x + side / 2, self.middle_y, side / 2 - stroke), width=stroke / 2)
                if number < self.filled:
                    SmoothEllipse(pos=(x, y), size=(side, side))
