"""What a terminal may ask about a person's cards."""

from __future__ import annotations

from kiosk.contract import CardFacts, CardsAnswer, CardsQuery, Kind, Personal, Problem
from kiosk.seal import Rejected
from kiosk.terms import CardStatus, mask_name
from sync.central import problems, tables
from sync.central.card_crypto import CardAddress
from sync.central.centre import Centre
from sync.central.rules import quotas


def cards(centre: Centre, terminal: str, query: CardsQuery) -> CardsAnswer | Problem:
    """The holder's cards; with the card alone, that card, and nobody's name."""
    personal = centre.keys.open_personal(query.sealed, terminal, query.visit)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    if personal.holder_number is None:
        card = find_card(personal)
        return CardsAnswer([] if card is None else [_facts(centre, card, None, asked_for=True)])
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return CardsAnswer([])
    if not bind_visit(terminal, query.visit, person):
        return problems.NOT_THIS_HOLDER
    rows = tables.Card.select().where(tables.Card.person == person).order_by(tables.Card.current.desc())
    name, shown = mask_name(person.name), find_card(personal)
    return CardsAnswer([_facts(centre, card, name, asked_for=bool(card == shown)) for card in rows])


def find_card(personal: Personal) -> tables.Card | None:
    """By number and identifier, both: one alone could be guessed."""
    if personal.card_number is None or personal.card_identifier is None:
        return None
    card: tables.Card | None = tables.Card.get_or_none(
        number=personal.card_number, identifier=personal.card_identifier.upper()
    )
    return card


def bind_visit(terminal: str, visit: str, person: tables.Person) -> bool:
    """A visit is one person's: the first whose ID card was read in it."""
    row = tables.Visit.find_or_create({"person": person}, terminal=terminal, visit=visit)
    return bool(row.person == person)


def note_genuine(terminal: str, visit: str, card: tables.Card, chip: CardAddress) -> None:
    """Its internal authentication was right."""
    tables.AuthenticChip.find_or_create(terminal=terminal, visit=visit, card=card, chip=_written(chip))


def saw_genuine(terminal: str, visit: str, card: tables.Card, chip: CardAddress | None = None) -> bool:
    """Whether this card, or this very chip of it, proved in this visit that it is genuine."""
    row = tables.AuthenticChip
    seen = row.select().where(row.terminal == terminal, row.visit == visit, row.card == card)
    return bool((seen if chip is None else seen.where(row.chip == _written(chip))).exists())


def _written(chip: CardAddress) -> str:
    return f"{chip.algorithm.value}|{chip.region}|{chip.reset_info.hex()}"


def operations(centre: Centre, card: tables.Card) -> list[Kind]:
    """What this centre would accept now."""
    if not card.current or card.status is not CardStatus.NORMAL:
        return []
    offered = [Kind.TEMPORARY_LOSS, Kind.PIN_CHANGED, Kind.RELOAD_PIN]
    return offered if quotas.unblocked_enough(centre, card) else [*offered, Kind.UNBLOCK_PIN]


def _facts(centre: Centre, card: tables.Card, masked_name: str | None, *, asked_for: bool) -> CardFacts:
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
        operations=operations(centre, card),
    )
