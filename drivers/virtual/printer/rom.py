"""Character ROMs: which glyph a byte sequence calls up, and what comes out when the sequence is broken."""

from __future__ import annotations

from typing import Protocol

import msgspec

GARBAGE = "▓"
"""Stands for whatever a real ROM holds at an address that is no character."""


class Glyph(msgspec.Struct, frozen=True):
    """One character; `columns` of 12 dots, `length` bytes of the stream it was called by."""

    text: str
    columns: int
    length: int


class Rom(Protocol):
    def glyph(self, data: bytes) -> Glyph | None:
        """The glyph at the start of `data`; None while its code is not complete.  `data` is not empty."""


class CodePageRom:
    """Outside Chinese mode: one byte, one character of code page 437."""

    def glyph(self, data: bytes) -> Glyph | None:
        return Glyph(data[:1].decode("cp437"), 1, 1)


class GbkRom:
    """Chinese mode of printers that know two-byte codes only."""

    def glyph(self, data: bytes) -> Glyph | None:
        if data[0] < 0x80:
            return Glyph(chr(data[0]), 1, 1)
        return _double(data, "gbk")


class Gb18030Rom:
    """Chinese mode of printers that know four-byte codes too (GB 18030)."""

    def glyph(self, data: bytes) -> Glyph | None:
        if data[0] < 0x80:
            return Glyph(chr(data[0]), 1, 1)
        if len(data) > 1 and 0x30 <= data[1] <= 0x39:
            return _decoded(data[:4], "gb18030") if len(data) >= 4 else None
        return _double(data, "gb18030")


def _double(data: bytes, codec: str) -> Glyph | None:
    """A lead byte takes the next byte with it, whatever it is, except a control code."""
    if len(data) < 2:
        return None
    if data[1] < 0x20:
        return Glyph(GARBAGE, 2, 1)
    return _decoded(data[:2], codec)


def _decoded(code: bytes, codec: str) -> Glyph:
    text = code.decode(codec, "replace")
    return Glyph(text if len(text) == 1 and text != "\ufffd" else GARBAGE, 2, len(code))
