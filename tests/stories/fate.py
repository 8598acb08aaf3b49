"""The instants at which a process of the terminal may die."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TypeVar

from kiosk.journal import InlineRunner


class Instant(enum.Enum):
    """Where a process may die in the middle of what it does; what follows there does not happen then."""

    BEFORE_WRITE = enum.auto()
    """By the terminal, into its journal."""
    AFTER_WRITE = enum.auto()
    DEVICES_FRAME = enum.auto()
    """Between terminal and devices, either way."""
    SYNC_FRAME = enum.auto()
    BEFORE_REQUEST = enum.auto()
    """By sync, to the centre."""
    BEFORE_ANSWER = enum.auto()
    """The centre has heard it."""
    BEFORE_COMMAND = enum.auto()
    """By the devices, to the chip."""
    AFTER_COMMAND = enum.auto()


T = TypeVar("T")

Fate = Callable[[Instant], bool]
"""Whether whoever is at this instant dies there."""


def fortune(_instant: Instant) -> bool:
    """Nobody dies."""
    return False


class Dead(BaseException):
    """The process is gone: no error that it could guard itself against, and no shield holds it back."""


class MortalRunner(InlineRunner):
    """Whoever died in a call never comes back from it, nor begins another."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self.dead = False

    async def run(self, call: Callable[[], T]) -> T:
        self._lives_through(Instant.BEFORE_WRITE, call)
        result = await super().run(call)
        self._lives_through(Instant.AFTER_WRITE, call)
        return result

    def _lives_through(self, instant: Instant, call: Callable[[], object]) -> None:
        writes = call.__name__ == "commit"
        if self.dead or (writes and self._fate(instant)):
            raise Dead
