"""制卡进度: how far a new card is, and who may know.

With the ID card the holder; without it whoever knows the holder's number and the end of the old card's number, who
learns no name.  Ten thousand ends can be tried out, so wrong ones are counted: for the person, and for the terminal.
"""

from __future__ import annotations

import datetime as dt
import re

from kiosk.contract import (
    Personal,
    Problem,
    ProductionAnswer,
    ProductionFailed,
    ProductionQuery,
    ProductionStep,
    StepReached,
    Text,
)
from kiosk.seal import Rejected
from kiosk.terms import CardStatus, Private, mask_name
from sync.central import problems, tables
from sync.central.centre import Centre
from sync.central.rules import history, quotas, visits

AN_HOUR = dt.timedelta(hours=1)


class CannotAdvance(ValueError):
    """Names the order and what stands in the way; never a person or a card."""


class MadeCard(Private, frozen=True):
    """What the factory wrote on the new card; region and bank are those of the old one."""

    number: str
    """AAZ500"""
    identifier: str
    """AAZ501"""
    expires: dt.date


TOLD_WITH: dict[ProductionStep, type[Text | MadeCard]] = {
    ProductionStep.CARD_MADE: MadeCard,
    ProductionStep.READY: Text,
}
"""What the office must say with a step: which card it is, and where it waits."""


# --- what a terminal may ask ------------------------------------------------------------------


def progress(centre: Centre, terminal: str, query: ProductionQuery) -> ProductionAnswer | Problem:
    personal = centre.keys.open_personal(query.sealed, terminal, query.visit)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    if personal.old_card_last4 is None:
        return _for_holder(terminal, query.visit, personal)
    return _for_numbers(centre, terminal, personal.holder_number, personal.old_card_last4)


def _for_holder(terminal: str, visit: str, personal: Personal) -> ProductionAnswer | Problem:
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return problems.NO_PRODUCTION
    if not visits.bind_visit(terminal, visit, person):
        return problems.NOT_THIS_HOLDER
    return _newest(_cards_of(person), mask_name(person.name))


def _for_numbers(centre: Centre, terminal: str, holder_number: str | None, last4: str) -> ProductionAnswer | Problem:
    """Whether nobody has this number, or its holder another card, is the same answer."""
    person = tables.Person.get_or_none(number=holder_number)
    if _too_many(centre, terminal, person):
        return problems.TOO_MANY
    cards = [] if person is None else [card for card in _cards_of(person) if card.number[-4:] == last4]
    if not cards:
        tables.WrongNumbers.create(terminal=terminal, person=person, at=tables.instant(centre.now()))
        return problems.NUMBERS_DIFFER
    return _newest(cards, masked_name=None)


def _cards_of(person: tables.Person) -> list[tables.Card]:
    return list(tables.Card.select().where(tables.Card.person == person))


def _too_many(centre: Centre, terminal: str, person: tables.Person | None) -> bool:
    row = tables.WrongNumbers
    here = row.select().where(row.terminal == terminal, row.at > quotas.ago(centre, AN_HOUR)).count()
    theirs = 0 if person is None else row.select().where(row.person == person, row.at >= quotas.today(centre)).count()
    limits = centre.limits
    return bool(here >= limits.wrong_numbers_per_terminal_an_hour or theirs >= limits.wrong_numbers_per_person_a_day)


def _newest(cards: list[tables.Card], masked_name: str | None) -> ProductionAnswer | Problem:
    row = tables.ReplacementOrder
    order = row.select().where(row.card.in_(cards)).order_by(row.filed_at.desc(), row.order.desc()).first()
    return problems.NO_PRODUCTION if order is None else _told(order, masked_name)


def _told(order: tables.ReplacementOrder, masked_name: str | None) -> ProductionAnswer:
    made, failed, place = _production(order), None, None
    if made.failed_at is not None:
        failed = ProductionFailed(Text(made.failed_zh, made.failed_en), tables.moment(made.failed_at))
    if made.place_zh:
        place = Text(made.place_zh, made.place_en)
    return ProductionAnswer(
        masked_name=masked_name,
        card_last4=order.card.number[-4:],
        ordered_at=tables.moment(order.filed_at),
        reached=_reached(order),
        place=place,
        failed=failed,
    )


