"""换卡: a new card for a damaged, worn, unreadable or out-of-date one, which works until it is handed in."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import Kind, Problem, Replacement, ReplacementReason
from kiosk.terms import CardStatus
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, proofs, quotas, receipts, visits
from sync.central.verdicts import Decision, Ruling

BEING_REPLACED = {CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST, CardStatus.FORMALLY_LOST}
DUE_BEFORE = dt.timedelta(days=60)
"""So long before its last day a card may be replaced for its age alone."""

LOST = "lost"
"""Why a new card is ordered with a formal loss: no reason that anybody can give here."""
FOR_ITS_AGE = {"", ReplacementReason.OUT_OF_DATE.value}


def replace(centre: Centre, asked: Replacement) -> Decision | Problem:
    """With the ID card and a further proof; the card itself may be past reading."""
    card = visits.card_of_holder(centre, asked)
    if not isinstance(card, tables.Card):
        return card
    ruling = judge(centre, asked.terminal, card)
    if ruling is verdicts.REPLACEMENT_ALREADY:
        return _already(card)
    ruling = ruling or _no_reason(centre, asked, card) or proofs.spend(centre, asked, Kind.REPLACEMENT, card.person)
    if ruling is not None:
        return Decision(ruling, card.person, card_status=card.status)
    now = centre.now()
    receipt = receipts.next_number(now)
    order(card, asked.reason.strip() or ReplacementReason.OUT_OF_DATE.value, receipt, now)
    return Decision(verdicts.REPLACEMENT_DONE, card.person, now, card.status, receipt)


def judge(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.replacement_filed and card.status in BEING_REPLACED:
        return verdicts.REPLACEMENT_ALREADY
    if card.status is not CardStatus.NORMAL:
        return verdicts.NO_REPLACEMENT[card.status]
    return quotas.over(centre, terminal, Kind.REPLACEMENT, card.person)


def order(card: tables.Card, reason: str, number: str, now: dt.datetime) -> None:
    """A new card is to be made; from now on a loss of the old one cannot be taken back."""
    tables.ReplacementOrder.create(order=number, card=card, reason=reason, filed_at=tables.instant(now))
    card.replacement_filed = True
    card.save()
    history.note(card, history.REPLACEMENT_ORDERED, now)


def _no_reason(centre: Centre, asked: Replacement, card: tables.Card) -> Ruling | None:
    """Its age is on record; whatever else is wrong with a card, its holder's word counts."""
    if asked.reason.strip() not in FOR_ITS_AGE:
        return None
    due = card.expires is not None and card.expires - DUE_BEFORE <= centre.now().date()
    return None if due else verdicts.NOT_DUE


def _already(card: tables.Card) -> Decision:
    row = tables.ReplacementOrder
    filed = row.select().where(row.card == card).order_by(row.filed_at.desc()).first()
    since, number = (None, None) if filed is None else (tables.moment(filed.filed_at), filed.order)
    return Decision(verdicts.REPLACEMENT_ALREADY, card.person, since, card.status, number)
