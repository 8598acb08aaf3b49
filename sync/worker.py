"""Carries items from the terminal to the centre, and the centre's answers back.

It keeps nothing: what got no answer stays with the terminal, which offers it again, the most urgent first.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import structlog
import trio

from kiosk.contract import VERDICT_WAIT_S, Batch, BatchAnswer, ItemAnswer, ItemEnvelope, Paths, Problem, Text
from kiosk.line import Items, ItemsAnswered, ItemsKept, Noted, TakeItems
from kiosk.link import Link
from sync.answers import Barred, Got, Later, Lost, Outcome, Refused, TooLarge, Unreached
from sync.backoff import ITEMS, random_chance
from sync.client import CentreClient, fresh_id
from sync.line import Line

TAKE_LIMIT = 50
"""Items a batch: a citizen's own waits for one batch in flight at most, and a slow line carries so many in a second."""
NOTE_LIMIT_S = 10
"""For the terminal to write answers to its disk."""

TOO_LARGE = Problem("too_large", 413, Text("单笔报文过大。", "The item alone is too large."))
"""Said by us: one item alone was refused with 413."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

Envelopes = tuple[ItemEnvelope, ...]


class Worker:
    """One batch in flight at a time."""

    def __init__(
        self,
        terminal: Link,
        centre: CentreClient,
        line: Line,
        chance: Callable[[], float] = random_chance,
    ) -> None:
        self._terminal = terminal
        self._centre = centre
        self._line = line
        self._chance = chance
        self._failures = 0
        self._may_have_left: set[str] = set()
        self._unanswered = (b"", "")
        """The last request without an answer, and its id: the very same bytes go out under the same id."""

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            await self._line.until_good()
            match await self._terminal.call(TakeItems(TAKE_LIMIT), deadline_s=math.inf):
                case Items(items) if not items:
                    pass
                case Items(items) if not self._line.good:  # it broke while nothing was to be done
                    await self._keep(items)
                case Items(items):
                    await self._deliver(items)
                case unanswered:
                    await self._terminal_failed(unanswered.why)

    async def _deliver(self, items: Envelopes) -> None:
        outcome = await self._post(items)
        self._line.note(outcome)
        match outcome:
            case Got(BatchAnswer(answers)):
                self._failures = 0
                await self._hand_back(items, tuple(answers))
            case Refused() | TooLarge() if len(items) > 1:
                await self._deliver_halves(items)
            case Refused(problem):
                await self._hand_back(items, (ItemAnswer(problem=problem),))
            case TooLarge():
                await self._hand_back(items, (ItemAnswer(problem=TOO_LARGE),))
            case Unreached():
                self._back_off()
                await self._keep(items)
            case Later(asked_s=asked_s):
                self._back_off(asked_s)
            case Lost():
                self._back_off()
            case Barred():
                pass  # everything stays; the heartbeat finds out when the terminal is welcome again

    async def _deliver_halves(self, items: Envelopes) -> None:
        middle = len(items) // 2
        await self._deliver(items[:middle])
        if self._line.good:
            await self._deliver(items[middle:])

    async def _post(self, items: Envelopes) -> Outcome[BatchAnswer]:
        body = msgspec.json.encode(Batch(list(items)))
        if body != self._unanswered[0]:
            self._unanswered = (body, fresh_id())
        outcome = await self._centre.exchange(
            "POST", Paths.ITEMS, body, BatchAnswer, limit_s=VERDICT_WAIT_S, request_id=self._unanswered[1]
        )
        if not isinstance(outcome, Unreached):
            self._may_have_left.update(item.id for item in items)
        if isinstance(outcome, Got):
            self._unanswered = (b"", "")
            return outcome if _fits(outcome.answer, items) else Lost("nonsense")
        return outcome

    def _back_off(self, asked_s: float = 0) -> None:
        self._failures += 1
        self._line.hold(ITEMS.delay_s(self._failures, self._chance(), asked_s))

    # --- what the terminal is told

    async def _hand_back(self, items: Envelopes, answers: tuple[ItemAnswer, ...]) -> None:
        ids = tuple(item.id for item in items)
        noted = await self._terminal.call(ItemsAnswered(ids, answers), deadline_s=NOTE_LIMIT_S)
        if isinstance(noted, Noted):
            self._may_have_left.difference_update(ids)
        else:
            await self._terminal_failed(noted.why)

    async def _keep(self, items: Envelopes) -> None:
        """Only of items that were never sent before can it be said that nothing left."""
        ids = tuple(item.id for item in items if item.id not in self._may_have_left)
        if ids:
            noted = await self._terminal.call(ItemsKept(ids), deadline_s=NOTE_LIMIT_S)
            if not isinstance(noted, Noted):
                await self._terminal_failed(noted.why)

    async def _terminal_failed(self, why: str) -> None:
        """Its disk is full, or it has a fault: it is asked again, but not in a hurry."""
        self._failures += 1
        log.error("terminal_failed", why=why)
        await trio.sleep(ITEMS.delay_s(self._failures, self._chance()))


def _fits(answer: BatchAnswer, items: Envelopes) -> bool:
    one_each = all((each.verdict is None) != (each.problem is None) for each in answer.answers)
    return one_each and len(answer.answers) == len(items)
