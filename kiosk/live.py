"""重置 and 解锁 on the chip: the three steps of LD/T 33 with the HSM, from intent to outcome.

One stretch that nothing cancels.  Before `84 24` goes to the card the terminal itself knows that nothing was
done; from the moment that command is on record until its status word came, only the chip knows.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import msgspec
import structlog
import trio

from kiosk.chip import Chip
from kiosk.contract import (
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
    AnotherCard,
    Applied,
    CardLockedForever,
    CardProblem,
    CardPulled,
    CardUnexpected,
    MessageRefused,
    MessageUnsent,
    PinChallenged,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukLocked,
    PukRefused,
    ReaderFailed,
)
from kiosk.endings import Broken, Reason
from kiosk.journal import DidNotHappen, Draft, Happened, JournalFailed, Unknown, View
from kiosk.journal.transaction import Authorised, Quarantined, Refused, Untouched, Why
from kiosk.line import Authentication, Message, NoAnswer
from kiosk.pin import Pin
from kiosk.policy.evidence import require as require_evidence
from kiosk.seal import pin_info, seal_personal, seal_pin
from kiosk.terms import Algorithm, PinBlocked, PinLockedForever, PinState, TriesLeft

log = structlog.get_logger()

ON_THE_CHIP_S = 15
"""From the PUK authentication on; a secure message that is not there by then is thrown away.  What was sent to the
card is waited for: the devices have their own limit for it."""


# --- how it can end ---------------------------------------------------------------------------


class Verified(msgspec.Struct, frozen=True):
    """The PIN that was typed is the card's."""


class Wrong(msgspec.Struct, frozen=True):
    """It is not; `state` is what the counter says now."""

    state: PinState


class NotChecked(msgspec.Struct, frozen=True):
    """The card could not be asked any more."""


Check = Verified | Wrong | NotChecked


class Worked(msgspec.Struct, frozen=True):
    """The chip did it."""

    view: View
    check: Check


class NothingDone(msgspec.Struct, frozen=True):
    """The chip is as it was, for certain."""

    view: View
    why: Untouched | None
    """None: the centre refused it by verdict."""
    sw: str | None = None
    verdict: Verdict | None = None
    problem: Problem | None = None


class NobodyKnows(msgspec.Struct, frozen=True):
    """The command went out and its answer did not come back."""

    view: View


LiveEnd = Worked | NothingDone | NobodyKnows

FEW_TRIES = 2
"""With so many left a PIN is not tried: the terminal must not be what blocks a card."""

MAC_WRONG = {"6987", "6988", "9302"}
"""Secure messaging: missing, wrong; and its name in the e-purse's commands."""

FUNCTIONS = {Kind.RELOAD_PIN: SecureFunction.RELOAD, Kind.UNBLOCK_PIN: SecureFunction.UNBLOCK}

_MESSAGE_DIGITS = {
    (SecureFunction.UNBLOCK, Algorithm.DES): 8,
    (SecureFunction.UNBLOCK, Algorithm.SM4): 8,
    (SecureFunction.RELOAD, Algorithm.DES): 24,
    (SecureFunction.RELOAD, Algorithm.SM4): 40,
}
"""enc ‖ MAC in hex.  The driver checks again: whatever else comes is never sent."""


async def on_the_chip(desk: Desk, kind: Kind, chip: Chip, pin: Pin) -> LiveEnd:
    """Everything from the intent on; `pin` is the new one (reload) or the one the person remembers (unblock).

    What cannot be written down before the chip is told ends the service: its PIN is as it was.  What cannot be
    written down afterwards is `NobodyKnows`.
    """
    act = functools.partial(_carry_out, desk, kind, chip, pin)
    return await desk.on_record(act, failed=Broken(Reason.PIN_UNTOUCHED))


async def _carry_out(desk: Desk, kind: Kind, chip: Chip, pin: Pin) -> LiveEnd:
    drafted = await _submit(desk, kind, chip)
    authorised = await _authorised(desk, drafted)
    end: LiveEnd
    match authorised:
        case View():
            end = await _Live(desk, kind, chip, pin, authorised).run()
        case NothingDone():
            end = authorised
    log.info("chip_transaction_ended", transaction=drafted.id, end=type(end).__name__, **_details(end))
    return end


def _details(end: LiveEnd) -> dict[str, str | None]:
    match end:
        case Worked(check=check):
            return {"check": type(check).__name__}
        case NothingDone(why=why, sw=sw):
            return {"why": why, "sw": sw, "code": _code(end)}
        case NobodyKnows():
            return {}


def _code(end: NothingDone) -> str | None:
    """The centre's own."""
    refused = end.verdict or end.problem
    return refused.code if refused else None


