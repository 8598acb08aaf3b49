"""Sorts what a printer says: answers in real time, answers in order, and what nobody asked for."""

from __future__ import annotations

import msgspec

from drivers.printer.status import is_real_time_answer


class RealTime(msgspec.Struct, frozen=True):
    """Answer to DLE EOT n."""

    byte: int


class InOrder(msgspec.Struct, frozen=True):
    """Answer to GS r 1: all that was sent before it is done."""

    byte: int

    @property
    def paper_end(self) -> bool:
        return bool(self.byte & 0x0C)


class Unasked(msgspec.Struct, frozen=True):
    """Part of an automatic status (GS a), or noise."""

    byte: int


Answer = RealTime | InOrder | Unasked


class Sorter:
    """Takes bytes one by one: an automatic status is four bytes, and only its first tells it from an answer."""

    def __init__(self) -> None:
        self._automatic_left = 0

    def feed(self, byte: int) -> Answer:
        if byte & 0x93 == 0x10:
            self._automatic_left = 3
            return Unasked(byte)
        if byte & 0x90 == 0 and self._automatic_left:
            self._automatic_left -= 1
            return Unasked(byte)
        self._automatic_left = 0
        if is_real_time_answer(byte):
            return RealTime(byte)
        return InOrder(byte) if byte & 0x90 == 0 else Unasked(byte)
