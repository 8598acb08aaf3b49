"""How far a piece of work has come, as far as anyone can say."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.properties import NumericProperty

from screens.parts.part import Part

STROKE_MM = 3.2


class WorkBar(Part):
    """`part`: 0 to 1."""

    part = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("part", "size", "pos"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(STROKE_MM)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        with self.canvas:
            for name, share in (("line", 1.0), ("accent", self.part)):
                width = max(self.width * share, self.height)
                Color(*self.theme.colour(name))
                thick = self.height / 3 if name == "line" and self.theme.look.contrasted else self.height
                lower = self.middle_y - thick / 2
                SmoothRoundedRectangle(pos=(self.x, lower), size=(width, thick), radius=[thick / 2])
