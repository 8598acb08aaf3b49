"""Text in a size of the theme, broken into lines by our own rules; never cut off, never under the least size."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as Line
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.unbroken import cut
from screens.parts.part import Part, font
from screens.parts.picture import exact
from screens.theme import LEADING_EM, TIGHT_LEADING_EM
from screens.wrap import wrap

SMALLER = {
    "number": ("number", "title", "title"),
    "key": ("key", "title", "body"),
    "title": ("title", "title", "body"),
    "tile": ("tile", "body", "caption"),
    "body": ("body", "caption", "caption"),
    "caption": ("caption", "caption", "caption"),
}
"""The size a text has at each level."""

LAST_LEVEL = 2


class Text(Part):
    """`type_size`: a size of `theme.Type`.  `colour`: a name of `theme.Colours`."""

    text = StringProperty("")
    type_size = OptionProperty("body", options=tuple(SMALLER))
    bold = BooleanProperty(False)
    colour = StringProperty("ink")
    align = OptionProperty("left", options=("left", "center", "right"))
    one_line = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self._broken: dict[tuple[float, int], list[str]] = {}
        """The text in lines for a width and a level: a page that is laid out asks again and again."""
        self._long: dict[int, float] = {}
        """On one line, for a level."""
        super().__init__(**kwargs)
        for name in ("text", "type_size", "bold", "one_line"):
            self.fbind(name, self._retext)
        for name in ("level", "size", "pos", "colour", "align"):
            self.fbind(name, self._draw)
        self._draw()

    def font_px(self, level: int) -> int:
        return self.theme.font(SMALLER[self.type_size][level])

    def leading(self, level: int) -> int:
        return round(self.font_px(level) * (TIGHT_LEADING_EM if level == LAST_LEVEL else LEADING_EM))

    def lines(self, width: float, level: int) -> list[str]:
        if (width, level) not in self._broken:
            self._broken[width, level] = self._break(width, level)
        return self._broken[width, level]

    def _break(self, width: float, level: int) -> list[str]:
        text = font().drawable(self.text)
        line = self._line("", level)

        def measure(part: str) -> float:
            # extents are whole pixels: words side by side are wider than their sum
            return float(line.get_extents(part)[0]) + (1 if len(part) > 1 else 0)

        return [text] if self.one_line else wrap(text, width, measure)

    def measure(self, width: float, level: int) -> float:
        return len(self.lines(width, level)) * self.leading(level) if self.text else 0

    def width_needed(self, level: int) -> float:
        """On one line, in pixels."""
        if level not in self._long:
            self._long[level] = float(self._line("", level).get_extents(font().drawable(self.text))[0])
        return self._long[level]

    def broken(self, width: float, level: int) -> list[str]:
        """Words for which a line has no room."""
        return cut(self.text, self.lines(width, level))

    def clear(self) -> None:
        self.text = ""

    def _line(self, text: str, level: int) -> Line:
        return Line(text=text, font_size=self.font_px(level), bold=self.bold, font_hinting=None)

    def _retext(self, *_: object) -> None:
        self._broken.clear()
        self._long.clear()
        self._draw()
        self.changed()

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.text or self.width <= 1:
            return
        leading = self.leading(self.level)
        lines = self.lines(self.width, self.level)
        top = self.middle_y + len(lines) * leading / 2
        with self.canvas:
            Color(*self.theme.colour(self.colour))
            for number, text in enumerate(lines):
                self._draw_line(text, top - number * leading, leading)

    def _draw_line(self, text: str, top: float, leading: int) -> None:
        line = self._line(text, self.level)
        line.refresh()
        if line.texture is None:
            return
        width, height = line.texture.size
        slack = self.width - width
        x = self.x + {"left": 0, "center": slack / 2, "right": slack}[self.align]
        y = top - leading / 2 - height / 2
        Rectangle(texture=exact(line.texture), size=(width, height), pos=(round(x), round(y)))
