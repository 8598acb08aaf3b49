"""Who dies, and when: the plug or one process, at one instant of a visit."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import NamedTuple

from tests.stories.fate import Instant
from tests.stories.hall import Hall

OF_TERMINAL = {Instant.BEFORE_WRITE, Instant.AFTER_WRITE, Instant.DEVICES_FRAME, Instant.SYNC_FRAME}
OF_DEVICES = {Instant.BEFORE_COMMAND, Instant.AFTER_COMMAND, Instant.DEVICES_FRAME}
OF_SYNC = {Instant.BEFORE_REQUEST, Instant.BEFORE_ANSWER, Instant.SYNC_FRAME}


class Death(NamedTuple):
    """Who goes, and at which instants what it was about to do, send or hear is lost with it."""

    strikes: Callable[[Hall], None]
    loses: set[Instant]


class Dies(enum.Enum):
    TERMINAL = Death(Hall.kill_terminal, OF_TERMINAL)
    DEVICES = Death(Hall.restart_devices, OF_DEVICES)
    SYNC = Death(Hall.restart_sync, OF_SYNC)
    DEVICES_FOR_LONG = Death(Hall.stop_devices, OF_DEVICES)
    SYNC_FOR_LONG = Death(Hall.stop_sync, OF_SYNC)
    ALL = Death(Hall.pull_the_plug, set(Instant))

    @property
    def darkens(self) -> bool:
        """Whether the screen goes, too, and nobody can be told anything."""
        return self in {Dies.TERMINAL, Dies.ALL}


class Cut:
    """At the instant of this number, counted from where this is hung over the hall."""

    def __init__(self, hall: Hall, number: int, dies: Dies) -> None:
        self.came: Instant | None = None
        self._left = number
        self._hall = hall
        self._dies = dies

    def __call__(self, instant: Instant) -> bool:
        if self.came is not None:
            return False
        if self._left:
            self._left -= 1
            return False
        self.came = instant
        self._dies.value.strikes(self._hall)
        return instant in self._dies.value.loses
