"""One touch, one action: what a person's finger does and what it cannot do."""

from __future__ import annotations

import pytest

from screens.choices import choices
from screens.gallery.samples import samples
from tests.screen.conftest import Glass

FOOT = {"back", "help", "look", "speech", "language"}


def answers(glass: Glass) -> dict[str, object]:
    heard: dict[str, object] = {}
    while "answered" not in heard:
        heard = glass.hear()
    return heard


def test_a_tile_is_chosen(glass: Glass) -> None:
    glass.tell(ask="home", settle=True)
    glass.press("report_loss")
    assert answers(glass) == {"answered": "Chosen", "of": "home", "service": "report_loss"}


def test_things_to_take_are_labelled_alike(glass: Glass) -> None:
    glass.tell(manner={"language": "en"}, show="take-cards", settle=True)
    assert {"ID card", "Card", "Slip"} <= set(glass.texts())


def test_a_greyed_tile_answers_too_so_that_its_reason_can_be_explained(glass: Glass) -> None:
    glass.tell(ask="home-six", settle=True)
    glass.press("replacement")
    assert answers(glass)["service"] == "replacement"


def test_the_attract_page_is_one_button(glass: Glass) -> None:
    glass.tell(ask="attract", settle=True)
    glass.xdotool("mousemove", "300", "300", "click", "1")
    assert answers(glass)["answered"] == "Touched"


def test_a_double_click_answers_once_and_does_not_press_the_next_page(glass: Glass) -> None:
    glass.tell(ask="confirm", settle=True)
    glass.point("act")
    glass.xdotool("click", "--repeat", "2", "--delay", "60", "1")
    assert answers(glass)["answered"] == "Agreed"
    assert glass.silent()


def test_a_finger_that_comes_up_after_the_page_has_changed_presses_nothing(glass: Glass) -> None:
    glass.tell(ask="confirm", settle=True)
    glass.point("act")
    glass.xdotool("mousedown", "1")
    glass.tell(ask="refusal", settle=True)
    glass.xdotool("mouseup", "1")
    assert glass.silent()


def test_what_changes_beside_a_button_does_not_take_the_finger_off_it(glass: Glass) -> None:
    """A tile greyed, or the slip printed, in the moment in which another button is pressed."""
    glass.tell(ask="result", settle=True)
    glass.point("done")
    glass.xdotool("mousedown", "1")
    glass.tell(show="result-unprinted")
    glass.xdotool("mouseup", "1")
    assert answers(glass)["answered"] == "Done"


def on_every_leaf(glass: Glass) -> set[str]:
    """What can be pressed, from the first leaf to the last."""
    drawn: set[str] = set()
    read: list[list[str]] = []
    while (leaf := glass.tell(settle=True, measure=True))["texts"] not in read:
        read.append(leaf["texts"])
        drawn |= set(leaf["targets"])
        if "turn" in leaf["targets"]:
            glass.press("turn")
    return drawn - {"turn"}


@pytest.mark.parametrize("name", samples("zh_CN"))
def test_the_buttons_are_the_choices(glass: Glass, name: str) -> None:
    """So that a keypad and ears find on a page what a finger finds."""
    prompt = samples("zh_CN")[name]
    glass.tell(forget=True)
    glass.tell(show=name, settle=True)
    drawn = {target for target in on_every_leaf(glass) if target not in FOOT and not target.startswith("key-")}
    offered = {choice.name.removeprefix("tile-") for choice in choices(prompt)}
    assert drawn <= offered
    assert all(missing.startswith("next-") for missing in offered - drawn), "the home page has those"


def test_sliding_off_a_button_takes_the_press_back(glass: Glass) -> None:
    glass.tell(ask="confirm", settle=True)
    glass.point("act")
    glass.xdotool("mousedown", "1", "mousemove", "200", "300", "mouseup", "1")
    assert glass.silent()


