"""Synthetic people and their cards, one TOML file each: whoever has a file can be played.

Chip, ID card on the virtual reader, and the reference central's records are all made from the same file.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import msgspec

from drivers.virtual.people.numbers import is_card_number, is_citizen_number
from kiosk.terms import Algorithm, CardStatus, CardVersion, DocumentKind, Private

PEOPLE = Path(__file__).parent


class BadPersonFile(ValueError):
    """Names the file, the key and what is allowed; never the person."""


# --- what lies on the ID reader ----------------------------------------------------


class ResidentDocument(Private, frozen=True, tag_field="kind", tag="resident", forbid_unknown_fields=True):
    """居民身份证."""

    address: str
    issuer: str
    valid_from: dt.date
    valid_until: dt.date | None = None
    """None: 长期."""


class PermitDocument(Private, frozen=True, tag_field="kind", tag="hong_kong_macao_taiwan", forbid_unknown_fields=True):
    """港澳台居民居住证."""

    address: str
    issuer: str
    permit_number: str
    """通行证号, 9 characters."""
    valid_from: dt.date
    valid_until: dt.date
    issue_count: int = 1


class Foreigner2017Document(Private, frozen=True, tag_field="kind", tag="foreigner_2017", forbid_unknown_fields=True):
    """外国人永久居留身份证, version of 2017: number of 15 characters."""

    english_name: str
    document_number: str
    nationality: str
    """Three letters."""
    valid_from: dt.date
    valid_until: dt.date


class Foreigner2023Document(Private, frozen=True, tag_field="kind", tag="foreigner_2023", forbid_unknown_fields=True):
    """外国人永久居留身份证, version of 2023: 18 digits beginning with 9, the person's own number."""

    english_name: str
    nationality: str
    valid_from: dt.date
    valid_until: dt.date


IdDocument = ResidentDocument | PermitDocument | Foreigner2017Document | Foreigner2023Document

DOCUMENT_KINDS: dict[type, DocumentKind] = {
    PermitDocument: DocumentKind.HONG_KONG_MACAO_TAIWAN,
    Foreigner2017Document: DocumentKind.FOREIGNER_2017,
    Foreigner2023Document: DocumentKind.FOREIGNER_2023,
}


# --- the social security card, and what the centre says of it ------------------------


class IssuedCard(Private, frozen=True, forbid_unknown_fields=True):
    """The chip as it is now in the person's pocket, and the centre's record of it."""

    version: CardVersion
    algorithm: Algorithm
    """"01" DES, "03" SM4; 1.0 cards: DES."""
    region: str
    number: str
    """卡号, 9 characters with a right check character."""
    identifier: str
    """卡识别码, 32 hex digits: region, D156000005, serial, FFFFFFFF."""
    historical_bytes: str
    """卡复位信息, 26 hex digits."""
    issued: dt.date
    expires: dt.date
    """In a file also `expires_in_days`, from the day on which it is read."""
    status: CardStatus
    """The centre's word, not the chip's: 0 1 2 3 4 9."""
    bank_code: str
    """3 digits, the bank of the financial account."""
    replacement_filed: bool = False
    """The centre has a new card on order for it."""
    pin: str = "123456"
    """4 to 12 digits; empty: never set."""
    tries_left: int = 6
    tries_max: int = 6
    application_blocked: bool = False
    card_blocked: bool = False
    number_record_length: int = 9
    """EF05 tag 07 is 12 bytes long on some cards."""
    atr_start: str = "3B6D0000"
    """The ATR before its historical bytes."""

    def __post_init__(self) -> None:
        _require(self.algorithm is not Algorithm.SSF33, "algorithm", 'must be "01" (DES) or "03" (SM4)')
        single = self.version is CardVersion.V1 and self.algorithm is not Algorithm.DES
        _require(not single, "algorithm", 'must be "01" on a card of version 1.0')
        _require(re.fullmatch(r"\d{6}", self.region, re.ASCII), "region", "must be 6 digits")
        _require(is_card_number(self.number), "number", "must be 8 characters 0-9 A-Z and their check character")
        identifier = rf"{self.region}D156000005[0-9]{{8}}[0-9A-F]{{8}}"
        _require(re.fullmatch(identifier, self.identifier), "identifier", "must be 32 hex digits: region, D156000005 …")
        historical = rf"[0-9A-F]{{14}}{self.region[:4]}[0-9A-F]{{8}}"
        _require(
            re.fullmatch(historical, self.historical_bytes),
            "historical_bytes",
            "must be 26 hex digits, 15-18 the region's first four",
        )
        _require(self.status is not CardStatus.UNKNOWN, "status", 'must be one of "0" "1" "2" "3" "4" "9"')
        _require(re.fullmatch(r"\d{3}", self.bank_code, re.ASCII), "bank_code", "must be 3 digits")
        _require(re.fullmatch(r"(\d{4,12})?", self.pin, re.ASCII), "pin", "must be 4 to 12 digits, or empty")
        _require(1 <= self.tries_max <= 15, "tries_max", "must be 1 to 15")
        _require(0 <= self.tries_left <= self.tries_max, "tries_left", "must be 0 to tries_max")
        _require(self.number_record_length in (9, 12), "number_record_length", "must be 9 or 12")
        _require(re.fullmatch("3B[0-9A-F]*", self.atr_start), "atr_start", "must be hex beginning with 3B")

    @property
    def reset_info(self) -> bytes:
        return bytes.fromhex(self.historical_bytes)

    @property
    def atr(self) -> bytes:
        return bytes.fromhex(self.atr_start) + self.reset_info


