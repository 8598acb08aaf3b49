"""From a slip's lines to rows on paper: wrapping, columns, sizes, white space."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec
import qrcode

from drivers.printer.columns import pad, width, wrap
from drivers.printer.rows import BlankRow, Paper, QrRow, Row, Size, TextRow
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Item, Line, Paragraph, QrCode, Rule, Slip

AIR_DOTS = 12
"""White space round headings, rules and QR codes: 1.5 mm."""

GAP_DOTS = 30
"""One empty line at normal size."""

PARAGRAPH_DOTS = 8
"""Below a paragraph, so that two do not run together."""

GUTTER = 2
"""Columns between a label and its value."""

NARROWEST_VALUE = 10
"""Columns.  With less beside its label, a value goes below it."""

BOX = "□ "
"""Before an item; every font ROM has it, which is not so of the ballot box."""

INDENT = 2
"""Columns a value is set in when it stands below its label."""

LARGEST_MODULE = 6
"""Dots a QR module (0.75 mm): any scanner reads it at arm's length; larger only eats paper."""

QUIET_MODULES = 8
"""Four modules of white on either side (ISO/IEC 18004)."""


class Sizes(msgspec.Struct, frozen=True):
    """Type sizes of one kind of slip."""

    body: Size
    strong: Size
    """Of a field that counts: people look for it without their glasses."""
    emphasis: Size
    heading: Size


ORDINARY = Sizes(body=Size.NORMAL, strong=Size.TALL, emphasis=Size.DOUBLE, heading=Size.DOUBLE)
LARGE = {
    Paper.MM_58: Sizes(body=Size.TALL, strong=Size.TALL, emphasis=Size.DOUBLE, heading=Size.DOUBLE),
    Paper.MM_80: Sizes(body=Size.DOUBLE, strong=Size.DOUBLE, emphasis=Size.DOUBLE, heading=Size.DOUBLE),
}
"""As large as leaves room for an ID number or a time on one line: narrow paper has only 16 columns of double width."""


def lay_out(slip: Slip, paper: Paper) -> tuple[Row, ...]:
    """Rows of `slip`; no text row is wider than `paper`."""
    page = _Page(paper, LARGE[paper] if slip.large else ORDINARY)
    return tuple(row for block in _blocks(slip.lines) for row in page.rows(block))


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Fields that follow each other stand in one table; every other line is alone."""
    for is_field, group in groupby(lines, lambda line: isinstance(line, Field)):
        if is_field:
            yield list(group)
        else:
            yield from ([line] for line in group)


class _Page:
    def __init__(self, paper: Paper, sizes: Sizes) -> None:
        self._paper = paper
        self._sizes = sizes

    def rows(self, block: list[Line]) -> Iterator[Row]:
        match block[0]:
            case Heading(text):
                yield from self._text(text, self._sizes.heading, bold=True, centred=True)
                yield BlankRow(AIR_DOTS)
            case Centred(text):
                yield from self._text(text, self._sizes.body, centred=True)
            case Paragraph(text, strong):
                yield from self._text(text, self._sizes.body, bold=strong)
                yield BlankRow(PARAGRAPH_DOTS)
            case Item(text):
                yield from self._item(text)
                yield BlankRow(PARAGRAPH_DOTS)
            case Emphasis(text):
                yield BlankRow(AIR_DOTS)
                yield from self._text(text, self._sizes.emphasis, bold=True)
                yield BlankRow(AIR_DOTS)
            case Field():
                yield from self._table([line for line in block if isinstance(line, Field)])
            case Rule():
                yield TextRow("─" * (self._paper.columns // 2))
            case Gap():
                yield BlankRow(GAP_DOTS)
            case QrCode(text):
                yield BlankRow(AIR_DOTS)
                yield QrRow(text, _module(text, self._paper))
                yield BlankRow(AIR_DOTS)

    def _text(self, text: str, size: Size, *, bold: bool = False, centred: bool = False) -> Iterator[Row]:
        for line in wrap(text, self._paper.columns // size.across):
            yield TextRow(line, size, bold, centred)

    def _item(self, text: str) -> Iterator[Row]:
        """The words stand beside their box, also on further lines."""
        mark, size = BOX, self._sizes.body
        for line in wrap(text, self._paper.columns // size.across - width(BOX)):
            yield TextRow(mark + line, size)
            mark = " " * width(BOX)

    def _table(self, fields: list[Field]) -> Iterator[Row]:
        """Labels left, values in one column right of the longest label, or below where the paper is too narrow.

        A number or a date that would be cut beside its label and not below it stands below: people read it out.
        """
        columns = self._paper.columns // self._sizes.body.across
        indent = max(width(field.label) for field in fields) + GUTTER
        beside = columns - indent
        for field in fields:
            saved = beside < _longest_word(field.value) <= columns - INDENT
            lines = _below if saved or beside < NARROWEST_VALUE else _beside
            for line in lines(field, indent, columns):
                yield TextRow(line, self._sizes.strong if field.strong else self._sizes.body, field.strong)


def _longest_word(text: str) -> int:
    """Columns of the longest date, or run of Latin letters, digits and signs; other Chinese may break anywhere."""
    return max(map(width, re.findall(r"\d+年\d+月\d+日|[!-~·]+", text)), default=0)


def _beside(field: Field, indent: int, columns: int) -> Iterator[str]:
    label = field.label
    for line in wrap(field.value, columns - indent):
        yield pad(label, indent) + line
        label = ""


def _below(field: Field, indent: int, columns: int) -> Iterator[str]:
    del indent
    yield from wrap(field.label, columns)
    for line in wrap(field.value, columns - INDENT):
        yield " " * INDENT + line


def _module(text: str, paper: Paper) -> int:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text.encode())
    modules = 17 + 4 * int(code.best_fit())
    return min(LARGEST_MODULE, paper.dots // (modules + QUIET_MODULES))
