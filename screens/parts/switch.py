"""Something that is on or off: its picture, its name, and a slider with the word for its state."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothEllipse, SmoothRoundedRectangle
from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import LEVELS, Row
from screens.parts.part import Part, theme
from screens.parts.picture import Icon
from screens.parts.surface import Pressable
from screens.parts.text import LAST_LEVEL, Text

KNOB_MM = (15, 8)
STROKE_MM = 0.6


class Knob(Part):
    """A knob on the right of a full track, or on the left of an empty one."""

    on = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width_mm=KNOB_MM[0], **kwargs)
        for name in ("on", "size", "pos"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(KNOB_MM[1])

    def _draw(self, *_: object) -> None:
        width, height = (self.theme.mm(mm) for mm in KNOB_MM)
        line, x, y = self.theme.mm(STROKE_MM), self.x, self.middle_y - height / 2
        disc = height - 4 * line
        self.canvas.clear()
        with self.canvas:
            Color(*self.theme.colour("accent" if self.on else "ink_soft"))
            SmoothRoundedRectangle(pos=(x, y), size=(width, height), radius=[height / 2])
            if not self.on:
                Color(*self.theme.colour("surface"))
                inner = width - 2 * line, height - 2 * line
                SmoothRoundedRectangle(pos=(x + line, y + line), size=inner, radius=[height / 2 - line])
            Color(*self.theme.colour("on_accent" if self.on else "ink_soft"))
            left = x + (width - disc - 2 * line if self.on else 2 * line)
            SmoothEllipse(pos=(left, y + 2 * line), size=(disc, disc))


class LookSwitch(Pressable):
    """Its look is that of now, not of what a press would make of it."""

    name = StringProperty("")
    icon = StringProperty("")
    text = StringProperty("")
    state_text = StringProperty("")
    """开 or 关."""
    on = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        side_mm = 22 if theme().panel.portrait else 15
        self.drawing = Icon(side_mm=11 if theme().compact else side_mm)
        self.words = Text(type_size="tile", bold=True, align="center")
        self.knob = Knob()
        self.said = Text(type_size="caption")
        super().__init__(padding_mm=[2.5, 2.5], gap_mm=2.5, **kwargs)
        self.row = Row(gap_mm=2)
        for part in (self.knob, self.said):
            self.row.add_widget(part)
        for part in (self.drawing, self.words, self.row):
            self.add_widget(part)
        for name in ("icon", "text", "state_text", "on"):
            self.fbind(name, self._dress)
        self._dress()

    def fitting_level(self) -> int:
        """Switches side by side have names of one size, none of them broken within a word."""
        width, names = self.inner_width(self.width), [switch.words for switch in self.parent.parts()]
        whole = (level for level in LEVELS if not any(name.broken(width, level) for name in names))
        return max(super().fitting_level(), next(whole, LAST_LEVEL))

    def lay_out(self) -> None:
        """Slider and word together in the middle."""
        super().lay_out()
        needed = self.theme.mm(KNOB_MM[0] + self.row.gap_mm) + self.said.width_needed(self.said.level) + 2
        width = min(self.row.width, needed)
        self.row.pos = round(self.middle_x - width / 2), self.row.y
        self.row.width = width

    def _dress(self, *_: object) -> None:
        self.drawing.name, self.words.text, self.said.text = self.icon, self.text, self.state_text
        self.knob.on, self.drawing.line = self.on, "accent" if self.on else "ink"
        self.fill, self.edge = ("accent_pale", "accent") if self.on else ("surface", "line")
        self.edge_mm = 0.9 if self.on else 0
