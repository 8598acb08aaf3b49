"""重置 and 解锁 on the chip: the three steps of LD/T 33 with the HSM, from intent to outcome.

One stretch that nothing cancels.  Before `84 24` goes to the card the terminal itself knows that nothing was
done; from the moment that command is on record until its status word came, only the chip knows.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import structlog
import trio

from kiosk.chip import Chip
from kiosk.contract import (
    CRYPTOGRAM_WAIT_S,
    VERDICT_WAIT_S,
    ExternalAuth,
    Kind,
    Personal,
    Problem,
    Sealed,
    SecureFunction,
    SecureMessage,
    Verdict,
)
from kiosk.desk import Desk
from kiosk.devices import (
    Applied,
    CardPulled,
    MessageRefused,
    MessageUnsent,
    PinChallenged,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukLocked,
    PukRefused,
)
from kiosk.journal import DidNotHappen, Draft, Happened, Unknown, View
from kiosk.journal.transaction import Authorised, Refused, Untouched
from kiosk.line import Authentication, Message
from kiosk.pin import Pin
from kiosk.seal import SealKey, pin_info, seal_personal, seal_pin
from kiosk.terms import Algorithm, PinBlocked, PinState, PinUnknown, TriesLeft

log = structlog.get_logger()

ON_THE_CHIP_S = 15
"""From the PUK authentication to the last status word; what is not done by then is not begun any more."""


# --- how it can end ---------------------------------------------------------------------------


class Worked(msgspec.Struct, frozen=True):
    """The chip did it."""

    view: View
    pin: PinState | None
    """None: the PIN that was typed is the card's.  Else it is not, and this is what the counter says."""


class NothingDone(msgspec.Struct, frozen=True):
    """The chip is as it was, for certain."""

    why: Untouched | None
    """None: the centre refused it by verdict."""
    verdict: Verdict | None = None
    problem: Problem | None = None


class NobodyKnows(msgspec.Struct, frozen=True):
    """The command went out and its answer did not come back."""

    view: View


LiveEnd = Worked | NothingDone | NobodyKnows

FUNCTIONS = {Kind.RELOAD_PIN: SecureFunction.RELOAD, Kind.UNBLOCK_PIN: SecureFunction.UNBLOCK}

_MESSAGE_DIGITS = {
    (SecureFunction.UNBLOCK, Algorithm.DES): 8,
    (SecureFunction.UNBLOCK, Algorithm.SM4): 8,
    (SecureFunction.RELOAD, Algorithm.DES): 24,
    (SecureFunction.RELOAD, Algorithm.SM4): 40,
}
"""enc ‖ MAC in hex.  The driver checks again: whatever else comes is never sent."""


async def carry_out(desk: Desk, kind: Kind, chip: Chip, pin: Pin, pin_key: SealKey) -> LiveEnd:
    """Everything from the intent on; `pin` is the new one (reload) or the one the person remembers (unblock).

    Raises JournalFailed when an intent cannot be written: nothing was done then.
    """
    view = await _authorise(desk, kind, chip)
    if not isinstance(view, View):
        return view
    return await _Live(desk, kind, chip, pin, pin_key, view.id).run()


async def _authorise(desk: Desk, kind: Kind, chip: Chip) -> View | NothingDone:
    journal = desk.terminal.journal
    view = await journal.submit(
        Draft(
            kind=kind,
            visit=desk.visit,
            holder=desk.person.holder if desk.person else None,
            card=chip.card,
            personal=desk.who(),
            evidence=desk.evidence(),
            consent=desk.consent,
        )
    )
    log.info("transaction_submitted", transaction=view.id, kind=kind)
    with trio.move_on_after(VERDICT_WAIT_S):
        view = await journal.settled(view.id)
        match view.state:
            case Authorised():
                return view
            case Refused(verdict=verdict):
                return NothingDone(None, verdict=verdict)
            case _:
                return NothingDone(Untouched.LINE)
    # The effect would be on the chip, and the chip was not touched: nothing was done, whatever the centre says.
    await journal.void(view.id)
    return NothingDone(Untouched.LINE)


