"""返回 on the left, 求助 and the language on the right: on every page in the same places."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import StringProperty

from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.picture import Icon
from screens.parts.surface import Pressable
from screens.parts.text import Text

ICON_MM = 7.5
BETWEEN_MM = 2.5


class FootKey(Pressable):
    """An icon beside a word or two."""

    text = StringProperty("")
    icon = StringProperty("")
    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Icon(side_mm=ICON_MM, line="ink")
        self.words = Text(type_size="caption", one_line=True)
        super().__init__(fill="ground", **kwargs)
        self.add_widget(self.drawing)
        self.add_widget(self.words)
        for name in ("text", "icon"):
            self.fbind(name, self._dress)
        self._dress()

    def lay_out(self) -> None:
        side, between, words = self.theme.mm(ICON_MM), self.theme.mm(BETWEEN_MM), self.words.width_needed(0) + 1
        left = self.middle_x - (side + between + words) / 2
        place(self.drawing, left, self.middle_y - side / 2, side, side, 0)
        place(self.words, left + side + between, self.y, words, self.height, 0)

    def _dress(self, *_: object) -> None:
        self.drawing.name, self.words.text = self.icon, self.text


class Foot(Part):
    """Keys keep their places, also while 返回 is not there."""

    def __init__(self, **kwargs: Any) -> None:
        self.back = FootKey(icon="back", name="back")
        self.help = FootKey(icon="help", name="help")
        self.language = FootKey(icon="language", name="language")
        super().__init__(**kwargs)
        for key in (self.back, self.help, self.language):
            self.add_widget(key)
        for name in ("size", "pos"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        edge, gap, height = self.theme.margin, self.theme.length("gap"), self.theme.length("key")
        width, lower = self.theme.length("foot_key"), self.middle_y - self.theme.length("key") / 2
        place(self.back, self.x + edge, lower, width, height, 0)
        place(self.language, self.outer - edge - width, lower, width, height, 0)
        place(self.help, self.outer - edge - 2 * width - gap, lower, width, height, 0)
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*self.theme.colour("surface"))
            Rectangle(pos=self.pos, size=self.size)
            Color(*self.theme.colour("line"))
            Rectangle(pos=(self.x, self.upper - 1), size=(self.width, 1))
