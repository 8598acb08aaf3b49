"""More people than there are files: each with a normal card of a version, for stories that need somebody fresh."""

from __future__ import annotations

import msgspec

from drivers.virtual.people import IssuedCard, Person, find, load_people
from drivers.virtual.people.numbers import card_check, citizen_check

MODELS = {"1": "normal_v1", "2": "normal_v2", "3": "normal_v3"}
EACH = 10
FIRST_SERIAL = 500
"""Above the serials of the people with files."""
NAMES = "子丑寅卯辰巳午未申酉"


def key(version: str, number: int) -> str:
    """How the `number`-th one (from 0) with a card of this version ("1", "2", "3") is called."""
    return f"crowd_v{version}_{number}"


def people() -> tuple[Person, ...]:
    files = load_people()
    return tuple(
        _like(find(files, model), version, number) for version, model in MODELS.items() for number in range(EACH)
    )


def _like(model: Person, version: str, number: int) -> Person:
    serial = FIRST_SERIAL + int(version) * EACH + number
    body = f"{model.number[:14]}{serial}"
    return msgspec.structs.replace(
        model,
        key=key(version, number),
        name=f"演示{NAMES[number]}",
        number=body + citizen_check(body),
        phone=f"100{serial:08}",
        about=f"正常，{version}.0卡；路人",
        card=_card(model, serial),
    )


def _card(model: Person, serial: int) -> IssuedCard | None:
    if model.card is None:
        return None
    number = f"T{serial:07}"
    return msgspec.structs.replace(
        model.card,
        number=number + card_check(number),
        identifier=f"{model.card.region}D156000005{serial:08}FFFFFFFF",
        historical_bytes=f"{model.card.historical_bytes[:18]}{serial:08}",
    )
