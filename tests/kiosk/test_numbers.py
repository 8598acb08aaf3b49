"""Check characters of people's and cards' numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.numbers import (
    card_number_check,
    citizen_number_check,
    citizen_number_is_valid,
    upgrade_citizen_number,
)

digits = st.text("0123456789", min_size=1, max_size=1)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    birth = draw(st.dates(dt.date(1850, 1, 1), dt.date(2099, 12, 31)))
    region, sequence = draw(st.integers(100000, 999999)), draw(st.integers(0, 999))
    return f"{region}{birth:%Y%m%d}{sequence:03}"


@pytest.mark.parametrize(
    "number", ["34052419800101001X", "459900190001010018", "459900190001010026", "459900190001010034"]
)
def test_published_and_synthetic_numbers_are_valid(number: str) -> None:
    assert citizen_number_is_valid(number)


@given(bodies())
def test_any_region_is_taken_and_only_one_check_character(body: str) -> None:
    good = [check for check in "0123456789X" if citizen_number_is_valid(body + check)]
    assert good == [citizen_number_check(body)]


@given(bodies(), st.integers(0, 16), digits)
def test_one_digit_misread_is_noticed(body: str, place: int, digit: str) -> None:
    misread = body[:place] + digit + body[place + 1 :] + citizen_number_check(body)
    assert citizen_number_is_valid(misread) == (body[place] == digit)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "4599001900010100",
        "45990019000230001",
        "459900190002300010",
        "４５９９００190001010018",
        "45990019000101001 ",
    ],
)
def test_what_is_no_number_is_not_valid(number: str) -> None:
    assert not citizen_number_is_valid(number)


@pytest.mark.parametrize("check", "0123456789X")
def test_a_day_that_never_was_is_not_valid_whatever_the_check(check: str) -> None:
    assert not citizen_number_is_valid("45990019000230001" + check)


@given(bodies())
def test_an_old_number_gets_its_century_and_its_check(body: str) -> None:
    old = body[:6] + body[8:]
    if body[6:8] == "19":
        assert upgrade_citizen_number(old) == body + citizen_number_check(body)
        assert citizen_number_is_valid(upgrade_citizen_number(old))


@pytest.mark.parametrize("old", ["459900000230001", "45990000010100", "459900190001010018", "45990000010100X"])
def test_what_is_no_old_number_is_refused(old: str) -> None:
    with pytest.raises(ValueError, match="old citizen's number"):
        upgrade_citizen_number(old)


def test_the_card_number_of_the_standard() -> None:
    assert card_number_check("D2143569") == "X"


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_a_card_number_sums_to_a_multiple_of_eleven(body: str) -> None:
    values = [int(character, 36) for character in body]
    check = card_number_check(body)
    weighed = sum(w * v for w, v in zip((3, 7, 9, 10, 5, 8, 4, 2), values, strict=True))
    assert (weighed + (10 if check == "X" else int(check))) % 11 == 0


@pytest.mark.parametrize("body", ["", "d2143569", "D214356", "D21435690", "Ｄ2143569"])
def test_what_is_no_card_number_has_no_check(body: str) -> None:
    with pytest.raises(ValueError, match="8 digits or capital letters"):
        card_number_check(body)
