"""Before and after what only the centre does: is it legal, and what is the person told."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kiosk.contract import CardFacts, Kind, Verdict, VerdictOutcome
from kiosk.desk import Desk, current, in_the_slot
from kiosk.endings import Broken, Reason
from kiosk.guide.values import values
from kiosk.journal import View
from kiosk.journal.drafts import Matter
from kiosk.journal.transaction import Done, Void
from kiosk.journal.transaction import Refused as RefusedByCentre
from kiosk.line import NoAnswer
from kiosk.policy.eligibility import tile
from kiosk.prompts import Confirm, Paper, Result, Step, Tone
from kiosk.slips import receipts
from kiosk.slips.new_card import new_card
from kiosk.terms import CardStatus
from kiosk.words import Message, msg


class Word(enum.StrEnum):
    """What can be said of a transaction whose effect is at the centre."""

    DONE = "done"
    ALREADY = "already"
    IN_DOUBT = "in_doubt"
    """No verdict came in time, nor the centre's word that it has burnt the transaction."""


WhyNot = Callable[[CardFacts], Reason]
"""Why the centre does not take now what the card's status would allow."""


async def card_in_slot(desk: Desk, kind: Kind, refused: Mapping[CardStatus, Reason], not_now: WhyNot) -> CardFacts:
    """The centre's record of the card that was read; anything but a legal operation ends the service.

    `refused`: the states from which it is not legal.
    """
    return await _legal(desk, kind, in_the_slot(await _cards(desk)), refused, not_now)


async def card_of_holder(desk: Desk, kind: Kind, refused: Mapping[CardStatus, Reason], not_now: WhyNot) -> CardFacts:
    """The same of the card that the ID card's holder has now, wherever it is."""
    return await _legal(desk, kind, current(await _cards(desk)), refused, not_now)


async def _cards(desk: Desk) -> tuple[CardFacts, ...]:
    cards = await desk.cards()
    if isinstance(cards, NoAnswer):
        await desk.refuse(Reason.NO_LINE)
    return cards


async def _legal(
    desk: Desk, kind: Kind, card: CardFacts | None, refused: Mapping[CardStatus, Reason], not_now: WhyNot
) -> CardFacts:
    if card is None:
        await desk.refuse(Reason.NO_CARD_ON_RECORD)
    if card.status in refused:
        await desk.refuse(refused[card.status], bank=bank_side(desk, card))
    if kind not in card.operations:
        await desk.refuse(not_now(card))
    return card


_NOW = {
    CardStatus.SEALED: "now.sealed",
    CardStatus.NORMAL: "loss.now.normal",
    CardStatus.TEMPORARILY_LOST: "now.temporarily_lost",
}
"""All others were refused."""


def notice(
    desk: Desk, what: str, card: CardFacts, step: Step, *, not_covered: str = "loss.not_covered", at_once: bool = True
) -> Confirm:
    """What will happen, what it does not cover, whether it can be undone: the sentences that begin with `what`."""
    assert desk.person is not None  # noqa: S101 - these services began with the ID card
    name = desk.person.holder.masked_name
    return Confirm(
        step=step,
        title=msg(f"{what}.title"),
        subject=(msg("loss.subject", name=name, last4=card.card_last4), msg(_NOW[card.status])),
        after=msg(f"{what}.after"),
        at_once=at_once,
        not_covered=bank_side(desk, card, not_covered),
        undo=msg(f"{what}.undo"),
        act=msg(f"{what}.act"),
        decline=msg(f"{what}.decline"),
    )


def order_notice(desk: Desk, what: str, card: CardFacts, step: Step) -> Confirm:
    """The same before a new card is ordered: what it takes, what it costs, and that it needs a photo."""
    told, page = values(desk.terminal.policy), notice(desk, what, card, step)
    terms = msg("new_card.terms", days=told["days"], fee=told["fee"])
    return msgspec.structs.replace(page, subject=(*page.subject, terms))


def bank_side(desk: Desk, card: CardFacts | None, id: str = "loss.bank_side") -> Message:
    """The sentence about the bank's side, with its hotline when the centre told which bank."""
    bank = desk.bank_of(card)
    return msg(f"{id}.any_bank") if bank is None else msg(id, bank=bank.name, hotline=bank.hotline)


async def submit(desk: Desk, kind: Kind, step: Step, matter: Matter | None = None) -> View:
    """From intent to the centre's word, or to nobody's.  What the centre refuses or has burnt ends the service."""
    doing = msg(f"{kind}.working")
    view = await desk.transact(kind, desk.who(), step, doing, unknown=Broken(Reason.DONE_UNKNOWN), matter=matter)
    match view.state:
        case RefusedByCentre(verdict=verdict):
            await desk.refuse_as_centre(verdict, view)
        case Void():
            await desk.refuse(Reason.NOT_DONE, view)
    return view


def word_for(view: View) -> Word:
    match view.state:
        case Done(verdict=Verdict(outcome=VerdictOutcome.ALREADY)):
            return Word.ALREADY
        case Done():
            return Word.DONE
        case _:
            return Word.IN_DOUBT


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What a service says at its end; its sentences begin with its kind."""

    card: CardFacts
    next: tuple[str, ...] = ()
    """Services to go on with, as far as they are open here."""
    goes_on: Message | None = None
    """What the last key says where something has to follow."""
    values: dict[str, Any] = {}
    new_card: bool = False
    """One is being made, once it is done."""


async def tell(desk: Desk, view: View, ending: Ending) -> None:
    """The last page, and the slip."""
    word = word_for(view)
    bank = bank_side(desk, ending.card, f"{view.kind}.bank")
    values = {"hotline": desk.terminal.policy.hotline, "bank": bank, **ending.values}
    assert desk.person is not None  # noqa: S101 - these services began with the ID card
    new = None
    if ending.new_card and word is Word.DONE:
        new = new_card(desk.terminal.policy, ending.card, view.drafted_at.date())
    told = receipts.CentreReceipt(view, word, desk.person.holder, ending.card, bank, values, new)
    following = () if word is Word.IN_DOUBT else ending.next
    await desk.hand_over(
        view,
        Result(
            tone=Tone.WAITING if word is Word.IN_DOUBT else Tone.GOOD,
            title=msg(f"{view.kind}.{word}.title", **values),
            sentence=msg(f"{view.kind}.{word}.sentence", **values),
            warning=bank,
            reference=view.reference,
            hotline=desk.terminal.policy.hotline,
            slip=receipts.at_the_centre(desk.stationery, told),
            paper=Paper.PRINTING,
            next=tuple(tile(service) for service in following if desk.offers(service)),
            goes_on=None if word is Word.IN_DOUBT else ending.goes_on,
        ),
    )