def test_a_new_page_takes_no_touch_before_it_has_settled(glass: Glass) -> None:
    glass.tell(ask="confirm", settle=True)
    glass.point("act")
    glass.tell(ask="refusal", settle=True)
    glass.tell(ask="confirm")
    glass.xdotool("click", "1")
    assert glass.silent()


def test_escape_and_f1_close_and_open_nothing(glass: Glass) -> None:
    glass.tell(ask="home", settle=True, keyboard=True)
    before = glass.texts()
    glass.xdotool("mousemove", "300", "300", "key", "Escape")
    assert glass.hear() == {"key": 27}
    glass.xdotool("key", "F1")
    assert glass.hear() == {"key": 282}
    assert glass.texts() == before
    assert glass.process.poll() is None


def test_the_language_changes_on_the_page_that_is_asked_and_the_question_stays(glass: Glass) -> None:
    glass.tell(ask="take-cards", settle=True)
    assert "都拿好了" in glass.texts()
    glass.press("language")
    assert "I have everything" in glass.texts()
    glass.press("done")
    assert answers(glass)["answered"] == "Done"
    glass.tell(forget=True)


def test_help_lies_over_the_page_and_goes_with_one_button(glass: Glass) -> None:
    glass.tell(ask="refusal", settle=True)
    glass.press("help")
    assert set(glass.targets()) == {"close-help", "call-staff"}
    assert "12333" in glass.texts()
    glass.press("close-help")
    glass.press("done")
    assert answers(glass)["answered"] == "Done"


def test_a_clerk_finds_a_key_on_the_help_sheet_and_is_let_in(glass: Glass) -> None:
    glass.tell(ask="home-staff", settle=True)
    glass.press("help")
    assert set(glass.targets()) == {"close-help", "call-staff", "staff-key"}
    glass.press("staff-key")
    assert answers(glass)["answered"] == "Chosen"
    assert "close-help" not in glass.targets()
    glass.tell(forget=True)


def test_whoever_calls_staff_reads_what_became_of_it(glass: Glass) -> None:
    """A call that got through cannot be made twice; one that did not, can."""
    glass.tell(ask="refusal", settle=True)
    glass.press("help")
    for outcome, words, again in (("unreached", "没有联上", True), ("told", "已经通知工作人员", False)):
        glass.press("call-staff")
        assert any("正在呼叫" in text for text in glass.texts())
        seen = glass.tell(call=outcome, settle=True, measure=True, faults=True)
        assert seen["faults"] == []
        assert any(words in text for text in seen["texts"])
        assert ("call-staff" in seen["targets"]) is again
    glass.press("close-help")
    glass.tell(forget=True)


def test_the_warning_covers_the_page_and_continue_gives_it_back(glass: Glass) -> None:
    glass.tell(show="confirm", settle=True)
    glass.tell(ask="still-there", settle=True)
    glass.press("continue")
    assert answers(glass)["answered"] == "Continue"
    assert "act" in glass.targets()


def test_after_the_visit_nothing_in_the_process_holds_its_name(glass: Glass) -> None:
    glass.tell(visit=True)
    assert glass.tell(holders=True)["holders"]
    glass.tell(forget=True, settle=True)
    assert glass.tell(holders=True)["holders"] == []


def test_a_topic_turns_leaf_by_leaf_and_back(glass: Glass) -> None:
    glass.tell(forget=True)
    glass.tell(ask="advice", settle=True)
    first = glass.texts()
    glass.press("turn")
    second = glass.texts()
    assert "知道了" in second
    assert first != second
    glass.press("back")
    assert glass.texts() == first
    assert glass.silent()
    glass.press("back")
    assert answers(glass)["answered"] == "Back"


def test_a_topic_is_printed_from_any_leaf(glass: Glass) -> None:
    glass.tell(forget=True)
    glass.tell(ask="advice", settle=True)
    glass.press("print")
    assert answers(glass)["answered"] == "Agreed"