# --- the person ---------------------------------------------------------------------


class Person(Private, frozen=True, forbid_unknown_fields=True):
    """One synthetic person."""

    name: str
    number: str
    """社会保障号码: 18 characters, or a foreigner's shorter one."""
    sex: str
    """GB/T 2261.1: "1" man, "2" woman."""
    nation: str
    """GB 3304, 2 digits."""
    birth: dt.date
    phone: str
    """11 digits beginning with 100, which no telephone in China does."""
    about: str
    """What this person is good for, one line."""
    birthplace: str = "459900"
    id_card: IdDocument | None = None
    card: IssuedCard | None = None
    key: str = ""
    """The file's name: how people are called on the bench and in tests.  Not in the file."""

    def __post_init__(self) -> None:
        _require(0 < len(self.name.encode("gb18030")) <= 50, "name", "must be 1 to 50 bytes of GB 18030")
        foreign_number = isinstance(self.id_card, Foreigner2017Document)
        right = is_citizen_number(self.number) or (foreign_number and self.number.isalnum() and len(self.number) <= 18)
        _require(right, "number", "must be 17 digits with a birth date and their check character (GB 11643)")
        born = foreign_number or self.number[6:14] == f"{self.birth:%Y%m%d}"
        _require(born, "birth", "must be the date in the number")
        _require(self.sex in ("1", "2"), "sex", 'must be "1" or "2"')
        _require(re.fullmatch(r"\d{2}", self.nation, re.ASCII), "nation", "must be 2 digits (GB 3304)")
        _require(re.fullmatch(r"\d{6}", self.birthplace, re.ASCII), "birthplace", "must be 6 digits (GB/T 2260)")
        _require(re.fullmatch(r"100\d{8}", self.phone, re.ASCII), "phone", "must be 100 and 8 digits")

    @property
    def phone_last2(self) -> str:
        return self.phone[-2:]


def _require(right: object, key: str, allowed: str) -> None:
    if not right:
        raise ValueError(f"`{key}` {allowed}")


# --- files --------------------------------------------------------------------------


def load_person(file: Path, today: dt.date) -> Person:
    """Raises BadPersonFile, OSError."""
    try:
        written = msgspec.toml.decode(file.read_bytes())
        person = msgspec.convert(_dated(written, today), Person)
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadPersonFile(f"{file}: {error}") from None
    return msgspec.structs.replace(person, key=file.stem)


def _dated(person: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """With the card's last day where the file has only its distance."""
    card = person.get("card", {})
    days = card.pop("expires_in_days", None)
    if days is None:
        return person
    _require("expires" not in card and isinstance(days, int), "expires_in_days", "must be days, instead of `expires`")
    return person | {"card": card | {"expires": today + dt.timedelta(days=days)}}


def load_people(path: Path = PEOPLE, today: dt.date | None = None) -> tuple[Person, ...]:
    """Everybody in a folder, by file name, as they are `today`: by this machine's clock unless it is given.

    Raises BadPersonFile, also when two share a number; OSError.
    """
    day = today or dt.datetime.now().astimezone().date()
    people = tuple(load_person(file, day) for file in sorted(path.glob("*.toml")))
    _require_distinct(path, people)
    return people


def _require_distinct(path: Path, people: tuple[Person, ...]) -> None:
    cards = [person for person in people if person.card]
    for what, holders in {
        "number": [(person.number, person.key) for person in people],
        "card.number": [(person.card.number, person.key) for person in cards if person.card],
        "card.identifier": [(person.card.identifier, person.key) for person in cards if person.card],
        "card.historical_bytes": [(person.card.historical_bytes, person.key) for person in cards if person.card],
    }.items():
        first: dict[str, str] = {}
        for value, key in holders:
            if value in first:
                raise BadPersonFile(f"{path}: `{what}` of {key}.toml and {first[value]}.toml must differ")
            first[value] = key


def find(people: tuple[Person, ...], key: str) -> Person:
    """Raises KeyError, naming who there is."""
    for person in people:
        if person.key == key:
            return person
    raise KeyError(f"no person {key!r}; there are: {', '.join(person.key for person in people)}")
