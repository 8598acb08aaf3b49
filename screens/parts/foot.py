"""返回 求助 大字 语音 EN: on every page, every panel and in every look in the same places."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.picture import Icon
from screens.parts.surface import Pressable
from screens.parts.text import Text

ICON_MM = 7.5
BETWEEN_MM = 2


class FootKey(Pressable):
    """An icon beside a word or two.  `on`: what it switches is on."""

    text = StringProperty("")
    icon = StringProperty("")
    name = StringProperty("")
    on = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Icon(side_mm=ICON_MM * self.theme.look.drawn, line="ink")
        self.words = Text(type_size="caption", one_line=True)
        super().__init__(fill="ground", **kwargs)
        self.add_widget(self.drawing)
        self.add_widget(self.words)
        for name in ("text", "icon", "on"):
            self.fbind(name, self._dress)
        self._dress()

    def lay_out(self) -> None:
        between, words = self.theme.mm(BETWEEN_MM), self.words.width_needed(0) + 1
        side = min(self.theme.drawn(ICON_MM), round(self.width - words - between - self.theme.mm(1)))
        left = self.middle_x - (side + between + words) / 2
        place(self.drawing, left, self.middle_y - side / 2, side, side, 0)
        place(self.words, left + side + between, self.y, words, self.height, 0)

    def _dress(self, *_: object) -> None:
        self.drawing.name, self.words.text = self.icon, self.text
        self.drawing.line = self.words.colour = "accent" if self.on else "ink"
        self.words.bold = self.on
        self.fill, self.edge = ("accent_pale", "accent") if self.on else ("ground", "line")
        self.edge_mm = 0.9 if self.on else 0


class Foot(Part):
    """Keys keep their places, also while 返回 is not there."""

    def __init__(self, **kwargs: Any) -> None:
        self.back = FootKey(icon="back", name="back")
        self.help = FootKey(icon="help", name="help")
        self.look = FootKey(icon="look", name="look")
        self.speech = FootKey(icon="speech-off", name="speech")
        self.language = FootKey(icon="language", name="language")
        super().__init__(**kwargs)
        for key in self.keys:
            self.add_widget(key)
        for name in ("size", "pos"):
            self.fbind(name, self._draw)
        self._draw()

    @property
    def keys(self) -> tuple[FootKey, ...]:
        """From left to right."""
        return self.back, self.help, self.look, self.speech, self.language

    def _draw(self, *_: object) -> None:
        edge, gap, height = self.theme.margin, self.theme.length("gap"), self.theme.length("key")
        width = (self.width - 2 * edge - (len(self.keys) - 1) * gap) / len(self.keys)
        for number, key in enumerate(self.keys):
            place(key, self.x + edge + number * (width + gap), self.middle_y - height / 2, width, height, 0)
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*self.theme.colour("surface"))
            Rectangle(pos=self.pos, size=self.size)
            Color(*self.theme.colour("line"))
            Rectangle(pos=(self.x, self.upper - 1), size=(self.width, 1))
