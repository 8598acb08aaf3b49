"""Something that is on or off, or stands at one of a few steps: its picture, its name, and how it stands."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle, SmoothEllipse, SmoothRoundedRectangle
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.parts.column import LEVELS, Row
from screens.parts.part import Part, theme
from screens.parts.picture import Icon
from screens.parts.surface import Pressable
from screens.parts.text import LAST_LEVEL, Text

KNOB_MM = (15, 8)
STROKE_MM = 0.6
STEPS_MM, STEP_GAP_MM = 9, 0.8
"""Narrower than a slider: the word beside it is longer."""


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


class Steps(Part):
    """Blocks side by side, as many of them full as it stands high."""

    of = NumericProperty(1)
    at = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width_mm=STEPS_MM, **kwargs)
        for name in ("of", "at", "size", "pos"):
            self.fbind(name, self._draw)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(KNOB_MM[1])

    def _draw(self, *_: object) -> None:
        width, height, gap = (self.theme.mm(mm) for mm in (STEPS_MM, KNOB_MM[1], STEP_GAP_MM))
        line, y = self.theme.mm(STROKE_MM), self.middle_y - height / 2
        each = (width - (self.of - 1) * gap) / self.of
        self.canvas.clear()
        with self.canvas:
            for step in range(int(self.of)):
                x = self.x + step * (each + gap)
                Color(*self.theme.colour("accent" if step < self.at else "ink_soft"))
                Rectangle(pos=(x, y), size=(each, height))
                if step >= self.at:
                    Color(*self.theme.colour("surface"))
                    Rectangle(pos=(x + line, y + line), size=(each - 2 * line, height - 2 * line))


class Setting(Pressable):
    """Its look is that of now, not of what a press would make of it."""

    name = StringProperty("")
    icon = StringProperty("")
    text = StringProperty("")
    state_text = StringProperty("")
    """How it stands, in a word."""

    def __init__(self, meter: Part, **kwargs: Any) -> None:
        side_mm = 22 if theme().panel.portrait else 15
        self.drawing = Icon(side_mm=11 if theme().compact else side_mm)
        self.words = Text(type_size="tile", bold=True, align="center")
        self.meter = meter
        self.said = Text(type_size="caption")
        super().__init__(padding_mm=[2.5, 2.5], gap_mm=2.5, **kwargs)
        self.row = Row(gap_mm=2)
        for part in (self.meter, self.said):
            self.row.add_widget(part)
        for part in (self.drawing, self.words, self.row):
            self.add_widget(part)
        for name in ("icon", "text", "state_text"):
            self.fbind(name, self._dress)
        self._dress()

    def fitting_level(self) -> int:
        """Those side by side have names of one size, none of them broken within a word."""
        width, names = self.inner_width(self.width), [setting.words for setting in self.parent.parts()]
        whole = (level for level in LEVELS if not any(name.broken(width, level) for name in names))
        return max(super().fitting_level(), next(whole, LAST_LEVEL))

    def lay_out(self) -> None:
        """Meter and word together in the middle."""
        super().lay_out()
        needed = self.theme.mm(self.meter.width_mm + self.row.gap_mm) + self.said.width_needed(self.said.level) + 2
        width = min(self.row.width, needed)
        self.row.pos = round(self.middle_x - width / 2), self.row.y
        self.row.width = width

    def _dress(self, *_: object) -> None:
        self.drawing.name, self.words.text, self.said.text = self.icon, self.text, self.state_text


class Toggle(Setting):
    """On or off."""

    on = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Knob(), **kwargs)
        self.fbind("on", self._light)
        self._light()

    def _light(self, *_: object) -> None:
        self.meter.on, self.drawing.line = self.on, "accent" if self.on else "ink"
        self.fill, self.edge = ("accent_pale", "accent") if self.on else ("surface", "line")
        self.edge_mm = 0.9 if self.on else 0


class Dial(Setting):
    """One of a few steps; pressed, the next, and after the last the first."""

    of = NumericProperty(1)
    at = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Steps(), **kwargs)
        self.fill, self.edge = "surface", "line"
        for name in ("of", "at"):
            self.fbind(name, self._turn)
        self._turn()

    def _turn(self, *_: object) -> None:
        self.meter.of, self.meter.at = self.of, self.at
