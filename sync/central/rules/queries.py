"""What a terminal may ask about a person's cards."""

from __future__ import annotations

from kiosk.contract import CardFacts, CardsAnswer, CardsQuery, Problem
from kiosk.seal import Rejected
from kiosk.terms import mask_name
from sync.central import problems, tables
from sync.central.centre import Centre
from sync.central.rules.operations import operations
from sync.central.rules.visits import bind_visit, find_card


def cards(centre: Centre, terminal: str, query: CardsQuery) -> CardsAnswer | Problem:
    """The holder's cards; with the card alone, that card, and nobody's name."""
    personal = centre.keys.open_personal(query.sealed, terminal, query.visit)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    if personal.holder_number is None:
        card = find_card(personal)
        return CardsAnswer([] if card is None else [_facts(centre, terminal, card, None, asked_for=True)])
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return CardsAnswer([])
    if not bind_visit(terminal, query.visit, person):
        return problems.NOT_THIS_HOLDER
    rows = tables.Card.select().where(tables.Card.person == person).order_by(tables.Card.current.desc())
    name, shown = mask_name(person.name), find_card(personal)
    return CardsAnswer([_facts(centre, terminal, card, name, asked_for=bool(card == shown)) for card in rows])


def _facts(centre: Centre, terminal: str, card: tables.Card, masked_name: str | None, *, asked_for: bool) -> CardFacts:
    return CardFacts(
        current=card.current,
        asked_for=asked_for,
        status=card.status,
        card_last4=card.number[-4:],
        masked_name=masked_name,
        bank_code=card.bank_code,
        region=card.region,
        expires=card.expires,
        replacement_filed=card.replacement_filed,
        loss_expires=tables.moment(card.loss_expires) if card.loss_expires else None,
        operations=operations(centre, terminal, card),
    )
