"""How much time is left: a ring that empties once a second, with the seconds in it."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, SmoothLine
from kivy.properties import NumericProperty

from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.text import Text


class CountdownRing(Part):
    """`start` it with a number of seconds."""

    seconds = NumericProperty(0)
    of = NumericProperty(1)
    side_mm = NumericProperty(24)
    stroke_mm = NumericProperty(1.6)

    def __init__(self, **kwargs: Any) -> None:
        self.figure = Text(type_size="body", bold=True, align="center", one_line=True)
        super().__init__(**kwargs)
        self.add_widget(self.figure)
        self._tick = Clock.create_trigger(self._second, 1, interval=True)
        for name in ("seconds", "of", "size", "pos"):
            self.fbind(name, self._draw)
        self.fbind("side_mm", self.setter("width_mm"))
        self.width_mm = self.side_mm

    def start(self, seconds: int) -> None:
        """Count down from here."""
        self.of, self.seconds = max(1, seconds), seconds
        self._draw()
        self._tick.cancel()
        self._tick()

    def stop(self) -> None:
        self._tick.cancel()

    def clear(self) -> None:
        self.stop()
        super().clear()

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self.side_mm)

    def _second(self, _dt: float) -> None:
        self.seconds = max(0, self.seconds - 1)
        if not self.seconds:
            self.stop()

    def _draw(self, *_: object) -> None:
        self.figure.text = str(self.seconds)
        side = min(self.theme.mm(self.side_mm), *self.size)
        place(self.figure, self.middle_x - side / 2, self.middle_y - side / 2, side, side, 0)
        radius, stroke = side / 2 - self.theme.mm(self.stroke_mm), self.theme.mm(self.stroke_mm) / 2
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*self.theme.colour("line"))
            track = stroke / 3 if self.theme.look.contrasted else stroke
            SmoothLine(circle=(self.middle_x, self.middle_y, radius), width=track)
            Color(*self.theme.colour("accent"))
            part = 360 * self.seconds / self.of
            if part:
                SmoothLine(circle=(self.middle_x, self.middle_y, radius, 0, part), width=stroke, cap="round")
