"""More people than there are files: each with a card of a version, for stories that need somebody fresh."""

from __future__ import annotations

import msgspec

from drivers.virtual.people import IssuedCard, Person, find, load_people
from drivers.virtual.people.numbers import card_check, citizen_check

MODELS = {"1": "normal_v1", "2": "normal_v2", "3": "normal_v3"}
EACH = 20
FIRST_SERIAL, FIRST_BLOCKED_SERIAL = 500, 600
"""Above the serials of the people with files."""
NAMES = "子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛"


def key(version: str, number: int) -> str:
    """How the `number`-th one (from 0) with a normal card of this version ("1", "2", "3") is called."""
    return f"crowd_v{version}_{number}"


def blocked_key(version: str, number: int) -> str:
    """The same for those whose PIN is blocked."""
    return f"crowd_blocked_v{version}_{number}"


def people() -> tuple[Person, ...]:
    files = load_people()
    each = [(find(files, model), version, number) for version, model in MODELS.items() for number in range(EACH)]
    return (*(_normal(*one) for one in each), *(_blocked(*one) for one in each))


def _normal(model: Person, version: str, number: int) -> Person:
    alike = _like(model, FIRST_SERIAL + int(version) * EACH + number)
    return msgspec.structs.replace(
        alike, key=key(version, number), name=f"演示{NAMES[number]}", about=f"正常，{version}.0卡；路人"
    )


def _blocked(model: Person, version: str, number: int) -> Person:
    alike = _like(model, FIRST_BLOCKED_SERIAL + int(version) * EACH + number)
    return msgspec.structs.replace(
        alike,
        key=blocked_key(version, number),
        name=f"样例{NAMES[number]}",
        about=f"密码已锁定，{version}.0卡；路人",
        card=msgspec.structs.replace(alike.card, tries_left=0) if alike.card else None,
    )


def _like(model: Person, serial: int) -> Person:
    """Another person with the same card, but for the numbers."""
    body = f"{model.number[:14]}{serial}"
    return msgspec.structs.replace(
        model, number=body + citizen_check(body), phone=f"100{serial:08}", card=_card(model, serial)
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
