"""Glyphs as a thermal head draws them: cells of 12 or 24 dots, black or white, enlarged dot by dot."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

CELL = 24
"""Dots: the height of every glyph, and the width of a Chinese one."""

COLUMN = 12
"""Dots: the width of an ASCII glyph."""

_FONT = "NotoSansCJK-Regular.ttc"
_MONO_SC = 7
"""Index of Noto Sans Mono CJK SC in the collection: ASCII exactly half as wide as Chinese."""


class _Face(NamedTuple):
    """Noto at a size, and the row of its baseline."""

    size: int
    baseline: int


_FACES = {2: _Face(24, 21), 1: _Face(21, 18)}
"""By columns.  A Chinese em box is 880 above and 120 below the baseline.  Latin hangs deeper, g and brackets beyond the
box: smaller and higher, as in the ROM of a real head, every character stands in its cell whole."""

_INK = 112
"""Grey from which a dot is burnt; a little below the middle, as the heat spreads."""


@lru_cache(maxsize=len(_FACES))
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size, index=_MONO_SC, layout_engine=ImageFont.Layout.BASIC)


def font_file() -> Path:
    """Where the machine has it."""
    return Path(str(_font(CELL).path))


@lru_cache(maxsize=4096)
def glyph(text: str, columns: int, *, bold: bool) -> Image.Image:
    """Mask of one character: 255 where a dot is burnt."""
    face = _FACES[columns]
    grey = Image.new("L", (columns * COLUMN, CELL), 0)
    middle = columns * COLUMN // 2
    draw = ImageDraw.Draw(grey)
    for shift in (0, 1) if bold else (0,):  # emphasised printing burns every dot twice, one dot apart
        draw.text((middle + shift, face.baseline), text, fill=255, font=_font(face.size), anchor="ms")
    return grey.point(lambda level: 255 if level >= _INK else 0)


def enlarged(mask: Image.Image, across: int, down: int) -> Image.Image:
    return mask.resize((mask.width * across, mask.height * down), Image.Resampling.NEAREST)
