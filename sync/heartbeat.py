"""The heartbeat: tells the centre how the terminal is, and finds out how the line is.

While the line is down it is the probe, too: it is small, and its answer brings the signed time that the
first transaction after an outage needs.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import structlog
import trio

from kiosk.contract import HEARTBEAT_S, Heartbeat, HeartbeatAnswer, Paths
from kiosk.line import HeartbeatAnswered, HeartbeatFacts, Offline, TakeHeartbeat
from kiosk.link import Link
from sync.answers import Got, Outcome, Refused
from sync.backoff import PROBE, random_chance
from sync.client import CentreClient
from sync.line import Line

SPREAD = 0.2
"""± of the interval, so that the terminals of a region do not beat together."""
ANSWER_S = 10
"""For the centre's answer; a line slower than that serves no citizen."""
TERMINAL_S = 10
"""For the terminal to say how it is, or to note the answer."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Pulse:
    """Beats while a terminal is connected; at once in the beginning, because it needs the time."""

    def __init__(
        self,
        name: str,
        terminal: Link,
        centre: CentreClient,
        line: Line,
        chance: Callable[[], float] = random_chance,
    ) -> None:
        self._path = f"{Paths.TERMINALS}/{name}/heartbeat"
        self._terminal = terminal
        self._centre = centre
        self._line = line
        self._chance = chance
        self._failures = 0
        self._beating = trio.Lock()

    async def run(self) -> None:
        await trio.sleep(PROBE.delay_s(0, self._chance()))
        while True:
            await self.beat()
            await self._pause()

    async def _pause(self) -> None:
        """Begins anew when the line turns: a line that just broke is probed soon."""
        turned = True
        while turned:
            with trio.move_on_after(self._interval_s()) as scope:
                await self._line.turned()
            turned = not scope.cancelled_caught

    def _interval_s(self) -> float:
        regular = HEARTBEAT_S * (1 - SPREAD + 2 * SPREAD * self._chance())
        if not isinstance(self._line.state, Offline):
            return regular
        probe = PROBE.delay_s(self._failures, self._chance())
        return min(max(probe, self._line.hold_left_s), regular)

    async def beat(self) -> bool:
        """One beat, never two at once; whether the centre has it."""
        async with self._beating:
            return await self._beat()

    async def _beat(self) -> bool:
        facts = await self._terminal.call(TakeHeartbeat(), deadline_s=TERMINAL_S)
        if not isinstance(facts, HeartbeatFacts):
            log.error("terminal_gave_no_heartbeat", why=facts.why)
            self._failures += 1
            return False
        outcome = await self._send(facts.heartbeat)
        self._failures = 0 if isinstance(outcome, Got | Refused) else self._failures + 1
        if isinstance(outcome, Got):
            # First the time, then the line: whatever is drafted on a good line knows the time.
            await self._terminal.call(HeartbeatAnswered(outcome.answer), deadline_s=TERMINAL_S)
        self._line.note(outcome)
        return isinstance(outcome, Got)

    async def _send(self, heartbeat: Heartbeat) -> Outcome[HeartbeatAnswer]:
        return await self._centre.exchange(
            "PUT", self._path, msgspec.json.encode(heartbeat), HeartbeatAnswer, limit_s=ANSWER_S
        )
