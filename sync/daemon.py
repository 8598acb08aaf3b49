"""`kiosk sync`: the only door to the network.

It sees nothing personal in clear, keeps nothing but its key and certificate, and can delay, not invent.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec
import structlog
import trio

from kiosk.contract import (
    CRYPTOGRAM_WAIT_S,
    VERDICT_WAIT_S,
    BasicRead,
    CardsAnswer,
    ClerkSignedIn,
    CryptogramRequest,
    ExternalAuthentication,
    Paths,
    ProductionAnswer,
    ProofChecked,
    ProofSent,
    SecuredMessage,
    Signed,
)
from kiosk.line import (
    RECORD_WAIT_S,
    AskCards,
    AskExternalAuth,
    AskProduction,
    AskProof,
    AskReadBasic,
    AskRecord,
    AskSecureMessage,
    Authentication,
    BasicReadAnswered,
    Beat,
    Beaten,
    CardsFound,
    CheckProof,
    Declined,
    Message,
    NoAnswer,
    ProductionFound,
    ProofAnswered,
    ProofOnItsWay,
    Record,
    SignedIn,
    SignInClerk,
    Unwelcome,
)
from kiosk.link import Link
from kiosk.pairing import LineIdentity
from kiosk.sockets import Server
from sync import client
from sync.answers import Got, Later, Lost, Outcome, Refused, Severed, Unreached
from sync.client import CentreClient
from sync.heartbeat import Pulse
from sync.inquiry import Inquiry
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
        self._pulse: Pulse | None = None
        """The connected terminal's."""
        self.server = Server(
            {
                Beat: self._beat,
                AskCards: self._ask_cards,
                AskProduction: self._ask_production,
                AskProof: self._ask_proof,
                CheckProof: self._check_proof,
                SignInClerk: self._sign_in_clerk,
                AskReadBasic: self._ask_read_basic,
                AskExternalAuth: self._ask_external_auth,
                AskSecureMessage: self._ask_secure_message,
                AskRecord: self.ask_record,
            },
            attend=self._attend,
        )
        self.line = Line(self.server.publish)

    async def _attend(self, terminal: Link) -> None:
        log.info("terminal_connected")
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(Worker(terminal, self._centre, self.line).run)
                self._pulse = Pulse(self._name, terminal, self._centre, self.line)
                nursery.start_soon(self._pulse.run)
                nursery.start_soon(Inquiry(terminal, self.ask_record, self.line).run)
        finally:
            self.line.untried()

    async def _beat(self, _call: Beat) -> Beaten | NoAnswer:
        beaten = self._pulse is not None and await self._pulse.beat()
        return Beaten() if beaten else NoAnswer()

    async def _ask_cards(self, call: AskCards) -> CardsFound | Declined | NoAnswer:
        answer = await self._ask(Paths.CARDS_QUERY, call.query, CardsAnswer, VERDICT_WAIT_S)
        return CardsFound(answer) if isinstance(answer, CardsAnswer) else answer

    async def _ask_production(self, call: AskProduction) -> ProductionFound | Declined | NoAnswer:
        answer = await self._ask(Paths.PRODUCTION_QUERY, call.query, ProductionAnswer, VERDICT_WAIT_S)
        return ProductionFound(answer) if isinstance(answer, ProductionAnswer) else answer

    async def _ask_proof(self, call: AskProof) -> ProofOnItsWay | Declined | NoAnswer:
        answer = await self._ask(Paths.PROOFS, call.request, ProofSent, VERDICT_WAIT_S)
        return ProofOnItsWay(answer) if isinstance(answer, ProofSent) else answer

    async def _check_proof(self, call: CheckProof) -> ProofAnswered | Declined | NoAnswer:
        path = f"{Paths.PROOFS}/{quote(call.id, safe='')}"
        answer = await self._ask(path, call.code, ProofChecked, VERDICT_WAIT_S)
        return ProofAnswered(answer) if isinstance(answer, ProofChecked) else answer

    async def _sign_in_clerk(self, call: SignInClerk) -> SignedIn | Declined | NoAnswer:
        answer = await self._ask(Paths.CLERKS, call.asked, ClerkSignedIn, VERDICT_WAIT_S)
        return SignedIn(answer) if isinstance(answer, ClerkSignedIn) else answer

    async def _ask_read_basic(self, call: AskReadBasic) -> BasicReadAnswered | Declined | NoAnswer:
        answer = await self._ask_cryptogram(call.request, BasicRead)
        return BasicReadAnswered(answer) if isinstance(answer, BasicRead) else answer

    async def _ask_external_auth(self, call: AskExternalAuth) -> Authentication | Declined | NoAnswer:
        answer = await self._ask_cryptogram(call.request, ExternalAuthentication)
        return Authentication(answer) if isinstance(answer, ExternalAuthentication) else answer

    async def _ask_secure_message(self, call: AskSecureMessage) -> Message | Declined | NoAnswer:
        """Passed on as it is: what may go to a chip is the driver's to judge."""
        answer = await self._ask_cryptogram(call.request, SecuredMessage)
        return Message(answer) if isinstance(answer, SecuredMessage) else answer

    async def ask_record(self, call: AskRecord) -> Record | Declined | NoAnswer:
        if isinstance(self.line.state, Unwelcome):
            return NoAnswer()
        path = f"{Paths.TRANSACTIONS}/{quote(call.transaction, safe='')}"
        outcome = await self._centre.exchange("GET", path, b"", Signed, limit_s=RECORD_WAIT_S)
        if isinstance(outcome, Lost):
            # Half the time that others are given: it says nothing of the line, on which the visit's own question waits.
            return NoAnswer()
        answer = self._told(outcome)
        return Record(answer) if isinstance(answer, Signed) else answer

    async def _ask(
        self, path: str, question: msgspec.Struct, wanted: type[T], limit_s: float
    ) -> T | Declined | NoAnswer:
        if isinstance(self.line.state, Unwelcome):
            return NoAnswer()
        body = msgspec.json.encode(question)
        return self._told(await self._centre.exchange("POST", path, body, wanted, limit_s=limit_s))

    async def _ask_cryptogram(self, question: CryptogramRequest, wanted: type[T]) -> T | Declined | NoAnswer:
        """A chip waits, and its challenge is good once: the very same request may go out twice, and no other."""
        if isinstance(self.line.state, Unwelcome):
            return NoAnswer()
        return self._told(await self._twice_at_most(msgspec.json.encode(question), wanted))

    async def _twice_at_most(self, body: bytes, wanted: type[T]) -> Outcome[T]:
        """Again only after a broken connection, and only within the time that the chip is waited for."""
        request_id, until = client.fresh_id(), trio.current_time() + CRYPTOGRAM_WAIT_S

        async def post() -> Outcome[T]:
            left_s = until - trio.current_time()
            return await self._centre.exchange(
                "POST", Paths.CRYPTOGRAMS, body, wanted, limit_s=left_s, request_id=request_id
            )

        outcome = await post()
        if isinstance(outcome, Unreached | Severed) and trio.current_time() < until:
            log.info("cryptogram_asked_again", request_id=request_id)
            return await post()
        return outcome

    def _told(self, outcome: Outcome[T]) -> T | Declined | NoAnswer:
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
