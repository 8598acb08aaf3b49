"""People whom a centre has on record to be checked with, by what is true of their card."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.terms import Algorithm, CardStatus, Private

SHIPPED = Path(__file__).parent / "people.toml"


class BadPeopleFile(ValueError):
    """Names the file and the fault, never a person."""


class TestCard(Private, frozen=True, forbid_unknown_fields=True):
    __test__ = False

    number: str
    """AAZ500"""
    identifier: str
    """AAZ501"""
    region: str
    """AAB301"""
    algorithm: Algorithm
    reset_info: str
    """26 hex digits."""


class TestPerson(Private, frozen=True, forbid_unknown_fields=True):
    __test__ = False

    number: str
    """AAC002"""
    name: str
    card: TestCard | None = None


class TestPeople(Private, frozen=True, forbid_unknown_fields=True):
    """Whoever is missing leaves the checks that need them undone, which is said."""

    __test__ = False

    normal: TestPerson
    """Status 1, with the card and a registered phone.  Stays as it is."""
    to_lose: TestPerson
    """Status 1, no replacement on order.  Is reported lost, and stays so."""
    stranger: TestPerson
    """Not on record."""
    sealed: TestPerson | None = None
    temporarily_lost: TestPerson | None = None
    formally_lost: TestPerson | None = None
    application_locked: TestPerson | None = None
    cancelled: TestPerson | None = None
    replaced: TestPerson | None = None
    """A new card was handed over and is not activated; `card` is the old one."""

    def by_status(self) -> dict[CardStatus, TestPerson]:
        """Those who are there."""
        named = {
            CardStatus.SEALED: self.sealed,
            CardStatus.NORMAL: self.normal,
            CardStatus.FORMALLY_LOST: self.formally_lost,
            CardStatus.APPLICATION_LOCKED: self.application_locked,
            CardStatus.TEMPORARILY_LOST: self.temporarily_lost,
            CardStatus.CANCELLED: self.cancelled,
        }
        return {status: person for status, person in named.items() if person is not None}


def load(file: Path) -> TestPeople:
    """Raises BadPeopleFile, OSError."""
    try:
        return msgspec.toml.decode(file.read_bytes(), type=TestPeople)
    except msgspec.MsgspecError as error:
        raise BadPeopleFile(f"{file}: {error}") from None
