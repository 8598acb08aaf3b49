"""The devices and the line as the desk uses them: calls with their deadlines, silence turned into values."""

from __future__ import annotations

import math
from typing import Any, Protocol, TypeVar

import structlog
import trio

from kiosk.contract import (
    CRYPTOGRAM_WAIT_S,
    CardsAnswer,
    CardsQuery,
    ClerkSignedIn,
    ClerkSignIn,
    ExternalAuth,
    Problem,
    ProductionAnswer,
    ProductionQuery,
    ProofChecked,
    ProofCode,
    ProofRequest,
    ProofSent,
    ReadBasic,
    SecureFunction,
    SecureMessage,
    Signed,
)
from kiosk.devices import (
    AnotherCard,
    Applied,
    ApplySecureMessage,
    AuthenticatePuk,
    AuthenticationRefused,
    CardIn,
    CardOpened,
    CardProblem,
    ChallengeCard,
    Challenged,
    ChallengePin,
    Changed,
    ChangePin,
    ChangeRefused,
    ChangeUnsent,
    CloseCard,
    DeviceNews,
    HolderRead,
    IdCardReading,
    IdReaderFailed,
    MessageRefused,
    MessageUnsent,
    MuteCard,
    NoCard,
    OpenCard,
    PadPress,
    PinChallenged,
    PinPadFailed,
    PinVerified,
    PinWrong,
    Printing,
    PrintSlip,
    PrintUnknown,
    PukAccepted,
    PukLocked,
    PukRefused,
    ReaderFailed,
    ReadHolder,
    ReadIdCard,
    ReadPadKey,
    SlotState,
    VerifyPin,
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
    LineNews,
    Message,
    NoAnswer,
    Offline,
    ProductionFound,
    ProofAnswered,
    ProofOnItsWay,
    Record,
    SignedIn,
    SignInClerk,
)
from kiosk.link import Call, News, Unanswered
from kiosk.pin import Pin
from kiosk.slips.lines import Slip
from kiosk.terms import DeviceAbsent, SocialSecurityCard

log = structlog.get_logger()

A = TypeVar("A")
N = TypeVar("N", bound=News)

CARD_STEP_S = 10
"""A whole open or read takes under a second; the devices' own watchdog acts after five."""
SECURE_STEP_S = 17
"""Longer than the devices' own limit for commands that must not be broken off: they give up first, and say so."""
COMES_BACK_S = 5
"""A process that died is there again within a second, a reader plugged in again within two."""
PRINT_S = 30
"""A long slip at 9,600 baud takes eight seconds."""
QUERY_S = 10
"""A citizen waits for an answer from the centre no longer than for a verdict."""
BEAT_S = 25
"""A beat that is under way, and then this one: each asks the terminal and the centre."""

AWAY = DeviceNews(
    card_reader=DeviceAbsent("设备服务没有运行"),
    id_reader=DeviceAbsent("设备服务没有运行"),
    printer=DeviceAbsent("设备服务没有运行"),
    slot=NoCard(),
)
"""What is known while `kiosk devices` does not run."""


class PeerLink(Protocol):
    """The other process, whether it is there or not (kiosk.link.Peer)."""

    async def call(self, call: Call[A], *, deadline_s: float) -> A | Unanswered: ...

    def latest(self, kind: type[N]) -> N | None:
        """The newest news of this kind; None while the peer is away."""

    async def changed(self) -> None:
        """Return at the next news, or when the peer comes or goes."""


class Hands:
    """`kiosk devices`."""

    def __init__(self, peer: PeerLink) -> None:
        self._peer = peer

    @property
    def news(self) -> DeviceNews:
        return self._peer.latest(DeviceNews) or AWAY

    @property
    def slot(self) -> SlotState:
        return self.news.slot

    async def changed(self) -> None:
        """Return at the next news."""
        await self._peer.changed()

    async def card_other_than(self, before: SlotState) -> CardIn | MuteCard | ReaderFailed:
        """Wait for a card in the slot; one that was already tried must be taken out and put in again."""
        while isinstance(slot := self.slot, NoCard) or slot == before:
            with trio.move_on_after(math.inf if self.news.card_reader.usable else COMES_BACK_S) as waiting:
                await self._peer.changed()
            if waiting.cancelled_caught:
                return ReaderFailed("读卡器不见了")
        return slot

    async def other_than(self, before: SlotState) -> None:
        """Wait until the slot is no longer as it was."""
        while self.slot == before:
            await self._peer.changed()

    async def slot_empty(self) -> None:
        while not isinstance(self.slot, NoCard):
            await self._peer.changed()

    async def read_id_card(self) -> IdCardReading:
        # No deadline of its own: it waits for a person and ends with that person's patience.
        call = ReadIdCard()
        answer = await self._peer.call(call, deadline_s=math.inf)
        return IdReaderFailed(_silent(call, answer)) if isinstance(answer, Unanswered) else answer

    async def open_card(self) -> CardOpened | CardProblem:
        return await self._card(OpenCard(), CARD_STEP_S)

    async def challenge_card(self) -> Challenged | CardProblem:
        return await self._card(ChallengeCard(), CARD_STEP_S)

    async def read_holder(self, external: str | None) -> HolderRead | AuthenticationRefused | CardProblem:
        return await self._card(ReadHolder(external), CARD_STEP_S)

    async def challenge_pin(self, card: SocialSecurityCard) -> PinChallenged | AnotherCard | CardProblem:
        return await self._card(ChallengePin(card.identifier, card.number), CARD_STEP_S)

    async def authenticate_puk(self, authentication: str) -> PukAccepted | PukRefused | PukLocked | CardProblem:
        return await self._card(AuthenticatePuk(authentication), SECURE_STEP_S)

    async def apply_secure_message(
        self, function: SecureFunction, message: str
    ) -> Applied | MessageRefused | MessageUnsent | CardProblem:
        return await self._card(ApplySecureMessage(function, message), SECURE_STEP_S)

    async def verify_pin(self, pin: Pin) -> PinVerified | PinWrong | CardProblem:
        return await self._card(VerifyPin(pin), SECURE_STEP_S)

    async def change_pin(self, old: Pin, new: Pin) -> Changed | PinWrong | ChangeRefused | ChangeUnsent | CardProblem:
        return await self._card(ChangePin(old, new), SECURE_STEP_S)

    async def close_card(self) -> None:
        await self._peer.call(CloseCard(), deadline_s=CARD_STEP_S)

    async def print(self, slip: Slip) -> Printing:
        call = PrintSlip(slip)
        answer = await self._peer.call(call, deadline_s=PRINT_S)
        return PrintUnknown(_silent(call, answer)) if isinstance(answer, Unanswered) else answer

    @property
    def has_pin_pad(self) -> bool:
        """One that works."""
        pad = self.news.pin_pad
        return pad is not None and pad.usable

    async def read_pad_key(self) -> PadPress:
        """The next key.  The pad is on while this waits; whoever gets a figure wipes it."""
        call = ReadPadKey()
        answer = await self._peer.call(call, deadline_s=math.inf)
        return PinPadFailed(_silent(call, answer)) if isinstance(answer, Unanswered) else answer

    async def _card(self, call: Call[A], deadline_s: float) -> A | ReaderFailed:
        answer = await self._peer.call(call, deadline_s=deadline_s)
        return ReaderFailed(_silent(call, answer)) if isinstance(answer, Unanswered) else answer


