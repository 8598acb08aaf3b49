"""Before and after the chip: is it legal, and what is the person told."""

from __future__ import annotations

from typing import Any, NoReturn

from kiosk.chip import Chip
from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk, in_the_slot
from kiosk.endings import Reason
from kiosk.journal import View
from kiosk.journal.transaction import Untouched
from kiosk.line import NoAnswer
from kiosk.live import LiveEnd, NobodyKnows, NotChecked, NothingDone, Verified, Worked, Wrong
from kiosk.policy.eligibility import CHANGE_PIN, RESET_PIN, tile
from kiosk.prompts import Paper, Result, Tone
from kiosk.slips import receipts
from kiosk.slips.receipts import PinWord
from kiosk.terms import CardStatus, PinBlocked, PinLockedForever, PinState, TriesLeft
from kiosk.words import Message, msg

_STATUS = {
    CardStatus.SEALED: Reason.PIN_SEALED,
    CardStatus.FORMALLY_LOST: Reason.PIN_LOST,
    CardStatus.APPLICATION_LOCKED: Reason.PIN_OFFICE_LOCKED,
    CardStatus.TEMPORARILY_LOST: Reason.PIN_LOST,
    CardStatus.CANCELLED: Reason.PIN_CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}

_NOTHING_DONE = {
    Untouched.LINE: Reason.LIVE_LINE,
    Untouched.LATE: Reason.LIVE_LINE,
    Untouched.CARD_PULLED: Reason.LIVE_CARD_PULLED,
    Untouched.CARD: Reason.LIVE_CARD,
    Untouched.READER: Reason.LIVE_READER,
    Untouched.ANOTHER_CARD: Reason.LIVE_ANOTHER_CARD,
    Untouched.PUK_REFUSED: Reason.LIVE_PUK,
    Untouched.PUK_LOCKED: Reason.LIVE_PUK_LOCKED,
    Untouched.MAC_REFUSED: Reason.LIVE_MESSAGE,
    Untouched.MESSAGE_REFUSED: Reason.LIVE_MESSAGE,
    Untouched.MESSAGE_WRONG: Reason.LIVE_CENTRE,
}


async def require_operation(desk: Desk, chip: Chip, kind: Kind) -> CardFacts:
    """The centre's record of the card in the slot; anything but a legal operation ends the service."""
    if isinstance(chip.pin, PinLockedForever):
        await desk.refuse(Reason.CARD_LOCKED_FOREVER)
    cards = await desk.cards()
    if isinstance(cards, NoAnswer):
        await desk.refuse(Reason.NO_LINE)
    return await require_legal(desk, cards, kind)


async def require_legal(desk: Desk, cards: tuple[CardFacts, ...], kind: Kind) -> CardFacts:
    """The one in the slot; anything but a legal operation on it ends the service."""
    card = in_the_slot(cards)
    if card is None:
        await desk.refuse(Reason.NO_CARD_ON_RECORD)
    if card.status is not CardStatus.NORMAL:
        await desk.refuse(_STATUS[card.status])
    if kind not in card.operations:
        await desk.refuse(Reason.NOT_NOW)
    return card


async def tell(desk: Desk, kind: Kind, end: LiveEnd) -> None:
    """The last page, and the slip: exactly what the chip said."""
    reload = kind is Kind.RELOAD_PIN
    match end:
        case NothingDone():
            await refuse_undone(desk, end)
        case NobodyKnows(view=view):
            word = PinWord.DOUBT if _counter_will_tell(desk) else PinWord.DOUBT_AGAIN
            await end_with(desk, view, Tone.WAITING, word)
        case Worked(view=view, check=Verified()):
            following = () if reload else (CHANGE_PIN,)
            await end_with(desk, view, Tone.GOOD, PinWord.RESET if reload else PinWord.UNBLOCKED, following=following)
        case Worked(view=view, check=Wrong(state=PinLockedForever())):
            await end_with(desk, view, Tone.BAD, PinWord.LOCKED)
        case Worked(view=view, check=NotChecked()):
            await end_with(desk, view, Tone.WAITING, PinWord.RESET_UNCHECKED if reload else PinWord.UNBLOCKED_UNCHECKED)
        case Worked(view=view, check=Wrong(state=state)) if not reload:
            await end_with(desk, view, Tone.WAITING, PinWord.UNBLOCKED_WRONG, _tries(state), following=(RESET_PIN,))
        case Worked(view=view):
            await end_with(desk, view, Tone.BAD, PinWord.RESET_UNVERIFIED)


def _counter_will_tell(desk: Desk) -> bool:
    """A counter that was at zero shows, when the card comes back, whether it was restored."""
    return desk.chip is not None and isinstance(desk.chip.pin, PinBlocked)


def where_to_reset(desk: Desk) -> str:
    """Where a forgotten PIN can be replaced now: the end of the ids of sentences that say so."""
    return "here" if desk.offers(RESET_PIN) else "window"


async def end_with(
    desk: Desk, view: View, tone: Tone, word: PinWord, tries: Message | None = None, *, following: tuple[str, ...] = ()
) -> None:
    """The result of a PIN service, with its slip.  `following`: services to go on with, where they are open."""
    where = where_to_reset(desk)
    values: dict[str, Any] = {"hotline": desk.terminal.policy.hotline, "forgotten": msg(f"forgotten.{where}")}
    values["again"] = msg(f"again.{where}")
    if tries is not None:
        values["tries"] = tries
    assert desk.person is not None  # noqa: S101 - these services began with the ID card
    await desk.hand_over(
        view,
        Result(
            tone=tone,
            title=msg(f"pin_result.{word}.title"),
            sentence=msg(f"pin_result.{word}.sentence", **values),
            warning=None if tone is Tone.GOOD else msg(f"pin_result.{word}.warning", **values),
            reference=view.reference,
            hotline=desk.terminal.policy.hotline,
            slip=receipts.pin(desk.stationery, receipts.PinReceipt(view, word, desk.person.holder, values)),
            paper=Paper.PRINTING,
            next=tuple(tile(service) for service in following if desk.offers(service)),
        ),
    )


async def refuse_undone(desk: Desk, end: NothingDone) -> NoReturn:
    """The chip is as it was: why, and what to do."""
    if end.verdict is not None:
        await desk.refuse_as_centre(end.verdict, end.view)
    if end.problem is not None:
        await desk.refuse_as_centre(end.problem, end.view)
    if end.sw == "9303":
        await desk.refuse(Reason.CARD_LOCKED_FOREVER, end.view)
    await desk.refuse(_NOTHING_DONE[end.why or Untouched.LINE], end.view)


def _tries(pin: PinState | None) -> Message:
    match pin:
        case TriesLeft(tries=tries):
            return msg("pin.tries_left", tries=tries)
        case PinBlocked():
            return msg("pin.blocked")
        case _:
            return msg("pin.unknown")
