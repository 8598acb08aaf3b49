"""The virtual social security card: a real ISO 7816 application, personalised from a person's file.

>>> person = find(load_people(), "normal_v3")
>>> chip = issue(person)
"""

from __future__ import annotations

from pathlib import Path

from drivers.virtual.card.chip import Chip, VirtualCard
from drivers.virtual.card.foreign import ForeignChip, MuteCard
from drivers.virtual.card.memory import Memory
from drivers.virtual.card.personalisation import Personalisation, personalise
from drivers.virtual.people import Person
from sync.central.card_crypto import MasterKeys, load_master_keys


def issue(person: Person, state_dir: Path | None = None, masters: MasterKeys | None = None) -> Chip:
    """The chip of `person`, with test keys unless `masters` are given.

    With `state_dir` the chip remembers PIN, counters and blocks there, in a file named by the person's key.
    Raises ValueError if the person has no card.
    """
    if person.card is None:
        raise ValueError(f"{person.key} has no card")
    personalisation = personalise(person, person.card, masters or load_master_keys())
    return Chip(personalisation, state_dir / f"{person.key}.json" if state_dir else None)


__all__ = [
    "Chip",
    "ForeignChip",
    "Memory",
    "MuteCard",
    "Personalisation",
    "VirtualCard",
    "issue",
    "personalise",
]
