"""A PIN in memory: digits that can be wiped, and that nothing can print, log, pickle or compare by accident.

BCD in a bytearray, as the chip takes it (SSC spec part 5: an odd number of digits ends with the nibble F).
Never a str, never JSON.  Whoever makes one keeps it inside one `with`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import NoReturn

MAX_DIGITS = 12
MIN_DIGITS = 4
"""SSC spec part 8 §6.2.4; the policy asks for six."""

MAX_BYTES = MAX_DIGITS // 2

_FILL = 0xF


class Pin:
    """Digits typed so far, or all of them."""

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("_digits", "bcd")

    def __init__(self, digits: Iterable[int] = ()) -> None:
        self.bcd = bytearray()
        """The digits as the chip takes them; empty once wiped.  Lend it, never copy it."""
        self._digits = 0
        for digit in digits:
            self.add(digit)

    def add(self, digit: int) -> None:
        """One more digit; beyond twelve nothing happens, as on a full pad.  Raises ValueError, without the digit."""
        if digit not in range(10):
            raise ValueError("not a digit")
        if self._digits == MAX_DIGITS:
            return
        if self._digits % 2:
            self.bcd[-1] = self.bcd[-1] & 0xF0 | digit
        else:
            self._resize(len(self.bcd) + 1)
            self.bcd[-1] = digit << 4 | _FILL
        self._digits += 1

    def take_back(self) -> None:
        """Forget the last digit, if there is one."""
        if not self._digits:
            return
        self._digits -= 1
        if self._digits % 2:
            self.bcd[-1] |= _FILL
        else:
            self._resize(len(self.bcd) - 1)

    def fill(self, bcd: bytes | bytearray | memoryview) -> None:
        """Become what came over the link.  Raises ValueError, without the digits, for anything but BCD."""
        self.wipe()
        if not _is_bcd(bcd):
            raise ValueError("not a PIN in BCD")
        self.bcd = bytearray(bcd)
        self._digits = 2 * len(bcd) - (1 if bcd and bcd[-1] & _FILL == _FILL else 0)

    def __len__(self) -> int:
        """Digits."""
        return self._digits

    def __iter__(self) -> Iterator[int]:
        for position in range(self._digits):
            byte = self.bcd[position // 2]
            yield byte & 0xF if position % 2 else byte >> 4

    def same_as(self, other: Pin) -> bool:
        """Whether both entries are the same, in constant time."""
        return hmac.compare_digest(self.bcd, other.bcd)

    def wipe(self) -> None:
        wipe(self.bcd)
        self.bcd = bytearray()
        self._digits = 0

    def _resize(self, size: int) -> None:
        # Not in place: a bytearray that grows or shrinks may leave its old self behind.
        resized, kept = bytearray(size), min(size, len(self.bcd))
        memoryview(resized)[:kept] = memoryview(self.bcd)[:kept]
        wipe(self.bcd)
        self.bcd = resized

    def __enter__(self) -> Pin:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return "<Pin>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a PIN is not stored")


def wipe(buffer: bytearray | memoryview) -> None:
    """Zeros, in place."""
    buffer[:] = bytes(len(buffer))


def _is_bcd(bcd: bytes | bytearray | memoryview) -> bool:
    """Digits, with the fill nowhere but in the last nibble."""
    *whole, last = (nibble for byte in bcd for nibble in (byte >> 4, byte & 0xF)) if len(bcd) else (0,)
    return len(bcd) <= MAX_BYTES and all(nibble <= 9 for nibble in whole) and (last <= 9 or last == _FILL)
