"""The line at the top: where this terminal stands, the time, whether the office is reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle, SmoothEllipse
from kivy.properties import BooleanProperty

from kiosk.contract import Text as Words
from kiosk.words import language, msg, stated
from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.text import Text

DOT_MM = 3.6
TICK_S = 1
"""How often the clock is looked at."""


class StatusLine(Part):
    """`now` gives wall time."""

    online = BooleanProperty(False)

    def __init__(self, place_name: Words, now: Callable[[], dt.datetime], **kwargs: Any) -> None:
        self._place, self._now = place_name, now
        self.place_name = Text(type_size="caption", bold=True, one_line=True)
        self.time = Text(type_size="caption", one_line=True, align="right")
        self.line = Text(type_size="caption", one_line=True, align="right")
        super().__init__(**kwargs)
        for part in (self.place_name, self.time, self.line):
            self.add_widget(part)
        for name in ("size", "pos", "online"):
            self.fbind(name, self._draw)
        Clock.schedule_interval(self._tell, TICK_S)
        self._tell(0)

    def say(self, code: str, *, online: bool) -> None:
        """Place and state of the line in a language; the dot is full when it is up and hollow when it is not."""
        say = language(code).say
        here, line = say(stated(self._place)), say(msg("screens.online" if online else "screens.offline"))
        if (online, here, line) != (self.online, self.place_name.text, self.line.text):
            self.online, self.place_name.text, self.line.text = online, here, line
            self._draw()

    def changed(self, *_: object) -> None:
        """Its own line: nothing round it moves."""

    def _tell(self, _dt: float) -> None:
        now = f"{self._now():%H:%M}"
        if now != self.time.text:
            self.time.text = now
            self._draw()

    def _draw(self, *_: object) -> None:
        edge, gap, dot = self.theme.margin, self.theme.mm(4), self.theme.mm(DOT_MM)
        state, time = (text.width_needed(0) + 1 for text in (self.line, self.time))
        right = self.outer - edge
        place(self.line, right - state, self.y, state, self.height, 0)
        right -= state + self.theme.mm(2) + dot
        self._ground(right, dot)
        place(self.time, right - gap - time, self.y, time, self.height, 0)
        place(self.place_name, self.x + edge, self.y, right - gap - time - edge - gap, self.height, 0)

    def _ground(self, x: float, dot: float) -> None:
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*self.theme.colour("surface"))
            Rectangle(pos=self.pos, size=self.size)
            Color(*self.theme.colour("line"))
            Rectangle(pos=self.pos, size=(self.width, 1))
            Color(*self.theme.colour("good" if self.online else "warn"))
            SmoothEllipse(pos=(x, self.middle_y - dot / 2), size=(dot, dot))
            if not self.online:
                ring = dot * 0.5
                Color(*self.theme.colour("surface"))
                SmoothEllipse(pos=(x + (dot - ring) / 2, self.middle_y - ring / 2), size=(ring, ring))
