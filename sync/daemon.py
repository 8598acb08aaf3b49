"""`kiosk sync`: the only door to the network.

It sees nothing personal in clear, keeps nothing but its key and certificate, and can delay, not invent.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import structlog
import trio

from kiosk.contract import CRYPTOGRAM_WAIT_S, VERDICT_WAIT_S, BasicRead, CardsAnswer, Paths
from kiosk.line import AskCards, AskReadBasic, BasicReadAnswered, CardsFound, Declined, NoAnswer, Unwelcome
from kiosk.link import Link
from kiosk.pairing import LineIdentity
from kiosk.sockets import Server
from sync import client
from sync.answers import Got, Later, Refused
from sync.client import CentreClient
from sync.heartbeat import Pulse
from sync.line import Line
from sync.worker import Worker

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")


async def run_sync(
    url: str,
    identity: LineIdentity,
    socket_path: Path,
    allowed_uids: Collection[int],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the terminal until cancelled.  `transport` is mutual TLS as `identity` says unless one is given.

    Raises `kiosk.sockets.AlreadyServed`; OSError, ssl.SSLError for files or a socket that cannot be used.
    """
    centre = CentreClient(url, transport or client.transport(identity))
    try:
        await Sync(identity.name, centre).server.run(socket_path, allowed_uids, task_status=task_status)
    finally:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + client.CONNECT_S):
            await centre.aclose()


class Sync:
    """Answers the terminal's questions; while it is connected, delivers its items and beats for it."""

    def __init__(self, name: str, centre: CentreClient) -> None:
        self._name = name
        self._centre = centre
        self.server = Server({AskCards: self._ask_cards, AskReadBasic: self._ask_read_basic}, attend=self._attend)
        self.line = Line(self.server.publish)

    async def _attend(self, terminal: Link) -> None:
        log.info("terminal_connected")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(Worker(terminal, self._centre, self.line).run)
            nursery.start_soon(Pulse(self._name, terminal, self._centre, self.line).run)

    async def _ask_cards(self, call: AskCards) -> CardsFound | Declined | NoAnswer:
        answer = await self._ask(Paths.CARDS_QUERY, call.query, CardsAnswer, VERDICT_WAIT_S)
        return CardsFound(answer) if isinstance(answer, CardsAnswer) else answer

    async def _ask_read_basic(self, call: AskReadBasic) -> BasicReadAnswered | Declined | NoAnswer:
        answer = await self._ask(Paths.CRYPTOGRAMS, call.request, BasicRead, CRYPTOGRAM_WAIT_S)
        return BasicReadAnswered(answer) if isinstance(answer, BasicRead) else answer

    async def _ask(
        self, path: str, question: msgspec.Struct, wanted: type[T], limit_s: float
    ) -> T | Declined | NoAnswer:
        if isinstance(self.line.state, Unwelcome):
            return NoAnswer()
        outcome = await self._centre.exchange("POST", path, msgspec.json.encode(question), wanted, limit_s=limit_s)
        match outcome:
            case Later(problem=problem) if problem is not None and problem.status == 429:
                # The quota of this question, not the line's state: other citizens can still be served.
                return Declined(problem)
            case Refused(problem):
                self.line.note(outcome)
                return Declined(problem)
            case Got(answer):
                self.line.note(outcome)
                return answer
        self.line.note(outcome)
        return NoAnswer()
