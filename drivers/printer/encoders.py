"""Which characters a printer's font ROM knows, and the bytes that call them up in Chinese mode (FS &)."""

from __future__ import annotations

import unicodedata
from typing import Protocol

GETA = "〓"
"""Printed in place of a character the printer has no glyph for: the traditional mark of a missing one."""

IDEOGRAPHIC_SPACE = "\u3000"

_INVISIBLE = frozenset(("Mn", "Me", "Mc", "Cf"))
"""Characters without a cell of their own: a 24-dot ROM cannot combine them."""


class Encoder(Protocol):
    """Text to the bytes of one kind of font ROM."""

    def printable(self, text: str) -> str:
        """`text` with every character the printer cannot print replaced by `GETA`."""

    def encode(self, text: str) -> bytes:
        """Bytes for Chinese mode.  Never a control code, whatever the text holds."""


class Gb18030Encoder:
    """Printers whose ROM follows GB 18030, four-byte codes included."""

    def printable(self, text: str) -> str:
        return "".join(c if _has_cell(c) else GETA for c in text)

    def encode(self, text: str) -> bytes:
        return self.printable(text).encode("gb18030")


class GbkEncoder:
    """Printers whose ROM ends at GBK: a four-byte code would come out as two wrong characters."""

    def printable(self, text: str) -> str:
        return "".join(c if _has_cell(c) and _in_gbk(c) else GETA for c in text)

    def encode(self, text: str) -> bytes:
        return self.printable(text).encode("gbk")


def _has_cell(character: str) -> bool:
    if character == IDEOGRAPHIC_SPACE:
        return True
    return character.isprintable() and unicodedata.category(character) not in _INVISIBLE


def _in_gbk(character: str) -> bool:
    return bool(character.encode("gbk", "ignore"))
