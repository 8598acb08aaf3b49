"""The people as the centre's office has them on record."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.virtual.people import Person
from sync.central.seed import Citizen, SeedCard


def citizens(people: Iterable[Person]) -> list[Citizen]:
    return [Citizen(person.number, person.name, person.phone, _cards(person)) for person in people]


def _cards(person: Person) -> tuple[SeedCard, ...]:
    card = person.card
    if card is None:
        return ()
    return (
        SeedCard(
            card.number,
            card.identifier,
            card.region,
            card.status,
            card.bank_code,
            card.expires,
            replacement_filed=card.replacement_filed,
        ),
    )
