"""Asks the centre what it holds of the transactions that the terminal is in doubt about.

Nobody waits for these answers: whoever comes back with a card in doubt is asked about at once, by the terminal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
import trio

from kiosk.line import AskRecord, Declined, Doubts, NoAnswer, Noted, Record, RecordFound, TakeDoubts
from kiosk.link import Link
from sync.backoff import random_chance
from sync.line import Line

ROUND_S = 600
"""A doubt may stay for a month: what somebody at the office decides is fetched within ten minutes."""
SPREAD = 0.2
"""± of the interval, so that the terminals of a region do not ask together."""
DOUBTS_A_ROUND = 10
"""Questions in a row, beside what citizens wait for; those beyond have their turn in the next round."""
TOO_MANY = 429
TERMINAL_S = 10
"""For the terminal to name its doubts, or to write an answer to its disk."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Inquiry:
    """One question at a time.  The answer is passed on as it was signed; the terminal judges it."""

    def __init__(
        self,
        terminal: Link,
        ask: Callable[[AskRecord], Awaitable[Record | Declined | NoAnswer]],
        line: Line,
        chance: Callable[[], float] = random_chance,
    ) -> None:
        self._terminal = terminal
        self._ask = ask
        self._line = line
        self._chance = chance
        self._asked_up_to = ""

    async def run(self) -> None:
        """Ask until cancelled.  First the outbox speaks: its answers may end a doubt, too."""
        while True:
            await trio.sleep(ROUND_S * (1 - SPREAD + 2 * SPREAD * self._chance()))
            await self._line.until_good()
            await self._round()

    async def _round(self) -> None:
        doubts = await self._terminal.call(TakeDoubts(self._asked_up_to, DOUBTS_A_ROUND), deadline_s=TERMINAL_S)
        if not isinstance(doubts, Doubts):
            log.error("terminal_named_no_doubts", why=doubts.why)
            return
        for transaction in doubts.transactions:
            self._asked_up_to = transaction
            if not await self._ask_about(transaction):
                return
        if len(doubts.transactions) < DOUBTS_A_ROUND:
            self._asked_up_to = ""

    async def _ask_about(self, transaction: str) -> bool:
        """Whether another question may follow."""
        match await self._ask(AskRecord(transaction)):
            case Record(verdict=verdict):
                noted = await self._terminal.call(RecordFound(transaction, verdict), deadline_s=TERMINAL_S)
                if not isinstance(noted, Noted):
                    log.error("terminal_failed", why=noted.why)
                return True
            case Declined(problem=problem):
                log.info("centre_has_no_record", transaction=transaction, code=problem.code)
                return problem.status != TOO_MANY
            case NoAnswer():
                return False
