"""修改 on the chip: CHANGE PIN with the two PINs that the person typed, from intent to outcome.

The chip alone decides.  One stretch that nothing cancels: from the moment the command is on record until its status
word came, only the chip knows.
"""

from __future__ import annotations

import functools

import msgspec
import structlog

from kiosk.chip import Chip
from kiosk.contract import Kind
from kiosk.desk import Desk
from kiosk.devices import (
    CardPulled,
    CardUnexpected,
    Changed,
    ChangeRefused,
    ChangeUnsent,
    PinVerified,
    PinWrong,
    ReaderFailed,
)
from kiosk.endings import Broken, Reason
from kiosk.journal import DidNotHappen, Draft, Happened, JournalFailed, Unknown, View
from kiosk.journal.transaction import Untouched, Why
from kiosk.live import FEW_TRIES, NobodyKnows, NothingDone
from kiosk.pin import Pin
from kiosk.terms import PinState, TriesLeft

log = structlog.get_logger()

# --- how it can end ---------------------------------------------------------------------------


class PinIsNew(msgspec.Struct, frozen=True):
    """The chip took the new PIN."""

    view: View


class OldPinWrong(msgspec.Struct, frozen=True):
    """What was typed as the old PIN is not the card's; `state`: what is left of its tries."""

    view: View
    state: PinState


ChangeEnd = PinIsNew | OldPinWrong | NothingDone | NobodyKnows


async def change_on_the_chip(desk: Desk, chip: Chip, tries: int, old: Pin, new: Pin) -> ChangeEnd:
    """`tries`: left on the chip before.  What cannot be written down before the chip is told ends the service."""
    act = functools.partial(_carry_out, desk, chip, tries, old, new)
    end = await desk.on_record(act, failed=Broken(Reason.PIN_UNTOUCHED))
    log.info("pin_change_ended", transaction=end.view.id, end=type(end).__name__, **_details(end))
    return end


def _details(end: ChangeEnd) -> dict[str, str | int | None]:
    match end:
        case NothingDone(why=why, sw=sw):
            return {"why": why, "sw": sw}
        case OldPinWrong(state=state):
            return {"tries_left": state.tries if isinstance(state, TriesLeft) else 0}
        case _:
            return {}


async def _carry_out(desk: Desk, chip: Chip, tries: int, old: Pin, new: Pin) -> ChangeEnd:
    begun = await desk.terminal.journal.begin_change(
        Draft(
            kind=Kind.PIN_CHANGED,
            visit=desk.visit,
            holder=desk.person.holder if desk.person else None,
            card=chip.card,
            personal=desk.who(),
            evidence=desk.evidence(),
            consent=desk.consent,
        ),
        tries,
    )
    try:
        return await _Change(desk, begun, tries).run(old, new)
    except JournalFailed as error:
        # The chip has been told, and its answer cannot be written down: not known, until it comes back.
        desk.log.error("journal_failed", why=str(error))
        desk.journal_failed = True
        return NobodyKnows(begun)


class _Change:
    """One that is on record as acting, with the card under power."""

    def __init__(self, desk: Desk, begun: View, tries: int) -> None:
        self._hands = desk.terminal.hands
        self._journal = desk.terminal.journal
        self._begun = begun
        self._tries = tries

    async def run(self, old: Pin, new: Pin) -> ChangeEnd:
        answer = await self._hands.change_pin(old, new)
        match answer:
            case Changed():
                return await self._new("9000")
            case PinWrong(state=state):
                return await self._wrong(state)
            case ChangeRefused(sw=sw):
                return await self._not_done(Untouched.CARD, sw)
            case ChangeUnsent(why=why):
                return await self._not_done(_UNSENT[type(why)])
            case CardUnexpected(sw=sw):
                log.error("change_unclear", transaction=self._begun.id, sw=sw)
                return await self._try_the_new_pin(new, sw)
            case _:
                return await self._unknown(Why.CARD_GONE if isinstance(answer, CardPulled) else Why.CHIP_SILENT)

    async def _try_the_new_pin(self, new: Pin, sw: str) -> ChangeEnd:
        """No clear answer, and the card is still there: a PIN that fits now was written by this command.

        Not asked where one that does not fit would cost one of the last tries.
        """
        if self._tries > FEW_TRIES and isinstance(await self._hands.verify_pin(new), PinVerified):
            return await self._new(sw)
        return await self._unknown(Why.CHIP_SILENT)

    async def _new(self, sw: str) -> PinIsNew:
        happened = Happened(sw=sw, tries_before=self._tries, tries_after=None, pin_verified=None)
        return PinIsNew(await self._journal.conclude(self._begun.id, happened))

    async def _wrong(self, state: PinState) -> OldPinWrong:
        sw = f"63C{state.tries:X}" if isinstance(state, TriesLeft) else "6983"
        concluded = await self._journal.conclude(self._begun.id, DidNotHappen(sw, Untouched.PIN_WRONG))
        return OldPinWrong(concluded, state)

    async def _not_done(self, why: Untouched, sw: str | None = None) -> NothingDone:
        return NothingDone(await self._journal.conclude(self._begun.id, DidNotHappen(sw, why)), why, sw=sw)

    async def _unknown(self, why: Why) -> NobodyKnows:
        return NobodyKnows(await self._journal.conclude(self._begun.id, Unknown(self._tries, why)))


_UNSENT: dict[type[object], Untouched] = {
    CardPulled: Untouched.CARD_PULLED,
    ReaderFailed: Untouched.READER,
    type(None): Untouched.MESSAGE_WRONG,
}
