"""Bad luck to the moment: something that happens when the chip has just carried out a certain command."""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from drivers.virtual.vpcd import Exchange


class Command(msgspec.Struct, frozen=True):
    """A kind of command, told by its instruction byte and, where given, its second parameter."""

    ins: int
    p2: int | None = None

    def is_it(self, exchange: Exchange) -> bool:
        return exchange.ins == self.ins and self.p2 in (None, exchange.command[3])


class Tripwire:
    """Called by the slot after every command, before its answer leaves the card."""

    def __init__(self) -> None:
        self._command: Command | None = None
        self._act: Callable[[], None] = _nothing
        self._tripped = threading.Event()

    def set(self, command: Command, act: Callable[[], None]) -> None:
        """`act` once, in the slot's thread, at the next such command."""
        self._tripped.clear()
        self._act, self._command = act, command

    def wait(self, within_s: float) -> bool:
        """Until it has acted; False: the command did not come."""
        came = self._tripped.wait(within_s)
        self._command = None
        return came

    def __call__(self, exchange: Exchange) -> None:
        if self._command is not None and self._command.is_it(exchange):
            self._command = None
            self._act()
            self._tripped.set()


def _nothing() -> None:
    """Nothing is set."""
