"""Frames of the SAM_V serial line (GA/T 467): preamble, length, body, XOR checksum.

Both directions look alike; the body is `CMD Para Data` to the reader and `SW1 SW2 SW3 Data` from it.
"""

from __future__ import annotations

import functools
import operator

PREAMBLE = bytes.fromhex("AAAAAA9669")
SHORTEST = 2
"""Bytes counted by the length field: one of body, one of checksum."""
LONGEST = 0x090A
"""Bytes counted by the length field of the longest answer there is: text, photo and fingerprints."""

_HEAD = len(PREAMBLE) + 2


def encode(body: bytes) -> bytes:
    """The frame around `body`."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([_xor(counted)])


class Frames:
    """Finds frames in what arrives, in pieces of any size and with noise anywhere.

    A preamble is believed only if length and checksum agree, since noise and photos may contain one; otherwise
    the search goes on one byte behind it.  It never keeps more than the longest frame.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def __len__(self) -> int:
        """Bytes kept."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Bodies of the frames completed by `data`."""
        self._buffer += data
        bodies = []
        while (body := self._next()) is not None:
            bodies.append(body)
        return bodies

    def give_up(self) -> list[bytes]:
        """Nothing more will come: bodies of frames behind a preamble that was noise.  Forgets the rest."""
        bodies = []
        while self._buffer:
            del self._buffer[0]
            bodies += self.feed(b"")
        return bodies

    def _next(self) -> bytes | None:
        while self._align():
            counted = int.from_bytes(self._buffer[len(PREAMBLE) : _HEAD], "big")
            end = _HEAD + counted
            if SHORTEST <= counted <= LONGEST:
                if len(self._buffer) < end:
                    return None
                if _xor(self._buffer[len(PREAMBLE) : end]) == 0:
                    body = bytes(self._buffer[_HEAD : end - 1])
                    del self._buffer[:end]
                    return body
            del self._buffer[0]
        return None

    def _align(self) -> bool:
        """Drop what comes before a preamble.  True: there is one, and its length field."""
        start = self._buffer.find(PREAMBLE)
        if start < 0:
            del self._buffer[: -(len(PREAMBLE) - 1)]  # its beginning may have arrived
            return False
        del self._buffer[:start]
        return len(self._buffer) >= _HEAD


def _xor(data: bytes | bytearray) -> int:
    return functools.reduce(operator.xor, data, 0)
