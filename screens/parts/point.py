"""A line of advice: a sentence, something to bring or to do behind a box, or a code that a phone reads."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import place
from screens.parts.part import Part
from screens.parts.picture import Icon
from screens.parts.qr import qr
from screens.parts.text import Text

BOX_MM = 7
BETWEEN_MM = 3
CODE_MM, QUIET_MM = 32, 4
"""White paper and all; a phone reads it at arm's length."""


class Code(Part):
    """Black on white in every look, as phones want it."""

    text = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name in ("text", "size", "pos"):
            self.fbind(name, self._draw)

    def clear(self) -> None:
        self.text = ""

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.text:
            return
        quiet = self.theme.mm(QUIET_MM)
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=self.pos, size=self.size)
            Color(0, 0, 0, 1)
            Rectangle(
                texture=qr(self.text),
                pos=(self.x + quiet, self.y + quiet),
                size=(self.width - 2 * quiet, self.height - 2 * quiet),
            )


class Point(Part):
    """The box stands beside the first line of the words; a code beside all of them."""

    text = StringProperty("")
    boxed = BooleanProperty(False)
    code = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        self.box = Icon(side_mm=BOX_MM, line="accent")
        self.picture = Code()
        self.words = Text(type_size="body")
        super().__init__(**kwargs)
        for part in (self.box, self.picture, self.words):
            self.add_widget(part)
        self.fbind("text", self.words.setter("text"))
        self.fbind("code", self.picture.setter("text"))
        for name in ("boxed", "code"):
            self.fbind(name, self._dress)
        for name in ("size", "pos", "boxed", "code", "level", "text"):
            self.fbind(name, self._draw)
        self._dress()

    def measure(self, width: float, level: int) -> float:
        words = self.words.measure(width - self._inset(), level)
        return max(words, self.theme.mm(CODE_MM)) if self.code else words

    def clear(self) -> None:
        self.text = self.code = ""

    def _inset(self) -> float:
        beside = CODE_MM if self.code else BOX_MM if self.boxed else 0
        return float(self.theme.mm(beside + BETWEEN_MM)) if beside else 0

    def _dress(self, *_: object) -> None:
        self.box.name, self.box.shown = "box" if self.boxed else "", self.boxed
        self.picture.shown = bool(self.code)
        self.changed()

    def _draw(self, *_: object) -> None:
        side, paper, first = self.theme.mm(BOX_MM), self.theme.mm(CODE_MM), self.words.leading(self.level)
        place(self.box, self.x, self.upper - first / 2 - side / 2, side, side, 0)
        place(self.picture, self.x, self.middle_y - paper / 2, paper, paper, 0)
        place(self.words, self.x + self._inset(), self.y, self.width - self._inset(), self.height, self.level)
