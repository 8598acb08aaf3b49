"""求助: a person calls for staff.  The centre hears of it with a heartbeat at once, and the person whether it did."""

from __future__ import annotations

import math
from collections.abc import Callable

import structlog
import trio

from kiosk.hands import Line
from kiosk.prompts import Call, Screen

STANDS_S = 600
"""So long every heartbeat says that somebody called: whoever looks at the centre's page a little late still comes."""

log = structlog.get_logger()


class StaffCall:
    """The newest call.  `now` gives seconds."""

    def __init__(self, now: Callable[[], float] = trio.current_time) -> None:
        self._now = now
        self._at = -math.inf

    def made(self) -> None:
        self._at = self._now()

    @property
    def stands(self) -> bool:
        return self._now() - self._at < STANDS_S


async def pass_on_calls(screen: Screen, line: Line, call: StaffCall) -> None:
    """Until cancelled.  "Somebody comes" is said only once the centre has the call."""
    while True:
        await screen.staff_called()
        call.made()
        log.info("staff_called")
        screen.tell_call(Call.CALLING)
        told = await line.beat()
        log.info("staff_call_passed_on", told=told)
        screen.tell_call(Call.TOLD if told else Call.UNREACHED)
