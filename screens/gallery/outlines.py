"""How far the font's own outlines reach: what turns the ink of any text into the height of a capital.

A Chinese character is higher than a capital (in Noto Sans CJK about 0.92 em against 0.733), a comma lower; so the
height of a line's ink alone tells little.  Divided by what its outlines span in em, it tells the size of the type.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]


class Span(NamedTuple):
    """In em, from where the line begins and from its base line."""

    left: float
    lower: float
    right: float
    upper: float
    advance: float
    """Where a next glyph would begin."""

    @property
    def beside(self) -> float:
        """What a drawn line has left and right of its ink; it is made wider for ink that hangs over."""
        return max(0, self.left) + max(0, self.advance - self.right)

    @property
    def high(self) -> float:
        return self.upper - self.lower


class Bounds(NamedTuple):
    """Of one glyph, in em; `advance` is where the next one begins."""

    left: float
    lower: float
    right: float
    upper: float
    advance: float


class Outlines:
    """Of one font file's first face."""

    def __init__(self, file: Path) -> None:
        self._font: Any = TTCollection(file, lazy=True)[0]
        self._glyphs, self._characters = self._font.getGlyphSet(), self._font.getBestCmap()
        self._em = self._font["head"].unitsPerEm
        self._known: dict[str, Bounds] = {}

    @cached_property
    def capital(self) -> float:
        """Height of a capital letter, in em."""
        return float(self._font["OS/2"].sCapHeight / self._em)

    @cached_property
    def under(self) -> float:
        """From the lower edge of a drawn line to its base line, as a part of the line's height."""
        head = self._font["hhea"]
        return float(-head.descent / (head.ascent - head.descent))

    @cached_property
    def line(self) -> float:
        """Height of a drawn line, in em."""
        head = self._font["hhea"]
        return float((head.ascent - head.descent) / self._em)

    def span(self, text: str) -> Span | None:
        """What the ink of a line reaches over.  None: it has no ink."""
        at, placed = 0.0, []
        for char in text:
            bounds = self._bounds(char)
            if bounds.right > bounds.left:
                placed.append((at + bounds.left, at + bounds.right, bounds.lower, bounds.upper))
            at += bounds.advance
        if not placed:
            return None
        lefts, rights, lowers, uppers = zip(*placed, strict=True)
        return Span(min(lefts), min(lowers), max(rights), max(uppers), at)

    def _bounds(self, char: str) -> Bounds:
        known = self._known.get(char)
        if known is None:
            known = self._known[char] = self._measured(char)
        return known

    def _measured(self, char: str) -> Bounds:
        glyph = self._glyphs[self._characters[ord(char)]]
        pen = BoundsPen(self._glyphs)
        glyph.draw(pen)
        left, lower, right, upper = pen.bounds or (0, 0, 0, 0)
        return Bounds(*(value / self._em for value in (left, lower, right, upper, glyph.width)))
