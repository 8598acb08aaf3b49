"""The state of the line: what the terminal is told of it, and when items may go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
import trio

from kiosk.line import LineNews, LineState, Offline, Online, Unwelcome
from sync.answers import Barred, Got, Later, Lost, Outcome, Refused, TooLarge, Unreached

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


UNTRIED = Offline("not tried yet")


class Line:
    """Online means: what is handed over now goes out at once.  While it is held it is not online."""

    def __init__(self, publish: Callable[[LineNews], None]) -> None:
        self._publish = publish
        self._state: LineState = UNTRIED
        self._held_until = -float("inf")
        self._turned = trio.Event()
        publish(LineNews(self._state))

    @property
    def state(self) -> LineState:
        return self._state

    @property
    def good(self) -> bool:
        return isinstance(self._state, Online)

    @property
    def hold_left_s(self) -> float:
        return max(0.0, self._held_until - trio.current_time())

    def hold(self, seconds: float) -> None:
        """The centre asked for patience, or failed again and again: the line is not good before."""
        self._held_until = max(self._held_until, trio.current_time() + seconds)

    def note(self, outcome: Outcome[Any]) -> None:
        """Any exchange shows how the line is."""
        match outcome:
            case Got() | Refused() | TooLarge():
                if not self.hold_left_s:
                    self._become(Online())
            case Barred(why):
                self._become(Unwelcome(why))
            case Later(why) | Unreached(why) | Lost(why):
                self._become(Offline(why))

    def untried(self) -> None:
        """The terminal has gone: one that comes anew hears the time first, and then that the line is good."""
        self._become(UNTRIED)

    async def until_good(self) -> None:
        while not self.good:
            await self.turned()

    async def turned(self) -> None:
        """Wait until it goes from one of online, offline and unwelcome to another."""
        await self._turned.wait()

    def _become(self, state: LineState) -> None:
        if state == self._state:
            return
        log.info("line", state=type(state).__name__, why=getattr(state, "why", None))
        before, self._state = self._state, state
        self._publish(LineNews(state))
        if type(before) is not type(state):
            self._turned.set()
            self._turned = trio.Event()
