"""Typing a PIN and a code with a real pointer: what is answered, what a bystander sees, what is left in memory."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.memory import found
from tests.screen.conftest import Glass
from tests.screen.test_touch import answers

NUMBER = "34052419800101001X"
BETWEEN_S = "0.07"
"""A quick finger, slower than a frame."""


def type_keys(glass: Glass, keys: str | list[str]) -> None:
    """One after the other, without looking between them."""
    places = glass.targets()
    words: list[str] = []
    for key in keys:
        x, y = places[f"key-{key}"]
        words += ["mousemove", str(x), str(y), "click", "1", "sleep", BETWEEN_S]
    glass.xdotool(*words)


def pin_of_twelve() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(12))


def begin(glass: Glass, page: str, *, tell_pins: bool = False) -> None:
    glass.tell(forget=True, tell_pins=tell_pins)
    glass.tell(ask=page, settle=True)


# --- what is answered ---------------------------------------------------------------------


def test_the_sixth_key_answers_with_the_pin(glass: Glass) -> None:
    begin(glass, "type-pin", tell_pins=True)
    type_keys(glass, "394857")
    assert answers(glass) == {"answered": "TypedPin", "of": "type-pin", "digits": [3, 9, 4, 8, 5, 7]}


def test_delete_takes_back_one_and_clear_takes_back_all(glass: Glass) -> None:
    begin(glass, "type-pin", tell_pins=True)
    type_keys(glass, ["1", "2", "3", "clear", "delete", "6", "7", "delete", "0", "1", "8", "3", "5"])
    assert answers(glass)["digits"] == [6, 0, 1, 8, 3, 5]


def test_the_code_is_shown_as_it_is_typed_and_answered_whole(glass: Glass) -> None:
    begin(glass, "type-code")
    type_keys(glass, ["4", "0", "9", "delete", "7", "2"])
    assert {"4", "0", "7", "2"} <= set(cells(glass))
    type_keys(glass, "15")
    assert answers(glass) == {"answered": "Typed", "of": "type-code", "text": "407215"}
    assert cells(glass) == []


def cells(glass: Glass) -> list[str]:
    return list(glass.tell(settle=True, cells=True)["cells"])


def test_keys_pressed_too_late_change_nothing_and_go_with_the_page(glass: Glass) -> None:
    begin(glass, "type-pin", tell_pins=True)
    type_keys(glass, "394857991")
    assert answers(glass)["digits"] == [3, 9, 4, 8, 5, 7]
    assert glass.silent()
    glass.tell(show="working", settle=True)
    assert glass.tell(pins=True)["pins"] == []


def test_the_language_changes_under_half_a_pin(glass: Glass) -> None:
    begin(glass, "type-pin", tell_pins=True)
    type_keys(glass, "394")
    glass.press("language")
    assert "Choose a new PIN" in glass.texts()
    type_keys(glass, "857")
    assert answers(glass)["digits"] == [3, 9, 4, 8, 5, 7]
    glass.tell(forget=True)


# --- a number that stands on a card -----------------------------------------------------------


def test_a_number_is_shown_as_it_is_typed_and_its_x_counts_in_the_last_place_only(glass: Glass) -> None:
    begin(glass, "type-number")
    type_keys(glass, ["3", "x", *NUMBER[1:5], "9", "delete", *NUMBER[5:17]])
    assert "".join(reversed(cells(glass))) == NUMBER[:17]
    type_keys(glass, ["x"])
    assert answers(glass) == {"answered": "Typed", "of": "type-number", "text": NUMBER}
    assert cells(glass) == []


def test_a_number_that_was_wrong_is_corrected_from_its_end(glass: Glass) -> None:
    begin(glass, "number.citizen.check")
    assert "".join(reversed(cells(glass))) == "340524198001010011"
    type_keys(glass, ["8", "delete", "x"])
    assert answers(glass) == {"answered": "Typed", "of": "number.citizen.check", "text": NUMBER}


# --- what a bystander sees -------------------------------------------------------------------


def test_a_key_of_the_pin_pad_held_down_looks_like_any_other(glass: Glass, tmp_path: Path) -> None:
    begin(glass, "type-pin")
    at_rest, one, nine = (held(glass, tmp_path, key) for key in (None, "1", "9"))
    assert one == nine
    assert one != at_rest


def test_of_the_pin_only_its_length_is_shown(glass: Glass, tmp_path: Path) -> None:
    pictures = []
    for digits in ("394", "111"):
        begin(glass, "type-pin")
        before = glass.texts()
        type_keys(glass, digits)
        assert glass.texts() == before
        pictures.append(held(glass, tmp_path, None))
    assert pictures[0] == pictures[1]


def held(glass: Glass, folder: Path, key: str | None) -> bytes:
    """A picture of the glass with a finger on a key."""
    picture = folder / "held.ppm"
    if key is not None:
        glass.point(f"key-{key}")
        glass.xdotool("mousedown", "1")
    glass.tell(settle=True, shot=str(picture))
    # let go beside the keys: nothing is typed
    glass.xdotool("mousemove", "5", "300", "mouseup", "1")
    return picture.read_bytes()


# --- what is left in memory --------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [{"show": "refusal"}, {"forget": True}, {"ask": "type-pin-again"}, {"show": "out-of-service"}],
    ids=["replaced", "forgotten", "asked-again", "fault"],
)
def test_a_page_that_goes_leaves_nothing_of_half_a_pin(glass: Glass, way: dict[str, object]) -> None:
    pin = pin_of_twelve()
    begin(glass, "type-pin-long")
    type_keys(glass, pin[:-1])
    assert found(glass.process.pid, pin[:-1]) == {"BCD"}, "it is there while it is typed, and only so"
    glass.tell(**way, settle=True)
    assert_nothing_left(glass, pin[:-1])


def test_clear_leaves_nothing(glass: Glass) -> None:
    pin = pin_of_twelve()
    begin(glass, "type-pin-long")
    type_keys(glass, pin[:-1])
    glass.press("key-clear")
    assert_nothing_left(glass, pin[:-1])


def test_whoever_takes_the_pin_has_the_only_copy(glass: Glass) -> None:
    pin = pin_of_twelve()
    begin(glass, "type-pin-long")
    type_keys(glass, pin)
    assert answers(glass) == {"answered": "TypedPin", "of": "type-pin-long"}
    assert_nothing_left(glass, pin)


def test_a_pin_nobody_asks_for_any_more_is_wiped(glass: Glass) -> None:
    pin = pin_of_twelve()
    glass.tell(forget=True, show="type-pin-long", settle=True)
    type_keys(glass, pin)
    assert glass.silent()
    assert_nothing_left(glass, pin)


def assert_nothing_left(glass: Glass, digits: str) -> None:
    left = glass.tell(settle=True, pins=True, touches=True)
    assert left["pins"] == []
    assert left["touches"] == 0, "touches with their places and times tell a PIN too"
    assert found(glass.process.pid, digits) == set()
