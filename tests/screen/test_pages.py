"""What must stand on pages of a kind, whatever else changes."""

from __future__ import annotations

import re

import pytest

from kiosk.words import CHINESE
from screens.gallery.cases import PANELS
from screens.gallery.samples import LANGUAGES
from tests.screen.conftest import Glass


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_call_stands_on_every_last_page(glass: Glass, language: str) -> None:
    for name in ("result", "result-unprinted", "result-waiting"):
        texts = glass.tell(forget=True, manner={"language": language}, show=name, settle=True, measure=True)["texts"]
        assert any(text.endswith(" 12333") for text in texts), f"{name} says {texts}"


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("low", [False, True], ids=["high", "low"])
def test_sheets_come_to_rest(glass: Glass, low: bool) -> None:
    """Laid out once, not before every frame for as long as the terminal is on."""
    glass.tell(forget=True, manner={"language": CHINESE, "low": low}, show="home", settle=True)
    for key, closes in (("help", "close-help"), ("look", "close-look")):
        glass.press(key)
        assert glass.tell(faults=True)["faults"] == [], key
        glass.press(closes)
    glass.tell(show="still-there")
    assert glass.tell(faults=True)["faults"] == []
    glass.tell(forget=True)


@pytest.mark.parametrize("glass", ["tall"], indirect=True)
def test_a_long_title_in_large_type_has_the_whole_width(glass: Glass) -> None:
    """Beside a picture it would be a word or two on each of five lines."""
    manner = {"language": "en", "look": "large"}
    lines = glass.tell(forget=True, manner=manner, show="take-cards", settle=True, title=True)["lines"]
    assert len(lines) <= 3, lines


@pytest.mark.parametrize("glass", ["tall"], indirect=True)
@pytest.mark.parametrize(("language", "look"), [(CHINESE, "standard"), ("en", "large")])
def test_a_longer_number_than_the_one_before_has_room_above_the_keys(glass: Glass, language: str, look: str) -> None:
    """As when a clerk has signed in and types the holder's number: a row more on the same page."""
    glass.tell(forget=True, manner={"language": language, "look": look})
    for page in ("clerk-number", "type-number"):
        glass.tell(show=page)
        assert glass.tell(faults=True)["faults"] == [], page
    glass.tell(forget=True)


@pytest.mark.parametrize("glass", ["small"], indirect=True)
def test_what_an_id_number_looks_like_is_said_in_full_beside_a_pin_pad(glass: Glass) -> None:
    """The most rows of boxes, the longest words, the largest type and the smallest panel."""
    glass.tell(forget=True, manner={"language": "en", "look": "large"}, show="type-number-on-pad")
    assert glass.tell(faults=True)["faults"] == []
    glass.tell(forget=True)


def test_a_clerks_choices_say_which_step_they_are(glass: Glass) -> None:
    for name in ("clerk-papers-present", "clerk-service"):
        texts = glass.tell(forget=True, show=name, settle=True, measure=True)["texts"]
        assert any(re.fullmatch(r"第\d步，共5步", text) for text in texts), texts
    glass.tell(forget=True)
