"""What goes over the wire of a KMY350: commands and replies in frames, and between the replies the pressed keys.

A frame is STX and, in ASCII hex, a length, that many bytes and the XOR of length and bytes; commands end with ETX,
replies may.  A pressed key is one byte in no frame.  Figures have the same codes as hex digits, so nothing behind a
frame, whole or broken, is a key until an ETX has come or the wire was quiet.
"""

from __future__ import annotations

import enum
import functools
import operator

import msgspec

from kiosk.pin import wipe

STX, ETX = 0x02, 0x03

CODES = frozenset(b"0123456789\x08\x0d\x1b.")
"""The keys that mean something here: figures, 更正, 确认, 取消, and the point."""

KEPT_KEYS = 12
"""Pressed and not taken yet; what is pressed beyond is lost, as on a pad that nobody listens to."""

LONGEST = 0x20
"""Bytes of the longest reply to what is asked here: a version in words."""

_HEX = frozenset(b"0123456789ABCDEFabcdef")


class Reply(msgspec.Struct, frozen=True):
    """A whole frame from the pad."""

    status: int
    data: bytes
    keys_before: int = 0
    """How many keys waited when it came."""


def command(code: int, data: bytes = b"") -> bytes:
    """The frame of a command."""
    counted = bytes([1 + len(data), code]) + data
    return bytes([STX]) + _hex(counted) + bytes([ETX])


def _hex(counted: bytes) -> bytes:
    return (counted + bytes([_xor(counted)])).hex().upper().encode()


class _Where(enum.Enum):
    BETWEEN = enum.auto()
    """What comes is a key, or the beginning of a frame."""
    INSIDE = enum.auto()
    BEHIND = enum.auto()
    """What comes may belong to the frame still."""


class Incoming:
    """Sorts what comes, in pieces of any size: replies, and keys in a buffer that is wiped as they are taken."""

    def __init__(self) -> None:
        self._where = _Where.BETWEEN
        self._frame = bytearray()
        self._keys = bytearray(KEPT_KEYS)
        self._waiting = 0

    @property
    def keys(self) -> int:
        """How many wait to be taken."""
        return self._waiting

    @property
    def settled(self) -> bool:
        """No frame is on its way: the next byte is taken for what it is."""
        return self._where is _Where.BETWEEN

    def feed(self, data: bytes | bytearray | memoryview) -> list[Reply]:
        """The replies that are complete with these bytes."""
        return [found for byte in data if (found := self._take(byte)) is not None]

    def quiet(self) -> None:
        """Nothing came for longer than a frame takes: what was begun is over."""
        self._between()

    def next_key(self) -> int:
        """The code of the key pressed first.  Raises IndexError when none waits."""
        if not self._waiting:
            raise IndexError("no key waits")
        code = self._keys[0]
        self._waiting -= 1
        self._keys[:-1] = memoryview(self._keys)[1:]
        self._keys[-1] = 0
        return code

    def forget_keys(self, behind: int = 0) -> None:
        """All, or those behind the first so many: pressed for nobody."""
        wipe(memoryview(self._keys)[behind:])
        self._waiting = min(self._waiting, behind)

    def _take(self, byte: int) -> Reply | None:
        if byte == STX:
            self._frame.clear()
            self._where = _Where.INSIDE
        elif byte == ETX:
            self._between()
        elif self._where is _Where.INSIDE:
            return self._collect(byte)
        elif self._where is _Where.BETWEEN and byte in CODES and self._waiting < KEPT_KEYS:
            self._keys[self._waiting] = byte
            self._waiting += 1
        return None

    def _collect(self, byte: int) -> Reply | None:
        self._frame.append(byte)
        if byte not in _HEX:
            self._where = _Where.BEHIND
        elif len(self._frame) >= 2:
            length = int(self._frame[:2], 16)
            if not 1 <= length <= LONGEST:
                self._where = _Where.BEHIND
            elif len(self._frame) == 2 * (length + 2):
                self._where = _Where.BEHIND
                raw = bytes.fromhex(self._frame.decode())
                return None if _xor(raw) else Reply(raw[1], raw[2:-1], self._waiting)
        return None

    def _between(self) -> None:
        self._frame.clear()
        self._where = _Where.BETWEEN


def _xor(data: bytes) -> int:
    return functools.reduce(operator.xor, data, 0)
