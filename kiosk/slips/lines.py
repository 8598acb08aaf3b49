"""What a slip is made of: lines as data, never bytes.  Columns are the printer's business."""

from __future__ import annotations

import msgspec


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """Centred, double size."""

    text: str


class Centred(msgspec.Struct, frozen=True, tag="centred"):
    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Wrapped at the paper's width.  `strong` is bold."""

    text: str
    strong: bool = False


class Field(msgspec.Struct, frozen=True, tag="field"):
    """A label and its value, e.g. 持卡人 / 韦*.  `strong` is bold and double height."""

    label: str
    value: str
    strong: bool = False


class Item(msgspec.Struct, frozen=True, tag="item"):
    """Something to bring or to do, behind a box to tick."""

    text: str


class Emphasis(msgspec.Struct, frozen=True, tag="emphasis"):
    """The sentence that matters most, double height and bold."""

    text: str


class Rule(msgspec.Struct, frozen=True, tag="rule"):
    """A line across the paper."""


class Gap(msgspec.Struct, frozen=True, tag="gap"):
    """One empty line."""


class QrCode(msgspec.Struct, frozen=True, tag="qr"):
    """Plain text for a clerk's scanner: a random reference and the chain code, never a link."""

    text: str


Line = Heading | Centred | Paragraph | Field | Item | Emphasis | Rule | Gap | QrCode


class Slip(msgspec.Struct, frozen=True, tag="slip"):
    """One piece of paper.  `large` prints everything at least double height."""

    lines: tuple[Line, ...]
    large: bool = False
    name: str = ""
    """Its kind, for the journal, such as `loss_registered`."""
