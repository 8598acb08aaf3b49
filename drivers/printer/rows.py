"""A slip laid out for one paper: rows that fit, before they become bytes."""

from __future__ import annotations

import enum

import msgspec


class Paper(enum.Enum):
    """Paper by its width in millimetres: dots of the head (203 dpi) and columns of 12 dots."""

    MM_58 = (58, 384, 32)
    MM_80 = (80, 576, 48)

    def __init__(self, width_mm: int, dots: int, columns: int) -> None:
        self.width_mm = width_mm
        self.dots = dots
        self.columns = columns

    @classmethod
    def of_width(cls, width_mm: int) -> Paper:
        """Raises ValueError for a paper no printer of ours takes."""
        for paper in cls:
            if paper.width_mm == width_mm:
                return paper
        raise ValueError(f"paper width must be 58 or 80 mm, not {width_mm}")


class Size(enum.Enum):
    """Times normal width and height.  Chinese ROMs know no steps between."""

    NORMAL = (1, 1)
    TALL = (1, 2)
    DOUBLE = (2, 2)

    @property
    def across(self) -> int:
        return int(self.value[0])

    @property
    def down(self) -> int:
        return int(self.value[1])


class TextRow(msgspec.Struct, frozen=True):
    """One printed line; `text` fits the paper at its size."""

    text: str
    size: Size = Size.NORMAL
    bold: bool = False
    centred: bool = False


class BlankRow(msgspec.Struct, frozen=True):
    """Empty paper, in dots."""

    dots: int


class QrRow(msgspec.Struct, frozen=True):
    """A QR code in the middle, `module` dots a module."""

    text: str
    module: int


Row = TextRow | BlankRow | QrRow
