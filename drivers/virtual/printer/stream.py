"""Cuts the received bytes into ESC/POS commands and characters."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from drivers.virtual.printer.rom import Glyph, Rom

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10

_ARGUMENTS: Mapping[bytes, int] = {
    b"\n": 0, b"\r": 0, b"\x18": 0,
    b"\x1b@": 0, b"\x1b2": 0,
    b"\x1b!": 1, b"\x1b-": 1, b"\x1b3": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1bJ": 1,
    b"\x1ba": 1, b"\x1bd": 1, b"\x1bt": 1,
    b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1, b"\x1c-": 1, b"\x1cS": 2,
    b"\x1d!": 1, b"\x1da": 1, b"\x1dr": 1,
}  # fmt: skip
"""Commands with a fixed number of parameter bytes."""

DLE_DC4 = b"\x10\x14"
CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


class Command(msgspec.Struct, frozen=True):
    name: bytes
    parameters: bytes
    length: int


Token = Command | Glyph


def next_token(data: bytes, rom: Rom, lacks: frozenset[bytes]) -> Token | None:
    """What `data` begins with; None while it is not complete.  A byte no command begins with is a command itself.

    Of a command the printer lacks only the first byte is passed over: the rest is text to it.
    """
    if data[0] >= 0x20:
        return rom.glyph(data)
    name = data[: 2 if data[0] in (ESC, FS, GS) else 1]
    if data[0] in (ESC, FS, GS) and len(data) < 2:
        return None
    if name in lacks:
        return Command(name[:1], b"", 1)
    length = _length(name, data)
    if length is None or len(data) < length:
        return None
    return Command(name, data[len(name) : length], length)


def _length(name: bytes, data: bytes) -> int | None:
    """Bytes of the whole command; None while even that is not known."""
    match name:
        case b"\x1dV":
            return None if len(data) < 3 else 4 if data[2] in (65, 66) else 3
        case b"\x1d(":
            return None if len(data) < 5 else 5 + _number(data[3:5])
        case b"\x1dv":
            return None if len(data) < 8 else 8 + _number(data[4:6]) * _number(data[6:8])
        case _:
            return len(name) + _ARGUMENTS.get(name, 0)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


# --- real-time commands: worked at once, wherever they stand in the stream -----------


class AskStatus(msgspec.Struct, frozen=True):
    """DLE EOT n."""

    n: int


class ClearBuffers(msgspec.Struct, frozen=True):
    """DLE DC4 fn 8."""


RealTime = AskStatus | ClearBuffers | bytes


class RealTimeFilter:
    """Picks DLE EOT n and DLE DC4 8 out of what arrives, before it enters the receive buffer."""

    def __init__(self, lacks: frozenset[bytes]) -> None:
        self._clears = DLE_DC4 not in lacks
        self._held = bytearray()

    def feed(self, byte: int) -> RealTime:
        """One real-time command, or the bytes that go into the buffer (often none yet)."""
        self._held.append(byte)
        held = bytes(self._held)
        if self._may_grow(held):
            return b""
        self._held = bytearray(held[-1:] if len(held) > 1 and held[-1] == DLE and held != CLEAR_BUFFERS else b"")
        if held == CLEAR_BUFFERS and self._clears:
            return ClearBuffers()
        if len(held) == 3 and held.startswith(b"\x10\x04"):
            return AskStatus(held[2])
        return held.removesuffix(bytes(self._held))

    def _may_grow(self, held: bytes) -> bool:
        asks = len(held) < 3 and b"\x10\x04".startswith(held[:2])
        return asks or (len(held) < len(CLEAR_BUFFERS) and CLEAR_BUFFERS.startswith(held))
