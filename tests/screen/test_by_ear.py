"""A keypad and the voice at a real window: real keys through the X server, the voice's words from its own wire."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.dates import get_month_names
from babel.lists import format_list

from kiosk.words import language, msg
from screens.gallery.samples import LANGUAGES, samples
from screens.speech.telling import spoken
from tests.screen.conftest import ANSWER_S, NOTHING_S, Glass
from tests.screen.test_touch import answers
from tests.screen.test_typing import assert_nothing_left, pin_of_twelve

LISTEN_S = 0.05


def hears(glass: Glass, words: str) -> list[str]:
    """Everything that is said until these words are."""
    end, said = time.monotonic() + ANSWER_S, []
    while not any(words in line for line in said):
        assert time.monotonic() < end, f"{words} was not said, but {said}"
        time.sleep(LISTEN_S)
        said += glass.ears.hear()
    return said


def keys(glass: Glass, *names: str) -> None:
    glass.tell(settle=True)
    for name in names:
        glass.xdotool("key", name)
        time.sleep(0.08)


def test_the_sheet_for_the_look_is_heard_and_switched_by_key(plugged: Glass) -> None:
    plugged.tell(ask="confirm", settle=True)
    plugged.press("look")
    hears(plugged, "低位，现在关着")
    keys(plugged, "KP_3")
    assert hears(plugged, "高对比，现在开着") == ["按 3，高对比，现在开着。"]
    keys(plugged, "KP_Multiply")
    hears(plugged, "挂失这张卡")
    assert plugged.silent(), "nothing under the sheet was pressed"
    keys(plugged, "KP_1")
    assert answers(plugged)["answered"] == "Agreed"


@pytest.fixture
def plugged(glass: Glass) -> Iterator[Glass]:
    glass.tell(forget=True)
    glass.xdotool("mousemove", "300", "300")
    glass.ears.plug_in()
    hears(glass, "开始办理")
    yield glass
    glass.ears.pull_out()
    glass.tell(forget=True, settle=True)
    glass.ears.hear()


def test_a_headphone_turns_the_voice_on_and_a_figure_chooses(plugged: Glass) -> None:
    plugged.tell(ask="confirm")
    said = hears(plugged, "确认挂失")
    assert any("韦某" in line for line in said)
    keys(plugged, "KP_1")
    assert answers(plugged)["answered"] == "Agreed"


def test_without_a_headphone_the_name_is_for_the_eyes(glass: Glass) -> None:
    glass.tell(forget=True)
    glass.ears.hear()
    glass.tell(ask="confirm", manner={"spoken": True})
    assert not [line for line in hears(glass, "确认挂失") if "韦某" in line]
    glass.tell(forget=True)


@pytest.mark.parametrize("code", LANGUAGES)
def test_whatever_is_written_on_a_page_is_said(glass: Glass, code: str) -> None:
    written, unsaid = {}, {}
    for name in samples(code):
        glass.tell(forget=True, manner={"language": code}, show=name)
        written[name] = set(glass.texts())
    glass.tell(forget=True)
    frame = written["home"] & written["working"]
    for name, prompt in samples(code).items():
        said = letters("".join(line.text for line in spoken(prompt, code, private=True)))
        silent = {text for text in written[name] - frame if letters(own(text, code)) not in said}
        silent = {text for text in silent if not text.isdecimal()}
        silent = {text for text in silent if not TURNS.fullmatch(text)}
        unsaid[name] = silent - said_otherwise(code)
    assert {name: texts for name, texts in unsaid.items() if texts} == {}


TURNS = re.compile(r"继续看 \d/\d|Read on \d/\d|第\d页，共\d页|Page \d of \d")
"""Leaves are for eyes: by ear a page is one."""


def own(text: str, code: str) -> str:
    """Without what the glass adds where a PIN pad is; the ear hears of its point with the keypad's star."""
    return text.removesuffix(language(code).say(msg("screens.number_on_pad", body="")))


def letters(text: str) -> str:
    """Without what is heard as a pause only, or as another word."""
    for number, month in sorted(get_month_names("wide", locale="zh_CN").items(), reverse=True):
        text = text.replace(f"{number}月", month)
    return "".join(sign for sign in text.lower().replace("*", "某") if sign.isalnum())


def said_otherwise(code: str) -> set[str]:
    """A key of the glass has its key on the keypad, things to take are named one by one, a hotline with its number."""
    say = language(code).say
    things = [say(msg(f"screens.take_{name}")) for name in ("id_card", "ssc", "slip")]
    lists = [format_list(some, locale=code) for some in (things, things[:2])]
    together = {say(msg("screens.take_title", things=some)) for some in lists}
    keys = {
        say(msg(f"screens.{id}")) for id in ("attract_start", "hotline", "pad_clear", "pad_delete", "more", "waits")
    }
    return {*together, *(thing[0].upper() + thing[1:] for thing in things)} | keys


def test_star_goes_back_and_slash_opens_and_closes_help(plugged: Glass) -> None:
    plugged.tell(ask="confirm")
    keys(plugged, "KP_Divide")
    hears(plugged, "按 1，返回办理")
    assert "close-help" in plugged.targets()
    keys(plugged, "KP_Divide")
    hears(plugged, "挂失这张卡")
    assert "close-help" not in plugged.targets()
    keys(plugged, "KP_Multiply")
    assert answers(plugged)["answered"] == "Back"


def test_a_pin_is_typed_blind_and_only_beeps(plugged: Glass) -> None:
    plugged.tell(ask="type-pin", tell_pins=True)
    hears(plugged, "按星号键，返回")
    keys(plugged, "KP_3", "KP_9", "KP_1", "KP_Decimal", "KP_4", "KP_8", "KP_5", "KP_7")
    assert answers(plugged)["digits"] == [3, 9, 4, 8, 5, 7]
    time.sleep(NOTHING_S)
    said = plugged.ears.hear()
    assert said == ["删了一位，还有2位。"]


def test_nothing_of_a_pin_typed_on_the_keypad_stays_in_memory(plugged: Glass) -> None:
    pin = pin_of_twelve()
    plugged.tell(ask="type-pin-long", tell_pins=False)
    keys(plugged, *(f"KP_{digit}" for digit in pin))
    assert answers(plugged) == {"answered": "TypedPin", "of": "type-pin-long"}
    assert_nothing_left(plugged, pin)


def test_a_code_is_typed_on_the_keypad(plugged: Glass) -> None:
    code = "".join(secrets.choice("0123456789") for _ in range(6))
    plugged.tell(ask="type-code")
    keys(plugged, *(f"KP_{digit}" for digit in code))
    assert answers(plugged)["text"] == code


def test_the_screen_goes_black_and_a_touch_brings_it_back(plugged: Glass, tmp_path: Path) -> None:
    plugged.tell(ask="confirm")
    picture = tmp_path / "black.ppm"
    plugged.tell(manner={"dark": True}, settle=True, shot=str(picture))
    assert set(picture.read_bytes()[-1280 * 800 * 3 :]) == {0}
    plugged.xdotool("mousemove", "640", "700", "click", "1")
    assert plugged.silent(), "the touch that brings it back presses nothing"
    plugged.tell(settle=True, shot=str(picture))
    assert set(picture.read_bytes()[-1280 * 800 * 3 :]) != {0}
    assert "act" in plugged.targets()


def test_after_the_visit_nothing_in_the_process_holds_what_was_said(plugged: Glass) -> None:
    plugged.tell(visit=True)
    plugged.tell(forget=True, settle=True)
    assert plugged.tell(holders=True)["holders"] == []
