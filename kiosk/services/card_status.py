"""应用状态查询: what the centre and the chip say about a card, in plain words.  Guide: "status"."""

from __future__ import annotations

import datetime as dt
import math

from kiosk.card_in_slot import social_security_card
from kiosk.chip import Chip
from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk, current, in_the_slot
from kiosk.endings import Reason
from kiosk.identification import id_card_if_any
from kiosk.journal.transaction import Stage
from kiosk.line import NoAnswer
from kiosk.policy.eligibility import ACTIVATION, RELEASE, REPLACEMENT, RESET_PIN, UNBLOCK_PIN, fitting, tile
from kiosk.prompts import CardReport, Row, Step, Tile, Tone
from kiosk.services.at_the_centre import bank_side
from kiosk.terms import CardStatus, NoPin, PinBlocked, PinLockedForever, PinState, PinUnknown, TriesLeft
from kiosk.words import Message, msg, plain

_TONE = {
    CardStatus.NORMAL: Tone.GOOD,
    CardStatus.SEALED: Tone.WAITING,
    CardStatus.TEMPORARILY_LOST: Tone.WAITING,
    CardStatus.FORMALLY_LOST: Tone.WAITING,
    CardStatus.APPLICATION_LOCKED: Tone.BAD,
    CardStatus.CANCELLED: Tone.BAD,
    CardStatus.UNKNOWN: Tone.BAD,
}


async def card_status(desk: Desk) -> None:
    """Either card will do; with both, the holder's name is shown too."""
    person = await id_card_if_any(desk, Step(1, 3), without=msg("id_card.without"))
    without_card = msg("ssc.without") if person else None
    chip = await social_security_card(desk, Step(2, 3), without=without_card)
    cards = await desk.cards()
    if isinstance(cards, NoAnswer):
        await desk.refuse(Reason.NO_LINE)
    card = in_the_slot(cards) if chip else current(cards)
    if card is None:
        await desk.refuse(Reason.NO_CARD_ON_RECORD)
    following = fitting(card, chip.pin if chip else None, desk.terminal.readiness, desk.terminal.policy)
    following += _renewal(desk, card, chip)
    word = _word(desk, card, chip, {one.service for one in following})
    await desk.close_with(
        CardReport(
            step=Step(3, 3),
            tone=_TONE[card.status] if word == card.status.name.lower() else Tone.WAITING,
            title=msg(f"status.{word}.title"),
            sentence=msg(f"status.{word}.sentence"),
            rows=_rows(desk, card, chip) + (_doubt(desk) if chip else ()),
            next=following,
        )
    )


def _word(desk: Desk, card: CardFacts, chip: Chip | None, following: set[str]) -> str:
    """What matters most about it; a card in order may still have a blocked PIN, or come to its end."""
    if card.status is CardStatus.TEMPORARILY_LOST:
        return _lost(desk, card, following)
    if card.status is CardStatus.SEALED and ACTIVATION in following:
        return "to_activate"
    if card.status is not CardStatus.NORMAL:
        return card.status.name.lower()
    here = "_here" if REPLACEMENT in following else ""
    if (days_left := _days_left(desk, card, chip)) < 0:
        return f"expired{here}"
    if chip is not None and isinstance(chip.pin, PinBlocked):
        return _blocked(following)
    return f"expires_soon{here}" if days_left <= desk.terminal.policy.renewal_days else "normal"


def _lost(desk: Desk, card: CardFacts, following: set[str]) -> str:
    """Where the report can be lifted."""
    if RELEASE in following:
        return "releasable"
    here = Kind.RELEASE in card.operations and desk.offers(RELEASE)
    return "temporarily_lost_here" if here else "temporarily_lost"


def _renewal(desk: Desk, card: CardFacts, chip: Chip | None) -> tuple[Tile, ...]:
    """A card that comes to its end can be replaced, where that is offered."""
    due = _days_left(desk, card, chip) <= desk.terminal.policy.renewal_days
    legal = Kind.REPLACEMENT in card.operations and desk.offers(REPLACEMENT)
    return (tile(REPLACEMENT),) if due and legal else ()


def _days_left(desk: Desk, card: CardFacts, chip: Chip | None) -> float:
    expires = _expires(card, chip)
    return math.inf if expires is None else (expires - desk.terminal.clock.now().date()).days


def _blocked(following: set[str]) -> str:
    """Where the person can be helped."""
    if RESET_PIN in following:
        return "blocked"
    return "blocked_unblock" if UNBLOCK_PIN in following else "blocked_elsewhere"


def _expires(card: CardFacts, chip: Chip | None) -> dt.date | None:
    """By the centre or by the chip, whichever is earlier: either may refuse it then."""
    return min(filter(None, (card.expires, chip.card.expires if chip else None)), default=None)


def _rows(desk: Desk, card: CardFacts, chip: Chip | None) -> tuple[Row, ...]:
    rows = []
    if card.masked_name is not None:
        rows.append(Row(msg("row.holder"), plain(card.masked_name)))
    rows.append(Row(msg("row.card"), msg("row.card.value", last4=card.card_last4)))
    if card.status in {CardStatus.TEMPORARILY_LOST, CardStatus.FORMALLY_LOST}:
        rows.append(Row(msg("row.bank_account"), bank_side(desk, card, "row.bank_account.value")))
        rows.append(Row(msg("row.hotline"), plain(desk.terminal.policy.hotline)))
    if (expires := _expires(card, chip)) is not None:
        rows.append(Row(msg("row.expires"), msg("row.date", date=expires)))
    if (until := desk.loss_holds_until(card)) is not None:
        rows.append(Row(msg("row.loss_expires"), msg("row.date", date=until)))
    if chip is not None:
        rows.append(Row(msg("row.pin"), _pin(chip.pin)))
    return tuple(rows)


def _doubt(desk: Desk) -> tuple[Row, ...]:
    """What became of an earlier PIN service that nobody knew the end of."""
    doubt = desk.doubt
    if doubt is None:
        return ()
    match doubt.state.stage:
        case Stage.DONE:
            word = f"{doubt.kind}.done"
        case Stage.IN_DOUBT if doubt.kind is Kind.PIN_CHANGED:
            word = "pin_changed.open"
        case Stage.NOT_DONE | Stage.VOID | Stage.REFUSED:
            word = "not_done"
        case _:
            word = "open" if desk.offers(RESET_PIN) else "open_elsewhere"
    return (Row(msg(f"row.{doubt.kind}"), msg(f"doubt.{word}")),)


def _pin(state: PinState) -> Message:
    match state:
        case NoPin():
            return msg("pin.none")
        case TriesLeft(tries=tries):
            return msg("pin.tries_left", tries=tries)
        case PinBlocked():
            return msg("pin.blocked")
        case PinLockedForever():
            return msg("pin.locked_forever")
        case PinUnknown():
            return msg("pin.unknown")
