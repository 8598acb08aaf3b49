"""Who and what was shown in a visit: one person, and the chips that proved beside their ID card to be genuine."""

from __future__ import annotations

import msgspec

from kiosk.contract import Personal, Problem, TransactionBase
from kiosk.seal import Rejected
from sync.central import problems, tables, verdicts
from sync.central.card_crypto import CardAddress
from sync.central.centre import Centre
from sync.central.rules import clerks
from sync.central.verdicts import Decision, Ruling


def bind_visit(terminal: str, visit: str, person: tables.Person) -> bool:
    """A visit is one person's: the first whose ID card was read in it."""
    row = tables.Visit.find_or_create({"person": person}, terminal=terminal, visit=visit)
    return bool(row.person == person)


def find_card(personal: Personal) -> tables.Card | None:
    """By number and identifier, both: one alone could be guessed."""
    if personal.card_number is None or personal.card_identifier is None:
        return None
    card: tables.Card | None = tables.Card.get_or_none(
        number=personal.card_number, identifier=personal.card_identifier.upper()
    )
    return card


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


# --- what a transaction is about ----------------------------------------------------------------


class Shown(msgspec.Struct, frozen=True):
    """The person whose ID card was read, or for whom a clerk vouches, and all that was sealed with it."""

    person: tables.Person
    personal: Personal


def card_of_holder(centre: Centre, transaction: TransactionBase) -> tables.Card | Decision | Problem:
    """With the ID card alone: the holder's current card."""
    shown = _shown(centre, transaction)
    if not isinstance(shown, Shown):
        return shown
    card: tables.Card | None = tables.Card.get_or_none(person=shown.person, current=True)
    return Decision(verdicts.NO_CARD, shown.person) if card is None else card


def card_in_slot(centre: Centre, transaction: TransactionBase) -> tables.Card | Decision | Problem:
    """With both cards of one person: the one that was shown."""
    if transaction.evidence.ssc is None or not transaction.evidence.ssc.authenticated:
        return Decision(verdicts.PROOF_MISSING)
    shown = _shown(centre, transaction)
    if not isinstance(shown, Shown):
        return shown
    card = find_card(shown.personal)
    if card is None:
        return Decision(verdicts.CARD_UNKNOWN, shown.person)
    return card if card.person == shown.person else Decision(verdicts.NOT_THIS_HOLDER, shown.person)


def _shown(centre: Centre, transaction: TransactionBase) -> Shown | Decision | Problem:
    refused = _not_shown(transaction)
    if refused is not None or transaction.sealed is None:
        return Decision(refused or verdicts.PROOF_MISSING)
    personal = centre.keys.open_personal(transaction.sealed, transaction.terminal, transaction.id)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    if (not_for_them := clerks.stands_in(centre, transaction, personal)) is not None:
        return Decision(not_for_them)
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return Decision(verdicts.HOLDER_UNKNOWN)
    if not bind_visit(transaction.terminal, transaction.visit, person):
        return Decision(verdicts.NOT_THIS_HOLDER, person)
    return Shown(person, personal)


def _not_shown(transaction: TransactionBase) -> Ruling | None:
    """Why nobody was shown: neither an ID card, nor a clerk's word."""
    if transaction.evidence.vouching is not None:
        return clerks.vouched(transaction)
    return verdicts.PROOF_MISSING if transaction.evidence.id_card is None else None
