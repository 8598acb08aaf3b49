"""The social security card reader as a device of `kiosk devices`: at most one card session at a time (LD/T 33 §2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import structlog

from drivers.card.pcsc import Look
from drivers.card.session import CardSession, open_session
from drivers.card.transport import PoweredCard
from drivers.child import Sighting, StillWanted
from kiosk.devices import (
    AnotherCard,
    Applied,
    ApplySecureMessage,
    AskPinState,
    AuthenticatePuk,
    AuthenticationRefused,
    CardOpened,
    CardProblem,
    CardPulled,
    ChallengeCard,
    Challenged,
    ChallengePin,
    Changed,
    ChangePin,
    ChangeRefused,
    ChangeUnsent,
    CloseCard,
    Closed,
    HolderRead,
    MessageRefused,
    MessageUnsent,
    NoCard,
    OpenCard,
    PinAsked,
    PinChallenged,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukLocked,
    PukRefused,
    ReaderFailed,
    ReadHolder,
    SlotState,
    VerifyPin,
)
from kiosk.link import Call
from kiosk.terms import DeviceAbsent, DeviceFailing

NOT_OPEN = ReaderFailed("没有已打开的卡：请重新读卡")
"""To a step without a session: this process has not opened the card, or was replaced since."""

_ENDS_SESSION = (CardPulled, ReaderFailed)

_log = structlog.get_logger()

Answer = (
    CardOpened
    | Challenged
    | HolderRead
    | AuthenticationRefused
    | PinChallenged
    | AnotherCard
    | PukAccepted
    | PukRefused
    | PukLocked
    | Applied
    | MessageRefused
    | MessageUnsent
    | PinVerified
    | PinWrong
    | Changed
    | ChangeRefused
    | ChangeUnsent
    | PinAsked
    | CardProblem
    | Closed
)

_STEPS: dict[type[Call[Any]], Callable[[CardSession, Any], Answer]] = {
    ChallengeCard: lambda session, _: session.challenge(),
    ReadHolder: lambda session, call: session.read_holder(call.external),
    ChallengePin: lambda session, call: session.challenge_pin(call.identifier, call.number),
    AuthenticatePuk: lambda session, call: session.authenticate_puk(call.authentication),
    ApplySecureMessage: lambda session, call: session.apply_secure_message(call.function, call.message),
    VerifyPin: lambda session, call: session.verify_pin(call.pin),
    ChangePin: lambda session, call: session.change_pin(call.pin, call.new),
    AskPinState: lambda session, _: session.ask_pin_state(),
}
"""What needs an open card."""


class CardInSlot(PoweredCard, Protocol):
    slot: SlotState
    """In which it was powered."""


class Reader(Protocol):
    """What holds the card (drivers.card.pcsc.Reader)."""

    def look(self) -> Look:
        """Without touching the card."""

    def power(self) -> CardInSlot | CardProblem:
        """Power the card in the slot, exclusively."""

    def close(self) -> None:
        """Let go of it."""


class CardReader:
    """One reader and the card in it."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._session: CardSession | None = None
        self._opened_in: SlotState = NoCard()
        self._ended: CardPulled | ReaderFailed = NOT_OPEN

    def answer(self, call: Any, still_wanted: StillWanted) -> Answer:
        """Every step is a few short commands: none is long enough to be given up half-way."""
        match call:
            case OpenCard():
                answer: Answer = self._open()
            case CloseCard():
                self._end(NOT_OPEN)
                answer = Closed()
            case _ if self._session is None:
                answer = self._untouched(call)
            case _:
                answer = _STEPS[type(call)](self._session, call)
        if isinstance(answer, _ENDS_SESSION):
            self._end(answer)
        _report(call, answer)
        return answer

    def _untouched(self, call: Any) -> Answer:
        """For what would have changed the card it is known that it did not."""
        match call:
            case ApplySecureMessage():
                return MessageUnsent(self._ended)
            case ChangePin():
                return ChangeUnsent(self._ended)
            case _:
                return self._ended

    def look(self) -> Sighting:
        """Reader and slot.  A card that left ends its session, even if it is back already."""
        seen = self._reader.look()
        if self._session is not None and seen.slot != self._opened_in:
            self._end(_reason(seen))
        return Sighting(seen.state, seen.slot, virtual=seen.virtual)

    def close(self) -> None:
        self._end(NOT_OPEN)
        self._reader.close()

    def _open(self) -> CardOpened | CardProblem:
        self._end(NOT_OPEN)
        card = self._reader.power()
        if isinstance(card, CardProblem):
            return card
        session = open_session(card)
        if not isinstance(session, CardSession):
            card.power_off()
            return session
        self._session, self._opened_in = session, card.slot
        return session.opened

    def _end(self, reason: CardPulled | ReaderFailed) -> None:
        """`reason` is what later steps of this session will be told."""
        self._ended = reason
        if self._session is not None:
            self._session.close()
            self._session = None


def _reason(seen: Look) -> CardPulled | ReaderFailed:
    match seen.state:
        case DeviceAbsent(advice=advice) | DeviceFailing(advice=advice):
            return ReaderFailed(advice)
    return CardPulled()


def _report(call: Any, answer: Answer) -> None:
    """Step, kind of answer and status word: nothing of card or person."""
    details = {field: getattr(answer, field) for field in ("step", "sw", "advice") if hasattr(answer, field)}
    _log.info("card_step", call=type(call).__name__, answer=type(answer).__name__, **details)
