"""A PIN pad of the KMY350 family that exists only on the wire: hears commands, and says the keys that are pressed."""

from __future__ import annotations

import enum
from collections.abc import Callable
from pathlib import Path

from drivers.virtual.pty import PtyLine

VERSION = b"KMY3501 V2.0"

OK, BAD_PARAMETER, INVALID_COMMAND = 0x04, 0x15, 0xE0

KEYS: dict[str, int] = {str(figure): ord(str(figure)) for figure in range(10)} | {
    "point": 0x2E,
    "delete": 0x08,
    "confirm": 0x0D,
    "cancel": 0x1B,
    "00": 0x00,
    "f1": 0x21,
    "f2": 0x22,
}
"""What each key says; the last three mean nothing to the terminal."""


class Keypad(enum.Enum):
    """`45 c`: what the pad was told to do with its keys."""

    CLOSED = 1
    BEEPING = 2
    SILENT = 3
    SYSTEM = 4


Spoil = Callable[[bytes], bytes]
"""What becomes of a reply on its way."""


class PinPad:
    """The pad without its wire: bytes in, bytes out."""

    def __init__(self) -> None:
        self.keypad = Keypad.CLOSED
        self.etx = True
        """Whether its replies end with one; some pads' do not."""
        self.spoil: Spoil = lambda reply: reply
        self.switched: Callable[[], None] = lambda: None
        """Told when the keypad was opened or closed."""
        self._heard = bytearray()

    def feed(self, data: bytes) -> bytes:
        """What comes from the terminal; returns what the pad says to it."""
        self._heard += data
        said = b""
        while 3 in self._heard:
            framed, _, rest = self._heard.partition(b"\x03")
            self._heard = bytearray(rest)
            said += self.spoil(self._reply(bytes(framed.rpartition(b"\x02")[2])))
        return said

    def press(self, key: str) -> bytes:
        """What pressing a key says on the wire.  Raises KeyError for a key it does not have."""
        code = KEYS[key]
        return bytes([code]) if self.keypad in {Keypad.BEEPING, Keypad.SILENT} else b""

    def lose_power(self) -> None:
        """And get it again: it is as new."""
        self.keypad = Keypad.CLOSED
        self._heard.clear()

    def _reply(self, framed: bytes) -> bytes:
        try:
            raw = bytes.fromhex(framed.decode("ascii"))
        except ValueError:
            return b""
        if len(raw) < 3 or _check(raw) or raw[0] != len(raw) - 2:
            return b""
        match raw[1], raw[2:-1]:
            case 0x30, b"":
                return self._framed(OK, VERSION)
            case 0x45, data if len(data) == 1 and data[0] in (keypad.value for keypad in Keypad):
                self.keypad = Keypad(data[0])
                self.switched()
                return self._framed(OK)
            case 0x45, _:
                return self._framed(BAD_PARAMETER)
        return self._framed(INVALID_COMMAND)

    def _framed(self, status: int, data: bytes = b"") -> bytes:
        counted = bytes([1 + len(data), status]) + data
        return b"\x02" + (counted + bytes([_check(counted)])).hex().upper().encode() + b"\x03" * self.etx


class ServedPinPad:
    """A `PinPad` at the path `link`; safe to use from any thread.  `close` pulls its plug."""

    def __init__(self, link: Path, pad: PinPad | None = None) -> None:
        self.path = link
        self._pad = pad or PinPad()
        self._line = PtyLine(link, self._pad.feed)

    @property
    def is_on(self) -> bool:
        """Whether a key that is pressed now is said."""
        with self._line.lock:
            return self._pad.keypad in {Keypad.BEEPING, Keypad.SILENT}

    def press(self, key: str) -> None:
        """Raises KeyError for a key it does not have."""
        with self._line.lock:
            self._line.say(self._pad.press(key))

    def touch(self, act: Callable[[PinPad], None]) -> None:
        with self._line.lock:
            act(self._pad)

    def close(self) -> None:
        self._line.close()


def _check(raw: bytes) -> int:
    """0 for bytes that end with their own check byte."""
    check = 0
    for byte in raw:
        check ^= byte
    return check
