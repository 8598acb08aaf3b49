"""What can go wrong between the chip on the glass and the terminal's end of the line."""

from __future__ import annotations

import msgspec

FIND = b"\x20\x01"
SELECT = b"\x20\x02"
READ = b"\x30\x01"
STATUS = b"\x11\xff"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Spoils answers of the reader."""

    command: bytes | None = None
    """Only answers to this command (CMD Para); None: to any."""
    times: int | None = None
    """How many answers; None: until the reader is told to recover."""


class Silent(Fault, frozen=True):
    """No answer."""


class HalfFrame(Fault, frozen=True):
    """The answer breaks off in its middle."""


class BadChecksum(Fault, frozen=True):
    """One bit of the answer flips on the line."""


class Noise(Fault, frozen=True):
    """The answer is whole, with garbage before and after it."""


class SamFault(Fault, frozen=True, kw_only=True):
    """The reader answers with a status of its own choice (SW3)."""

    sw: int


class Lifted(Fault, frozen=True):
    """The citizen takes the card away just after this answer."""