def _silent(call: Call[Any], unanswered: Unanswered) -> str:
    log.warning("devices_gave_no_answer", call=type(call).__name__, why=unanswered.why)
    return "设备服务没有回答"


class Line:
    """`kiosk sync`."""

    def __init__(self, peer: PeerLink) -> None:
        self._peer = peer

    @property
    def news(self) -> LineNews:
        return self._peer.latest(LineNews) or LineNews(Offline("线路服务没有运行"))

    async def changed(self) -> None:
        await self._peer.changed()

    async def beat(self) -> bool:
        """Send a heartbeat now; whether the centre has it."""
        match await self._peer.call(Beat(), deadline_s=BEAT_S):
            case Beaten():
                return True
            case NoAnswer() | Unanswered() as silence:
                _no_answer("beat", silence)
                return False

    async def cards(self, query: CardsQuery) -> CardsAnswer | Problem | NoAnswer:
        match await self._peer.call(AskCards(query), deadline_s=QUERY_S):
            case CardsFound(answer=answer):
                return answer
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("cards", silence)

    async def production(self, query: ProductionQuery) -> ProductionAnswer | Problem | NoAnswer:
        match await self._peer.call(AskProduction(query), deadline_s=QUERY_S):
            case ProductionFound(answer=answer):
                return answer
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("production", silence)

    async def proof(self, request: ProofRequest) -> ProofSent | Problem | NoAnswer:
        match await self._peer.call(AskProof(request), deadline_s=QUERY_S):
            case ProofOnItsWay(sent=sent):
                return sent
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("proof", silence)

    async def check_proof(self, id: str, code: str) -> ProofChecked | Problem | NoAnswer:
        match await self._peer.call(CheckProof(id, ProofCode(code)), deadline_s=QUERY_S):
            case ProofAnswered(checked=checked):
                return checked
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("check_proof", silence)

    async def sign_in(self, asked: ClerkSignIn) -> ClerkSignedIn | Problem | NoAnswer:
        match await self._peer.call(SignInClerk(asked), deadline_s=QUERY_S):
            case SignedIn(clerk=clerk):
                return clerk
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("sign_in", silence)

    async def external_auth(self, request: ExternalAuth) -> Authentication | Problem | NoAnswer:
        match await self._peer.call(AskExternalAuth(request), deadline_s=CRYPTOGRAM_WAIT_S):
            case Authentication() as answered:
                return answered
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("external_auth", silence)

    async def secure_message(self, request: SecureMessage) -> Message | Problem | NoAnswer:
        match await self._peer.call(AskSecureMessage(request), deadline_s=CRYPTOGRAM_WAIT_S):
            case Message() as answered:
                return answered
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("secure_message", silence)

    async def read_basic(self, request: ReadBasic) -> BasicReadAnswered | Problem | NoAnswer:
        match await self._peer.call(AskReadBasic(request), deadline_s=CRYPTOGRAM_WAIT_S):
            case BasicReadAnswered() as answered:
                return answered
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("read_basic", silence)

    async def record(self, transaction: str) -> Signed | Problem | NoAnswer:
        """The centre's last verdict on a transaction."""
        match await self._peer.call(AskRecord(transaction), deadline_s=RECORD_WAIT_S):
            case Record(verdict=verdict):
                return verdict
            case Declined(problem=problem):
                return problem
            case NoAnswer() | Unanswered() as silence:
                return _no_answer("record", silence)


def _no_answer(call: str, silence: NoAnswer | Unanswered) -> NoAnswer:
    log.warning("centre_gave_no_answer", call=call, kind=type(silence).__name__)
    return NoAnswer()
