"""The document a person lays on the ID reader, as its chip holds it."""

from __future__ import annotations

import msgspec

from drivers.virtual import people
from drivers.virtual.id_reader import IdDocument

NAME_CHARACTERS = 15
"""What the ID card's chip has room for (30 bytes of UTF-16); a longer name stands there cut off."""


def document_of(person: people.Person) -> IdDocument:
    """Raises ValueError if the person has none."""
    if person.id_card is None:
        raise ValueError(f"{person.key} has no ID card")
    base = IdDocument(
        name=person.name[:NAME_CHARACTERS],
        number=person.number,
        birth=person.birth,
        valid_from=person.id_card.valid_from,
        valid_until=person.id_card.valid_until,
        sex=person.sex,
        nation=person.nation,
    )
    return msgspec.structs.replace(base, **_own_fields(person.id_card))


def _own_fields(card: people.IdDocument) -> dict[str, str]:
    """What only this kind of document has."""
    match card:
        case people.ResidentDocument():
            return {"address": card.address, "issuer": card.issuer}
        case people.PermitDocument():
            pass_number, issues = card.permit_number, f"{card.issue_count:02}"
            return {
                "flag": "J",
                "address": card.address,
                "issuer": card.issuer,
                "pass_number": pass_number,
                "issues": issues,
            }
        case people.Foreigner2017Document():
            english, number = card.english_name, card.document_number
            return {"flag": "I", "english_name": english, "number": number, "nation": card.nationality}
        case people.Foreigner2023Document():
            return {"flag": "Y", "english_name": card.english_name, "nation": card.nationality}
