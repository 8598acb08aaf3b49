"""Identifiers that the terminal makes: transaction ids, the reference on a slip, keyed recognition."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]

_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 O 1 I L U: people read it aloud over the telephone."""
_REFERENCE_LENGTH = 8


def uuid7(now: dt.datetime, random: RandomBytes) -> str:
    """RFC 9562 §5.7: 48 bits of Unix milliseconds, then random."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    bits = milliseconds << 80 | int.from_bytes(random(10), "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=bits))


def uuid4(random: RandomBytes) -> str:
    return str(uuid.UUID(bytes=random(16), version=4))


def reference(random: RandomBytes) -> str:
    """Such as 7K3Q-92MF.  Says nothing about its transaction."""
    number = int.from_bytes(random(8), "big")
    letters = ""
    for _ in range(_REFERENCE_LENGTH):
        number, index = divmod(number, len(_REFERENCE_LETTERS))
        letters += _REFERENCE_LETTERS[index]
    return f"{letters[:4]}-{letters[4:]}"


def holder_ref(key: bytes, number: str) -> str:
    """Recognises a person who comes again; of no use to anybody without the terminal's key."""
    return _keyed(key, "holder", number)


def card_ref(key: bytes, identifier: str) -> str:
    return _keyed(key, "card", identifier)


def _keyed(key: bytes, what: str, value: str) -> str:
    return hmac.new(key, f"{what}\0{value}".encode(), hashlib.sha256).hexdigest()
