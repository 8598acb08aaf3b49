"""Sensors and moving parts, and how they show in the status bytes (DLE EOT n, GS r, GS a)."""

from __future__ import annotations

import msgspec

_FIXED = 0x12
"""Bits 1 and 4 are set in every answer to DLE EOT, bits 0 and 7 never."""


class Mechanism(msgspec.Struct):
    """What can be wrong with a printer.  All False: ready."""

    paper_out: bool = False
    near_end: bool = False
    cover_open: bool = False
    cutter_jammed: bool = False
    head_hot: bool = False

    @property
    def offline(self) -> bool:
        return self.paper_out or self.cover_open or self.cutter_jammed or self.head_hot

    def real_time(self, n: int) -> int | None:
        """Answer to DLE EOT n; None for an n that does not exist."""
        match n:
            case 1:
                return _FIXED | _bits((0x08, self.offline))
            case 2:
                return _FIXED | _bits(
                    (0x04, self.cover_open), (0x20, self.paper_out), (0x40, self.cutter_jammed or self.head_hot)
                )
            case 3:
                return _FIXED | _bits((0x08, self.cutter_jammed), (0x40, self.head_hot))
            case 4:
                return _FIXED | _bits((0x0C, self.near_end or self.paper_out), (0x60, self.paper_out))
            case _:
                return None

    def sensors(self) -> int:
        """Answer to GS r 1."""
        return _bits((0x03, self.near_end or self.paper_out), (0x0C, self.paper_out))

    def automatic(self) -> bytes:
        """The four bytes of an automatic status."""
        first = 0x10 | _bits((0x08, self.offline), (0x20, self.cover_open))
        second = _bits((0x08, self.cutter_jammed), (0x40, self.head_hot))
        return bytes((first, second, self.sensors(), 0))


def _bits(*conditions: tuple[int, bool]) -> int:
    return sum(bits for bits, holds in conditions if holds)