def _reached(order: tables.ReplacementOrder) -> list[StepReached]:
    row = tables.ProductionReached
    at = {step.step: tables.moment(step.at) for step in row.select().where(row.order == order)}
    return [StepReached(step, at[step.value]) for step in ProductionStep if step.value in at]


def _production(order: tables.ReplacementOrder) -> tables.Production:
    return tables.Production.find_or_create(order=order)


# --- what the office does ---------------------------------------------------------------------


def orders() -> list[tables.ReplacementOrder]:
    row = tables.ReplacementOrder
    return list(row.select().order_by(row.order))


def following(order: tables.ReplacementOrder) -> ProductionStep | None:
    """The step that is to be done now; None: the card is in its holder's hand."""
    reached = {done.step for done in _reached(order)}
    return next((step for step in ProductionStep if step not in reached), None)


def advance(centre: Centre, number: str, told: Text | MadeCard | None = None) -> ProductionStep:
    """One step further; what had failed is done now.  `told`: what belongs to the step, by `TOLD_WITH`.

    Raises CannotAdvance.
    """
    order = _find(number)
    step = following(order)
    if step is None:
        raise CannotAdvance(f"order {number}: the card was collected")
    if type(told) is not TOLD_WITH.get(step, type(None)):
        raise CannotAdvance(
            f"order {number}: the next step is {step}; a place belongs to {ProductionStep.READY} alone,"
            f" a card to {ProductionStep.CARD_MADE}"
        )
    made = _production(order)
    match told:
        case MadeCard():
            _make(order, told)
        case Text():
            made.place_zh, made.place_en = told.zh, told.en
        case None if step is ProductionStep.COLLECTED:
            _hand_over(order, centre.now())
    tables.ProductionReached.create(order=order, step=step.value, at=tables.instant(centre.now()))
    made.failed_at = None
    made.save()
    return step


def _make(order: tables.ReplacementOrder, card: MadeCard) -> None:
    if not (_NUMBER.fullmatch(card.number) and _IDENTIFIER.fullmatch(card.identifier)):
        raise CannotAdvance(
            f"order {order.order}: a card's number is 9 figures and capital letters, its identifier 32 hex digits"
        )
    for row in (tables.Card, tables.NewCard):
        if row.select().where((row.number == card.number) | (row.identifier == card.identifier)).exists():
            raise CannotAdvance(f"order {order.order}: a card with this number or identifier is on record already")
    tables.NewCard.create(order=order, number=card.number, identifier=card.identifier, expires=card.expires)


_NUMBER = re.compile("[0-9A-Z]{9}")
_IDENTIFIER = re.compile("[0-9A-F]{32}")


def _hand_over(order: tables.ReplacementOrder, now: dt.datetime) -> None:
    """The old card is dead for ever, whatever it was; the new one is its holder's, and sealed until it is activated."""
    old, made = order.card, tables.NewCard.get_by_id(order)
    old.status_code, old.current = CardStatus.CANCELLED.value, False
    old.save()
    new = tables.Card.create(
        person=old.person,
        number=made.number,
        identifier=made.identifier,
        status_code=CardStatus.SEALED.value,
        region=old.region,
        bank_code=old.bank_code,
        expires=made.expires,
    )
    history.note(old, history.REPLACED, now)
    history.note(new, history.HANDED_OVER, now)


def fail(centre: Centre, number: str, reason: Text) -> None:
    """It stops here until it is advanced again.  Raises CannotAdvance."""
    order = _find(number)
    if following(order) is None:
        raise CannotAdvance(f"order {number}: the card was collected")
    made = _production(order)
    made.failed_at = tables.instant(centre.now())
    made.failed_zh, made.failed_en = reason.zh, reason.en
    made.save()


def _find(number: str) -> tables.ReplacementOrder:
    order: tables.ReplacementOrder | None = tables.ReplacementOrder.get_or_none(order=number)
    if order is None:
        raise CannotAdvance(f"order {number}: there is none; `kiosk central production list` names them")
    return order