async def _submit(desk: Desk, kind: Kind, chip: Chip) -> View:
    require_evidence(kind, desk.evidence())
    view = await desk.terminal.journal.submit(
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
    return view


async def _authorised(desk: Desk, view: View) -> View | NothingDone:
    journal = desk.terminal.journal
    with trio.move_on_after(VERDICT_WAIT_S):
        view = await journal.settled(view.id)
        match view.state:
            case Authorised():
                return view
            case Refused(verdict=verdict):
                return NothingDone(view, None, verdict=verdict)
            case _:
                return NothingDone(view, Untouched.LINE, problem=_problem_with(view))
    # The effect would be on the chip, and the chip was not touched: nothing was done, whatever the centre says.
    await journal.void(view.id)
    return NothingDone(view, Untouched.LINE)


def _problem_with(view: View) -> Problem | None:
    """The centre's own, when it could not take the item."""
    return view.delivery.problem if isinstance(view.delivery, Quarantined) else None


class _Live:
    """One authorised transaction with the card under power."""

    def __init__(self, desk: Desk, kind: Kind, chip: Chip, pin: Pin, authorised: View) -> None:
        self._desk = desk
        self._hands = desk.terminal.hands
        self._line = desk.terminal.line
        self._journal = desk.terminal.journal
        self._function = FUNCTIONS[kind]
        self._chip = chip
        self._pin = pin
        self._pin_key = desk.terminal.pin_key
        self._view = authorised
        self._id = authorised.id
        self._log = log.bind(transaction=self._id)

    async def run(self) -> LiveEnd:
        message = await self._secure_message()
        return await self._act(message) if isinstance(message, str) else message

    # --- up to here the terminal itself knows that nothing was done -----------------------

    async def _secure_message(self) -> str | NothingDone:
        """The centre's message for this very challenge of the card."""
        challenged = await self._hands.challenge_pin(self._chip.card)
        match challenged:
            case PinChallenged():
                pass
            case AnotherCard():
                return await self._not_done(Untouched.ANOTHER_CARD)
            case _:
                return await self._card_failed(challenged)
        answer = await self._line.external_auth(self._external_auth(challenged))
        if not isinstance(answer, Authentication):
            return await self._centre_failed(answer)
        with trio.move_on_after(ON_THE_CHIP_S):
            return await self._authenticated(answer.answer.authentication)
        return await self._not_done(Untouched.LATE)

    async def _authenticated(self, authentication: str) -> str | NothingDone:
        with trio.CancelScope(shield=True):  # a PUK that went out is waited for, and a refusal is put on record
            await self._journal.puk(self._id)
            puk = await self._hands.authenticate_puk(authentication)
            if not isinstance(puk, PukAccepted):
                return await self._puk_not_accepted(puk)
            factor = puk.factor
        return await self._message_for(factor)

    async def _puk_not_accepted(self, puk: PukRefused | PukLocked | CardProblem) -> NothingDone:
        match puk:
            case PukLocked():
                return await self._puk_failed(Untouched.PUK_LOCKED, "6983")
            case PukRefused(sw=sw):
                return await self._puk_failed(Untouched.PUK_REFUSED, sw)
            case CardUnexpected(step="authenticate_puk", sw=sw):  # whatever it means: not with the next card
                return await self._puk_failed(Untouched.PUK_REFUSED, sw)
            case _:
                return await self._card_failed(puk)

    async def _message_for(self, factor: str) -> str | NothingDone:
        answer = await self._line.secure_message(self._secure_request(factor))
        if not isinstance(answer, Message):
            return await self._centre_failed(answer)
        message = answer.answer.message
        if not self._fits(message):
            self._log.error("secure_message_refused_here", digits=len(message))
            return await self._not_done(Untouched.MESSAGE_WRONG)
        return message

    def _fits(self, message: str) -> bool:
        wanted = _MESSAGE_DIGITS.get((self._function, self._chip.card.algorithm))
        return len(message) == wanted and re.fullmatch("[0-9a-fA-F]*", message) is not None

    # --- from here on only the chip knows; nothing that was sent is given up ---------------

    async def _act(self, message: str) -> LiveEnd:
        self._view = await self._journal.act(self._id, _tries(self._chip.pin))
        try:
            return await self._applied(message)
        except JournalFailed as error:
            # The chip has been told, and its answer cannot be written down: not known, until it comes back.
            self._log.error("journal_failed", why=str(error))
            self._desk.journal_failed = True
            return NobodyKnows(self._view)

    async def _applied(self, message: str) -> LiveEnd:
        applied = await self._hands.apply_secure_message(self._function, message)
        match applied:
            case Applied():
                return await self._verify()
            case MessageRefused(sw=sw):
                return await self._refused(sw)
            case MessageUnsent(why=why):
                return await self._unsent(why)
            case CardUnexpected(sw=sw):
                self._log.error("secure_message_unclear", sw=sw)
                return await self._try_the_pin(sw)
            case CardPulled():
                return await self._unknown(Why.CARD_GONE)
            case _:
                return await self._unknown(Why.CHIP_SILENT)

    async def _refused(self, sw: str) -> NothingDone:
        if sw not in MAC_WRONG:
            return await self._not_done(Untouched.MESSAGE_REFUSED, sw=sw)
        self._log.error("mac_refused", sw=sw)
        return await self._not_done(Untouched.MAC_REFUSED, sw=sw)

    async def _unsent(self, why: CardPulled | ReaderFailed | None) -> NothingDone:
        return await (self._not_done(Untouched.MESSAGE_WRONG) if why is None else self._card_failed(why))

    async def _verify(self) -> LiveEnd:
        """VERIFY with the PIN the person typed: settles the outcome and unmasks a swapped one."""
        match await self._hands.verify_pin(self._pin):
            case PinVerified():
                return await self._worked(Verified())
            case PinWrong(state=state):
                return await self._wrong(state)
            case CardLockedForever():
                return await self._worked(Wrong(PinLockedForever()))
            case _:
                return await self._worked(NotChecked())

    async def _wrong(self, state: PinState, sw: str = "9000") -> Worked:
        """After an unblock, somebody's memory failed.

        A reload wrote something else than was typed: whoever did that must not meet the next card.
        """
        if self._function is SecureFunction.RELOAD:
            self._log.error("pin_on_the_card_is_another", tries_left=_tries(state))
            await self._journal.puk_breaker_off(self._id)
        else:
            self._log.info("pin_wrong", tries_left=_tries(state))
        return await self._worked(Wrong(state), sw)

    async def _try_the_pin(self, sw: str) -> LiveEnd:
        """No clear answer, and the card is still there: a PIN that fits now was written, or freed, by this command.

        Not asked where a PIN that does not fit would cost one of the last tries.
        """
        before = _tries(self._chip.pin)
        if before is None or 0 < before <= FEW_TRIES:
            return await self._unknown(Why.CHIP_SILENT)
        match await self._hands.verify_pin(self._pin):
            case PinVerified() if before == 0 or self._function is SecureFunction.RELOAD:
                return await self._worked(Verified(), sw)
            case PinWrong(state=TriesLeft() as state) if before == 0:
                return await self._wrong(state, sw)
            case PinWrong(state=PinBlocked()) if before == 0:
                return await self._not_done(Untouched.MESSAGE_REFUSED, sw=sw)
            case _:
                return await self._unknown(Why.CHIP_SILENT)

    # --- the record ------------------------------------------------------------------------

    async def _worked(self, check: Check, sw: str = "9000") -> Worked:
        happened = Happened(
            sw=sw,
            tries_before=_tries(self._chip.pin),
            tries_after=_tries(check.state) if isinstance(check, Wrong) else None,
            pin_verified={Verified: True, Wrong: False, NotChecked: None}[type(check)],
        )
        return Worked(await self._journal.conclude(self._id, happened), check)

    async def _unknown(self, why: Why) -> NobodyKnows:
        unknown = Unknown(_tries(self._chip.pin), why)
        return NobodyKnows(await self._journal.conclude(self._id, unknown))

    async def _puk_failed(self, why: Untouched, sw: str) -> NothingDone:
        self._log.error("puk_failed", why=why, sw=sw)
        await self._journal.puk_breaker_off(self._id)
        return await self._not_done(why, sw=sw)

    async def _card_failed(self, problem: object) -> NothingDone:
        match problem:
            case CardPulled():
                return await self._not_done(Untouched.CARD_PULLED)
            case CardLockedForever():
                return await self._not_done(Untouched.CARD, sw="9303")
            case ReaderFailed():
                return await self._not_done(Untouched.READER)
            case _:
                return await self._not_done(Untouched.CARD)

    async def _centre_failed(self, answer: Problem | NoAnswer) -> NothingDone:
        if isinstance(answer, Problem):
            return await self._not_done(Untouched.LINE, problem=answer)
        return await self._not_done(Untouched.LINE)

    async def _not_done(self, why: Untouched, *, sw: str | None = None, problem: Problem | None = None) -> NothingDone:
        with trio.CancelScope(shield=True):
            await self._journal.conclude(self._id, DidNotHappen(sw=sw, why=why))
        return NothingDone(self._view, why, sw=sw, problem=problem)

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