class _Live:
    """One authorised transaction with the card under power."""

    def __init__(self, desk: Desk, kind: Kind, chip: Chip, pin: Pin, pin_key: SealKey, id: str) -> None:
        self._desk = desk
        self._hands = desk.terminal.hands
        self._line = desk.terminal.line
        self._journal = desk.terminal.journal
        self._function = FUNCTIONS[kind]
        self._chip = chip
        self._pin = pin
        self._pin_key = pin_key
        self._id = id
        self._acting = False
        self._log = log.bind(transaction=id)

    async def run(self) -> LiveEnd:
        end: LiveEnd | None = None
        with trio.move_on_after(ON_THE_CHIP_S + CRYPTOGRAM_WAIT_S):
            end = await self._steps()
        if end is None:
            end = await self._unknown() if self._acting else await self._not_done(Untouched.LATE)
        self._log.info("chip_transaction_ended", end=type(end).__name__)
        return end

    async def _steps(self) -> LiveEnd:
        challenged = await self._hands.challenge_pin(self._chip.card)
        if not isinstance(challenged, PinChallenged):
            return await self._not_done(Untouched.CARD_PULLED if isinstance(challenged, CardPulled) else Untouched.CARD)
        answer = await self._line.external_auth(self._external_auth(challenged))
        if not isinstance(answer, Authentication):
            return await self._not_done(Untouched.LINE, problem=answer if isinstance(answer, Problem) else None)
        await self._journal.puk(self._id)
        self._desk.puk_tried = True
        puk = await self._hands.authenticate_puk(answer.answer.authentication)
        match puk:
            case PukAccepted(factor=factor):
                return await self._secure_message(factor)
            case PukRefused(sw=sw):
                await self._journal.puk_breaker_off(self._id)
                self._log.error("puk_refused", sw=sw)
                return await self._not_done(Untouched.PUK_REFUSED, sw=sw)
            case PukLocked():
                await self._journal.puk_breaker_off(self._id)
                self._log.error("puk_locked")
                return await self._not_done(Untouched.PUK_LOCKED, sw="6983")
            case _:
                return await self._not_done(Untouched.CARD_PULLED if isinstance(puk, CardPulled) else Untouched.CARD)

    async def _secure_message(self, factor: str) -> LiveEnd:
        answer = await self._line.secure_message(self._secure_request(factor))
        if not isinstance(answer, Message):
            return await self._not_done(Untouched.LINE, problem=answer if isinstance(answer, Problem) else None)
        message = answer.answer.message
        if not self._fits(message):
            self._log.error("secure_message_refused_here", digits=len(message))
            return await self._not_done(Untouched.MESSAGE_WRONG)
        await self._journal.act(self._id, _tries(self._chip.pin))
        self._acting = True
        applied = await self._hands.apply_secure_message(self._function, message)
        match applied:
            case Applied():
                return await self._verify()
            case MessageRefused(sw=sw):
                return await self._not_done(Untouched.MESSAGE_REFUSED, sw=sw)
            case MessageUnsent():
                return await self._not_done(Untouched.MESSAGE_WRONG)
            case _:
                return await self._unknown()

    def _fits(self, message: str) -> bool:
        wanted = _MESSAGE_DIGITS.get((self._function, self._chip.card.algorithm))
        return len(message) == wanted and re.fullmatch("[0-9a-fA-F]*", message) is not None

    async def _verify(self) -> LiveEnd:
        """VERIFY with the PIN the person typed: settles the outcome and unmasks a swapped one."""
        verified = await self._hands.verify_pin(self._pin)
        match verified:
            case PinVerified():
                return await self._worked(None, pin_verified=True)
            case PinWrong(state=state) if self._function is SecureFunction.UNBLOCK:
                return await self._worked(state, pin_verified=False)
            case PinWrong(state=state):
                self._log.error("new_pin_is_not_the_typed_one")
                return await self._worked(state, pin_verified=False)
            case _:
                # 9000 came for the secure message: it is done, only the PIN could not be tried any more.
                return await self._worked(PinUnknown(), pin_verified=None)

    # --- the record ------------------------------------------------------------------------

    async def _worked(self, pin: PinState | None, *, pin_verified: bool | None) -> Worked:
        after = None if pin is None else _tries(pin)
        happened = Happened(
            sw="9000", tries_before=_tries(self._chip.pin), tries_after=after, pin_verified=pin_verified
        )
        return Worked(await self._journal.conclude(self._id, happened), pin)

    async def _not_done(self, why: Untouched, *, sw: str | None = None, problem: Problem | None = None) -> NothingDone:
        await self._journal.conclude(self._id, DidNotHappen(sw=sw, why=why))
        return NothingDone(why, problem=problem)

    async def _unknown(self) -> NobodyKnows:
        return NobodyKnows(await self._journal.conclude(self._id, Unknown(tries_before=_tries(self._chip.pin))))

    # --- what the HSM is asked -------------------------------------------------------------

    def _external_auth(self, challenged: PinChallenged) -> ExternalAuth:
        common = self._common()
        return ExternalAuth(**common, transaction=self._id, factor=challenged.factor, original=challenged.original)

    def _secure_request(self, factor: str) -> SecureMessage:
        sealed_pin: Sealed | None = None
        if self._function is SecureFunction.RELOAD:
            bound_to = pin_info(self._desk.terminal.name, self._id, self._chip.card.identifier, factor, self._function)
            sealed_pin = seal_pin(self._pin_key, self._pin.bcd, bound_to)
        common = self._common()
        return SecureMessage(
            **common, transaction=self._id, function=self._function, factor=factor, sealed_pin=sealed_pin
        )

    def _common(self) -> dict[str, Any]:
        """The fields of `CryptogramBase`."""
        card, terminal = self._chip.card, self._desk.terminal
        who = self._desk.who()
        personal = Personal(holder_number=who.holder_number, card_number=card.number, card_identifier=card.identifier)
        return {
            "visit": self._desk.visit,
            "algorithm": card.algorithm,
            "region": card.region,
            "reset_info": card.reset_info,
            "sealed": seal_personal(terminal.seal, personal, terminal.name, self._id),
        }


def _tries(pin: PinState) -> int | None:
    match pin:
        case TriesLeft(tries=tries):
            return tries
        case PinBlocked():
            return 0
        case _:
            return None
