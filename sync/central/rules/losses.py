"""临时挂失, operation 01: whether a reported loss takes effect, also when the report comes late."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import Kind, Problem, TemporaryLoss
from kiosk.terms import CardStatus
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, quotas, receipts, visits
from sync.central.rules.age import believed, drafted_at, fresh
from sync.central.verdicts import Decision, Ruling

OLDEST_LOSS = dt.timedelta(days=7)
LOST = {CardStatus.FORMALLY_LOST, CardStatus.TEMPORARILY_LOST}
SUPERSEDING = (history.RELEASED, history.REPLACED, history.ACTIVATED, "cancelled")


def temporary_loss(centre: Centre, loss: TemporaryLoss) -> Decision | Problem:
    """With the ID card alone: the social security card is gone."""
    card = visits.card_of_holder(centre, loss)
    return _judge_when(centre, loss, card) if isinstance(card, tables.Card) else card


def _judge_when(centre: Centre, loss: TemporaryLoss, card: tables.Card) -> Decision:
    now, person = centre.now(), card.person
    trusted = believed(loss.time, now)
    if trusted and _changed_since(person, drafted_at(loss.time)):
        return Decision(verdicts.SUPERSEDED, person, card_status=card.status)
    ruling = judge(centre, loss.terminal, card)
    if ruling is verdicts.LOSS_ALREADY:
        return _already(card)
    if not fresh(loss.time, now) and (not trusted or now - drafted_at(loss.time) > OLDEST_LOSS):
        return Decision(verdicts.NEEDS_PERSON, person, card_status=card.status)
    if ruling is not None:
        return Decision(ruling, person, card_status=card.status)
    return _lose(card, now)


def judge(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.status in LOST:
        return verdicts.LOSS_ALREADY
    return verdicts.WRONG_STATUS.get(card.status) or _over_quota(centre, terminal, card.person)


def _changed_since(person: tables.Person, since: dt.datetime) -> bool:
    event = tables.CardEvent
    return (
        event.select()
        .where(event.person == person, event.what.in_(SUPERSEDING), event.at > tables.instant(since))
        .exists()
    )


def _already(card: tables.Card) -> Decision:
    since = tables.moment(card.lost_at) if card.lost_at else None
    return Decision(verdicts.LOSS_ALREADY, card.person, since, card.status, card.loss_receipt)


def _lose(card: tables.Card, now: dt.datetime) -> Decision:
    receipt = receipts.next_number(now)
    card.status_code = CardStatus.TEMPORARILY_LOST.value
    card.lost_at, card.loss_receipt = tables.instant(now), receipt
    card.save()
    history.note(card, history.TEMPORARY_LOSS, now)
    return Decision(verdicts.LOSS_DONE, card.person, now, card.status, receipt)


def _over_quota(centre: Centre, terminal: str, person: tables.Person) -> Ruling | None:
    limits, kind = centre.limits, Kind.TEMPORARY_LOSS
    if quotas.done_today(centre, kind, tables.Transaction.person == person) >= limits.losses_per_person_a_day:
        return verdicts.QUOTA_PERSON
    if quotas.done_today(centre, kind, tables.Transaction.terminal == terminal) >= limits.losses_per_terminal_a_day:
        # Not a plain refusal: behind a terminal that is too busy there are people whose cards are really lost.
        return verdicts.NEEDS_PERSON
    return None
