"""正式挂失, operation 02: never taken back, and a new card is ordered with it."""

from __future__ import annotations

from kiosk.contract import FormalLoss, Kind, Problem
from kiosk.terms import CardStatus
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, proofs, quotas, receipts, replacement, visits
from sync.central.verdicts import Decision, Ruling

MAY_BE_LOST = {CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST}


def formal_loss(centre: Centre, loss: FormalLoss) -> Decision | Problem:
    """With the ID card and a further proof; the social security card is gone."""
    card = visits.card_of_holder(centre, loss)
    if not isinstance(card, tables.Card):
        return card
    ruling = judge(centre, loss.terminal, card)
    if ruling is verdicts.FORMAL_LOSS_ALREADY:
        since = tables.moment(card.lost_at) if card.lost_at else None
        return Decision(ruling, card.person, since, card.status, card.loss_receipt)
    ruling = ruling or proofs.spend(centre, loss, Kind.FORMAL_LOSS, card.person)
    if ruling is not None:
        return Decision(ruling, card.person, card_status=card.status)
    return _lose(centre, card)


def judge(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.status is CardStatus.FORMALLY_LOST:
        return verdicts.FORMAL_LOSS_ALREADY
    if card.status not in MAY_BE_LOST:
        return verdicts.WRONG_STATUS[card.status]
    return quotas.over(centre, terminal, Kind.FORMAL_LOSS, card.person)


def _lose(centre: Centre, card: tables.Card) -> Decision:
    """A card that is lost while its successor is being made needs no second one."""
    now = centre.now()
    receipt = receipts.next_number(now)
    card.status_code = CardStatus.FORMALLY_LOST.value
    card.lost_at, card.loss_receipt, card.loss_expires = tables.instant(now), receipt, None
    card.save()
    history.note(card, history.FORMAL_LOSS, now)
    if not card.replacement_filed:
        replacement.order(card, replacement.LOST, receipt, now)
    return Decision(verdicts.FORMAL_LOSS_DONE, card.person, now, card.status, receipt)
