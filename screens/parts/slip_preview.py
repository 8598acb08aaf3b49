"""The slip as a picture of paper, so that a person without paper has seen it, and one with it knows what to look for.

A picture and not a page: its type may be smaller than the least size of what must be read on the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from kivy.clock import Clock
from kivy.core.text import Label as Ink
from kivy.graphics import Color, Line, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, ObjectProperty

from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Item, Paragraph, QrCode, Rule, Slip
from screens.parts.part import Part, font
from screens.parts.qr import qr
from screens.wrap import wrap

COLUMNS = (14, 16, 18, 20, 22, 24)
"""Chinese characters on a line of the picture: as many as give the largest type."""
LEADING = 1.4
TRIAL_EM = 20
HEADING = 1.45
QR_EM = 6
MARGIN_EM = 1.2
DASHES = 3
PAPER, INK = (1, 1, 1, 1), (0, 0, 0, 1)
"""In every look: that is how it comes out of the slot."""


class Inked(NamedTuple):
    """Something on the paper: how it is rendered (None: it is a rule), and its place from the top left corner."""

    render: Callable[[], Texture] | None
    x: float
    top: float
    width: float
    height: float


class SlipPreview(Part):
    """Draws `slip`, whole, as large as its room allows."""

    slip = ObjectProperty(None, allownone=True)
    paper_mm = NumericProperty(80)
    """The paper's width."""

    def __init__(self, **kwargs: Any) -> None:
        import qrcode  # noqa: F401, PLC0415 - loads all of Pillow: not at the start, and not when a slip is waited for

        super().__init__(**kwargs)
        later = Clock.create_trigger(self._draw, -1)
        for name in ("slip", "size", "pos"):
            self.fbind(name, later)

    def measure(self, width: float, level: int) -> float:
        return 0

    def clear(self) -> None:
        self.slip = None

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if self.slip is None or min(self.size) < self.theme.mm(30):
            return
        em, columns = max(self._em(columns) for columns in COLUMNS)
        inked, height = set_type(self.slip, -columns, em)
        self._draw_paper(inked, (2 * MARGIN_EM - columns) * em, height, em)

    def _em(self, columns: int) -> tuple[float, int]:
        """The size of type with which the whole slip fits at so many columns; of equals, the fewest columns win."""
        _, height = set_type(self.slip, columns, TRIAL_EM)
        by_width = min(self.width, self.theme.mm(self.paper_mm)) / (columns + 2 * MARGIN_EM)
        return round(min(by_width, self.height / height * TRIAL_EM) - 0.25, 1), -columns

    def _draw_paper(self, inked: list[Inked], width: float, height: float, em: float) -> None:
        x, top = round(self.middle_x - width / 2), round(self.middle_y + height / 2)
        with self.canvas:
            Color(*PAPER)
            Rectangle(pos=(x, top - height), size=(width, height))
            Color(*self.theme.colour("line"))
            Line(rectangle=(x, top - height, width, height), width=1)
            for mark in inked:
                left, lower = x + MARGIN_EM * em + mark.x, top - mark.top - mark.height
                self._draw_mark(mark, left, lower)

    def _draw_mark(self, mark: Inked, x: float, y: float) -> None:
        if mark.render is not None:
            Color(*INK)
            Rectangle(texture=mark.render(), pos=(round(x), round(y)), size=(mark.width, mark.height))
            return
        Color(*self.theme.colour("ink_soft"))
        middle = y + mark.height / 2
        for start in range(0, round(mark.width), 2 * DASHES):
            Rectangle(pos=(x + start, round(middle)), size=(DASHES, 1))


def set_type(slip: Slip, columns: int, em: float) -> tuple[list[Inked], float]:
    """Everything on the paper, and how long it is, in pixels."""
    compositor = _Compositor(columns * em, em)
    for line in slip.lines:
        compositor.add(line)
    return compositor.inked, compositor.top + MARGIN_EM * em


class _Compositor:
    def __init__(self, width: float, em: float) -> None:
        self.width, self.em = width, em
        self.top = MARGIN_EM * em
        self.inked: list[Inked] = []

    def add(self, line: object) -> None:
        match line:
            case Heading(text):
                self._text(text, scale=HEADING, bold=True, centred=True)
            case Centred(text):
                self._text(text, centred=True)
            case Paragraph(text, strong):
                self._text(text, bold=strong)
            case Field(label, value, strong):
                self._field(label, value, bold=strong)
            case Item(text):
                self._text(f"□ {text}")
            case Emphasis(text):
                self._text(text, scale=1.2, bold=True)
            case Rule():
                self._mark(None, 0, self.width, self.em * 0.8)
            case Gap():
                self.top += self.em * 0.7
            case QrCode(text):
                side = self.em * QR_EM
                self.top += self.em * 0.5
                self._mark(partial(qr, text), (self.width - side) / 2, side, side)

    def _mark(self, render: Callable[[], Texture] | None, x: float, width: float, height: float) -> None:
        self.inked.append(Inked(render, x, self.top, width, height))
        self.top += height

    def _text(self, text: str, *, scale: float = 1, bold: bool = False, centred: bool = False) -> None:
        measured = _ink("", self.em * scale, bold)
        for line in wrap(font().drawable(text), self.width, lambda part: measured.get_extents(part)[0]):
            self._line(line, 0, scale, bold, centred)
            self.top += self.em * scale * LEADING

    def _field(self, label: str, value: str, *, bold: bool) -> None:
        """The label, then the value one column further, wrapped beside it."""
        measured = _ink("", self.em, bold)
        self._line(label, 0, 1, False, False)
        left = measured.get_extents(label)[0] + self.em
        room = max(self.em * 5, self.width - left)
        for line in wrap(font().drawable(value), room, lambda part: measured.get_extents(part)[0]):
            self._line(line, self.width - room, 1, bold, False)
            self.top += self.em * LEADING

    def _line(self, text: str, x: float, scale: float, bold: bool, centred: bool) -> None:
        ink = _ink(text, self.em * scale, bold)
        width, height = ink.get_extents(text)
        if not width:
            return
        left = (self.width - width) / 2 if centred else x
        top = self.top + (self.em * scale * LEADING - height) / 2
        self.inked.append(Inked(partial(_inked, ink), left, top, width, height))


def _inked(ink: Ink) -> Texture:
    ink.refresh()
    return ink.texture


def _ink(text: str, size: float, bold: bool) -> Ink:
    return Ink(text=text, font_size=size, bold=bold, font_hinting=None)
