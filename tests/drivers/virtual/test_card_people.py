"""Everybody who ships with the project is synthetic, consistent and one of a kind; a wrong file is explained."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.virtual.people import (
    DOCUMENT_KINDS,
    PEOPLE,
    BadPersonFile,
    Foreigner2017Document,
    ResidentDocument,
    find,
    load_people,
)
from drivers.virtual.people.numbers import card_check, citizen_check, is_card_number, is_citizen_number
from kiosk.terms import CardStatus, CardVersion, DocumentKind

EVERYBODY = load_people()
TODAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.key)
def test_every_number_is_right_and_synthetic(person):
    if not isinstance(person.id_card, Foreigner2017Document):
        assert is_citizen_number(person.number)
        assert int(person.number[16]) % 2 == int(person.sex == "1")
        assert person.number[:6] in {"459900", "810000", "911156"}
    if person.card:
        assert is_card_number(person.card.number)
        assert person.card.region in {"459900", "459800"}


def test_no_number_is_carried_twice():
    numbers = [person.number for person in EVERYBODY]
    cards = [person.card for person in EVERYBODY if person.card]
    assert len(set(numbers)) == len(numbers) >= 12
    for field in ("number", "identifier", "historical_bytes"):
        assert len({getattr(card, field) for card in cards}) == len(cards)


def test_every_case_of_the_counter_has_somebody():
    cards = [person.card for person in EVERYBODY if person.card]
    known = set(CardStatus) - {CardStatus.UNKNOWN}
    assert {card.status for card in cards} == known
    assert {card.version for card in cards if card.status is CardStatus.NORMAL} == set(CardVersion)
    assert any(card.tries_left == 0 for card in cards)
    assert any(person.card is None and isinstance(person.id_card, ResidentDocument) for person in EVERYBODY)
    assert any(TODAY.year - person.birth.year < 16 for person in EVERYBODY)
    residents = [person.id_card for person in EVERYBODY if isinstance(person.id_card, ResidentDocument)]
    assert any(document.valid_until and document.valid_until < TODAY for document in residents)
    assert any(document.valid_until is None for document in residents)
    assert any(len(person.name.encode("gb18030")) > 30 for person in EVERYBODY)


def test_every_case_of_the_centre_has_somebody():
    here, there = find(EVERYBODY, "sealed").card, find(EVERYBODY, "sealed_elsewhere").card
    assert here.region[:4] != there.region[:4]
    assert here.status is there.status is CardStatus.SEALED
    for key, status, on_order in (
        ("temporarily_lost", CardStatus.TEMPORARILY_LOST, False),
        ("lost_and_on_order", CardStatus.TEMPORARILY_LOST, True),
        ("formally_lost", CardStatus.FORMALLY_LOST, True),
        ("on_order", CardStatus.NORMAL, True),
    ):
        card = find(EVERYBODY, key).card
        assert (card.status, card.replacement_filed) == (status, on_order)


@pytest.mark.parametrize(("key", "days"), [("expiring", 40), ("expired", -30)])
def test_a_last_day_may_be_told_by_its_distance(key, days):
    card = find(load_people(today=TODAY), key).card
    assert card.expires == TODAY + dt.timedelta(days=days)


def test_nobody_can_be_read_in_a_log():
    person = find(EVERYBODY, "normal_v3")
    shown = f"{person!r} {person} {person.card!r} {person.id_card!r}"
    assert person.name not in shown
    assert person.number not in shown
    assert person.card.number not in shown


def test_document_kinds_are_those_of_the_reader():
    foreign = {person.key: DOCUMENT_KINDS.get(type(person.id_card)) for person in EVERYBODY}
    assert {key: kind for key, kind in foreign.items() if kind} == {
        "hong_kong_permit": DocumentKind.HONG_KONG_MACAO_TAIWAN,
        "foreigner_2017": DocumentKind.FOREIGNER_2017,
        "foreigner_2023": DocumentKind.FOREIGNER_2023,
    }


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_has_the_right_check(body, place, by):
    wrong = body[:place] + str((int(body[place]) + by) % 10) + body[place + 1 :]
    assert citizen_check(wrong) != citizen_check(body)


def test_checks_of_the_standards_own_examples():
    assert is_citizen_number("34052419800101001X")
    assert not is_citizen_number("340524198001010011")
    assert card_check("D2143569") == "X"


# --- wrong files -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    shutil.copy(PEOPLE / "normal_v3.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("key", "line", "told"),
    [
        ("number", 'number = "459900198506150130"', "`number` must be 17 digits"),
        ("birth", "birth = 1985-06-16", "`birth` must be the date in the number"),
        ("phone", 'phone = "13800000000"', "`phone` must be 100 and 8 digits"),
        ("status", 'status = "7"', "status"),
        ("algorithm", 'algorithm = "02"', '`algorithm` must be "01" .* or "03"'),
        ("region", 'region = "4599"', "`region` must be 6 digits"),
        ("identifier", 'identifier = "00"', "`identifier` must be 32 hex digits"),
        ("issued", "issued = 3", r"card\.issued"),
        ("expires", "expires_in_days = 'soon'", "`expires_in_days` must be days"),
        ("issued", "issued = 2024-04-06\nexpires_in_days = 3", "`expires_in_days` must be days"),
        ("bank_code", 'bank_code = "102"\ntries_left = 7', "`tries_left` must be 0 to tries_max"),
        ("bank_code", 'bank_code = "102"\npim = "1"', "pim"),
        ("bank_code", 'bank_code = "102"\npin = "123"', "`pin` must be 4 to 12 digits"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_what_is_allowed(folder, key, line, told):
    file = folder / "normal_v3.toml"
    file.write_text(re.sub(rf"^{key} = .*$", line, file.read_text(), count=1, flags=re.MULTILINE))
    with pytest.raises(BadPersonFile, match=told) as caught:
        load_people(folder)
    assert "normal_v3.toml" in str(caught.value)


def test_two_people_with_one_number_are_both_named(folder):
    shutil.copy(folder / "normal_v3.toml", folder / "twin.toml")
    with pytest.raises(BadPersonFile, match=r"`number` of twin\.toml and normal_v3\.toml must differ"):
        load_people(folder)


def test_asking_for_a_stranger_says_who_is_there():
    with pytest.raises(KeyError, match="normal_v3"):
        find(EVERYBODY, "nobody")
