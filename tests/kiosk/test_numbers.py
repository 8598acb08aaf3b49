"""Check characters of people's and cards' numbers."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.numbers import (
    Fault,
    card_number_check,
    citizen_number_check,
    citizen_number_fault,
    citizen_number_is_valid,
    old_citizen_number_fault,
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


# --- as people type them -----------------------------------------------------------------------


@given(bodies())
def test_every_number_is_taken_whatever_its_region(body: str) -> None:
    assert citizen_number_fault(body + citizen_number_check(body)) is None


@given(bodies(), st.integers(0, 17), digits)
def test_one_character_mistyped_is_told(body: str, place: int, digit: str) -> None:
    right = body + citizen_number_check(body)
    typed = right[:place] + digit + right[place + 1 :]
    assert (citizen_number_fault(typed) is None) == (typed == right)


@given(bodies(), st.integers(0, 16))
def test_two_neighbours_exchanged_are_told(body: str, place: int) -> None:
    right = body + citizen_number_check(body)
    typed = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert (citizen_number_fault(typed) is None) == (typed == right)


@given(st.text("0123456789X", max_size=20))
def test_whatever_the_keys_can_type_is_judged_and_never_breaks(typed: str) -> None:
    assert (citizen_number_fault(typed) is None) == citizen_number_is_valid(typed)
    if old_citizen_number_fault(typed) is None:
        assert citizen_number_is_valid(upgrade_citizen_number(typed))
    else:
        with pytest.raises(ValueError, match="old citizen's number"):
            upgrade_citizen_number(typed)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("34052419800101001X", None),
        ("340524198001010010", Fault.CHECK),
        ("340524198002300010", Fault.NO_DAY),
        ("34052419800X010010", Fault.NO_NUMBER),
        ("040524198001010010", Fault.NO_NUMBER),
        ("340524800101001", Fault.NO_NUMBER),
    ],
)
def test_what_is_wrong_with_a_number(typed: str, fault: Fault | None) -> None:
    assert citizen_number_fault(typed) is fault


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("340524800101001", None),
        ("999999800101001", None),
        ("340524800230001", Fault.NO_DAY),
        ("34052480010100X", Fault.NO_NUMBER),
    ],
)
def test_what_is_wrong_with_an_old_number(typed: str, fault: Fault | None) -> None:
    assert old_citizen_number_fault(typed) is fault


# --- cards -----------------------------------------------------------------------------------


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
