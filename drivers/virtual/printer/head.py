"""The print head: one line at a time, in the styles the commands set."""

from __future__ import annotations

import enum

import msgspec
from PIL import Image

from drivers.virtual.printer.glyphs import CELL, COLUMN, enlarged, glyph
from drivers.virtual.printer.rom import Glyph

DEFAULT_SPACING = 30
"""Dots from line to line after ESC @ (ESC 2: 1/6 inch less the gap of a 203 dpi head)."""


class Align(enum.IntEnum):
    LEFT = 0
    CENTRE = 1
    RIGHT = 2


class Style(msgspec.Struct):
    """What ESC @ resets.  Sizes count times normal; ASCII and Chinese can differ (ESC !, FS !)."""

    ascii_across: int = 1
    ascii_down: int = 1
    chinese_across: int = 1
    chinese_down: int = 1
    bold: bool = False
    underline: bool = False
    align: Align = Align.LEFT
    spacing: int = DEFAULT_SPACING

    def scale(self, columns: int) -> tuple[int, int]:
        if columns == 1:
            return self.ascii_across, self.ascii_down
        return self.chinese_across, self.chinese_down


class LineBuffer:
    """Characters waiting for a line feed, as masks on one baseline."""

    def __init__(self, dots: int) -> None:
        self._dots = dots
        self._masks: list[Image.Image] = []
        self._text: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._masks)

    def has_room(self, character: Glyph, style: Style) -> bool:
        across, _ = style.scale(character.columns)
        return self._width + character.columns * COLUMN * across <= self._dots

    def add(self, character: Glyph, style: Style) -> None:
        mask = enlarged(glyph(character.text, character.columns, bold=style.bold), *style.scale(character.columns))
        if style.underline:
            mask.paste(255, (0, mask.height - 1, mask.width, mask.height))
        self._masks.append(mask)
        self._text.append(character.text)

    def take(self, style: Style) -> tuple[Image.Image, str]:
        """The line as a strip of paper, at least one line spacing high; the buffer is empty afterwards."""
        height = max((mask.height for mask in self._masks), default=CELL)
        strip = Image.new("L", (self._dots, max(height, style.spacing)), 0)
        x = margin(self._width, self._dots, style.align)
        for mask in self._masks:
            strip.paste(mask, (x, height - mask.height))
            x += mask.width
        text = "".join(self._text)
        self.clear()
        return strip, text

    def clear(self) -> None:
        self._masks.clear()
        self._text.clear()

    @property
    def _width(self) -> int:
        return sum(mask.width for mask in self._masks)


def margin(width: int, dots: int, align: Align) -> int:
    """Dots left of something `width` wide."""
    match align:
        case Align.LEFT:
            return 0
        case Align.CENTRE:
            return max(0, (dots - width) // 2)
        case Align.RIGHT:
            return max(0, dots - width)
