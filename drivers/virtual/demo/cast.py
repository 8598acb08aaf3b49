"""Who comes in the stories, which PINs they type, and the region's rules, as the office signs them."""

from __future__ import annotations

import msgspec

from drivers.virtual.demo import crowd
from drivers.virtual.people import Person, load_people
from kiosk import policy
from kiosk.terms import Private

REGION = "guangxi"


class Cast(Private, frozen=True):
    people: tuple[Person, ...]
    new_pin: str
    other_pin: str
    weak_pin: str
    rules: str
    """The text of a policy, without what the office switches on besides."""


def people_with_files() -> Cast:
    """For a person at the bench, who would get lost in a crowd."""
    rules = (policy.HERE / f"{REGION}.toml").read_text()
    return Cast(load_people(), new_pin="394857", other_pin="394858", weak_pin="888888", rules=rules)


def with_the_crowd() -> Cast:
    """For stories."""
    return msgspec.structs.replace(people_with_files(), people=(*load_people(), *crowd.people()))
