"""临时挂失, operation 01: whether a reported loss takes effect, also when the report comes late."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import LIVE_LIMIT_S, Confidence, ItemTime, Problem, TemporaryLoss, VerdictOutcome
from kiosk.seal import Rejected
from kiosk.terms import CardStatus
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import quotas, receipts
from sync.central.verdicts import Decision, Ruling

LIVE_LIMIT = dt.timedelta(seconds=LIVE_LIMIT_S)
OLDEST_LOSS = dt.timedelta(days=7)
CLOCK_SLACK = dt.timedelta(minutes=2)
"""A report that claims to be further ahead than this has a wrong clock."""

LOST = {CardStatus.FORMALLY_LOST, CardStatus.TEMPORARILY_LOST}
SUPERSEDING = ("released", "replaced", "activated", "cancelled")


def temporary_loss(centre: Centre, loss: TemporaryLoss) -> Decision | Problem:
    if loss.evidence.id_card is None or loss.sealed is None:
        return Decision(verdicts.PROOF_MISSING)
    personal = centre.keys.open_personal(loss.sealed, loss.terminal, loss.id)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return Decision(verdicts.HOLDER_UNKNOWN)
    card = tables.Card.get_or_none(person=person, current=True)
    if card is None:
        return Decision(verdicts.NO_CARD, person)
    return _judge(centre, loss, person, card)


def _judge(centre: Centre, loss: TemporaryLoss, person: tables.Person, card: tables.Card) -> Decision:
    now = centre.now()
    believed = _believed(loss.time, now)
    if believed and _changed_since(person, drafted_at(loss.time)):
        return Decision(verdicts.SUPERSEDED, person, card_status=card.status)
    if card.status in LOST:
        return _already(person, card)
    if not fresh(loss.time, now) and (not believed or now - drafted_at(loss.time) > OLDEST_LOSS):
        return Decision(verdicts.NEEDS_PERSON, person, card_status=card.status)
    refusal = verdicts.WRONG_STATUS.get(card.status) or _over_quota(centre, loss.terminal, person)
    if refusal is not None:
        return Decision(refusal, person, card_status=card.status)
    return _lose(person, card, now)


def drafted_at(time: ItemTime) -> dt.datetime:
    """By the centre's own time where the terminal had one."""
    if time.centre_time is None or time.age_ms is None:
        return time.wall
    return time.centre_time + dt.timedelta(milliseconds=time.age_ms)


def fresh(time: ItemTime, now: dt.datetime) -> bool:
    """Drafted within the live limit, by the centre's own time and the terminal's monotonic clock alone."""
    known = time.centre_time is not None and time.age_ms is not None
    return known and -CLOCK_SLACK <= now - drafted_at(time) <= LIVE_LIMIT


def _believed(time: ItemTime, now: dt.datetime) -> bool:
    return time.confidence in {Confidence.CENTRE, Confidence.RTC} and drafted_at(time) <= now + CLOCK_SLACK


def _changed_since(person: tables.Person, since: dt.datetime) -> bool:
    event = tables.CardEvent
    return (
        event.select()
        .where(event.person == person, event.what.in_(SUPERSEDING), event.at > tables.instant(since))
        .exists()
    )


def _already(person: tables.Person, card: tables.Card) -> Decision:
    since = tables.moment(card.lost_at) if card.lost_at else None
    return Decision(verdicts.LOSS_ALREADY, person, since, card.status, card.loss_receipt)


def _lose(person: tables.Person, card: tables.Card, now: dt.datetime) -> Decision:
    receipt = receipts.next_number(now)
    card.status_code = CardStatus.TEMPORARILY_LOST.value
    card.lost_at, card.loss_receipt = tables.instant(now), receipt
    card.save()
    tables.CardEvent.create(person=person, card=card, what="temporary_loss", at=tables.instant(now))
    return Decision(verdicts.LOSS_DONE, person, now, card.status, receipt)


def _over_quota(centre: Centre, terminal: str, person: tables.Person) -> Ruling | None:
    limits = centre.limits
    if _losses_today(centre, tables.Transaction.person == person) >= limits.losses_per_person_a_day:
        return verdicts.QUOTA_PERSON
    if _losses_today(centre, tables.Transaction.terminal == terminal) >= limits.losses_per_terminal_a_day:
        # Not a plain refusal: behind a terminal that is too busy there are people whose cards are really lost.
        return verdicts.NEEDS_PERSON
    return None


def _losses_today(centre: Centre, whose: object) -> int:
    row = tables.Transaction
    count: int = (
        row.select()
        .where(
            whose,
            row.kind == "temporary_loss",
            row.outcome == VerdictOutcome.DONE.value,
            row.decided_at >= quotas.today(centre),
        )
        .count()
    )
    return count
