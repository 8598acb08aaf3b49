"""People and cards to begin with: synthetic ones for a demonstration, or an office's extract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kiosk.contract import ReplacementReason
from kiosk.terms import CardStatus, Private
from sync.central import tables
from sync.central.rules.receipts import next_number
from sync.central.rules.replacement import LOST, order


class SeedCard(Private, frozen=True):
    """The centre's record of one card."""

    number: str
    identifier: str
    region: str
    status: CardStatus
    bank_code: str | None = None
    expires: dt.date | None = None
    current: bool = True
    replacement_filed: bool = False
    """A new card is on order: for the loss, or because this one is damaged."""


class Citizen(Private, frozen=True):
    """One person, with all cards ever issued."""

    number: str
    name: str
    phone: str | None = None
    cards: tuple[SeedCard, ...] = ()


def seed(people: Iterable[Citizen], now: dt.datetime) -> int:
    """Add those who are not on record yet, inside a transaction; how many were added.  Others stay as they are."""
    added = 0
    for citizen in people:
        if tables.Person.get_or_none(number=citizen.number) is None:
            _add(citizen, now)
            added += 1
    return added


def _add(citizen: Citizen, now: dt.datetime) -> None:
    person = tables.Person.create(number=citizen.number, name=citizen.name, phone=citizen.phone)
    for card in citizen.cards:
        lost = card.status in {CardStatus.TEMPORARILY_LOST, CardStatus.FORMALLY_LOST}
        row = tables.Card.create(
            person=person,
            number=card.number,
            identifier=card.identifier.upper(),
            status_code=card.status.value,
            current=card.current,
            region=card.region,
            bank_code=card.bank_code,
            expires=card.expires,
            lost_at=tables.instant(now) if lost else None,
            loss_receipt=next_number(now) if lost else None,
        )
        if card.replacement_filed:
            reason = LOST if lost else ReplacementReason.DAMAGED.value
            order(row, reason, row.loss_receipt or next_number(now), now)
