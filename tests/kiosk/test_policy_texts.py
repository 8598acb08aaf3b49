"""A region's own words: which it may have, and that they are said, written and spoken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.contract import Text
from kiosk.policy.texts import KINDS, unsayable
from kiosk.words import complete, language, msg, word_as_the_region
from screens.speech.utterance import utterance
from tests.kiosk.region import OTHER, policy


@pytest.fixture
def other_words() -> Iterator[None]:
    word_as_the_region(policy(OTHER).texts)
    yield
    word_as_the_region({})


def refused(id: str, zh: str = "好", en: str = "Good") -> list[str]:
    texts: dict[str, Any] = {"texts": {id: {"zh": zh, "en": en}}}
    return [fault.said.en for fault in unsayable(texts)]


@pytest.mark.usefixtures("other_words")
def test_a_region_says_it_in_its_own_words() -> None:
    title, other = msg("tile.report_loss.title"), msg("tile.card_status.title")
    assert [language(code).say(title) for code in ("zh_CN", "en")] == ["挂失", "Card gone"]
    assert [language(code).say(other) for code in ("zh_CN", "en")] == ["查一查", "Check card"]


@pytest.mark.usefixtures("other_words")
def test_what_was_recorded_in_other_words_is_not_played() -> None:
    assert [piece.clip for piece in utterance(msg("tile.report_loss.title"), "zh_CN").pieces] == ["text.挂失"]
    assert [piece.clip for piece in utterance(msg("tile.card_status.title"), "en").pieces] == ["tile.card_status.title"]


def test_without_own_words_all_is_as_the_catalogs_have_it() -> None:
    assert language("en").say(msg("tile.report_loss.title")) == "Lost card"
    assert [piece.clip for piece in utterance(msg("tile.report_loss.title"), "en").pieces] == ["tile.report_loss.title"]


@pytest.mark.parametrize("id", ["loss.done.title", "pin_result.reset.title", "slip.loss.done", "status.normal.title"])
def test_promises_are_not_a_regions_to_word(id: str) -> None:
    assert id in language("en").ids
    assert refused(id) == [f'texts."{id}": there is no such sentence, or it is not a region\'s to word']


@pytest.mark.parametrize("code", complete())
def test_nothing_that_is_said_of_an_outcome_can_be_worded(code: str) -> None:
    worded = {id for id in language(code).ids if any(kind.match(id) for kind in KINDS)}
    assert {id.partition(".")[0] for id in worded} == {"tile", "refusal", "closed"}
    assert {id.rpartition(".")[2] for id in worded if id.startswith("refusal.")} == {"where"}


@pytest.mark.parametrize(
    ("id", "zh", "en", "said"),
    [
        ("tile.nothing.title", "好", "Good", ["no such sentence"]),
        ("tile.report_loss.title", "", "Good", ['title".zh: must not be empty']),
        ("tile.report_loss.title", "挂" * 40, "Good", ["has 40 characters, its place takes "]),
        ("refusal.cancelled.where", "请打 {hotline}", "Call", ["has no value {hotline}; there is none"]),
        (
            "closed.line.instead",
            "{channels}",
            "{zh!r} {0}",
            ["has no value {0}, {zh!r:}; there is {channels}"],
        ),
        ("closed.line.instead", "{hotline", "Call", ["a brace has no other"]),
    ],
)
def test_what_cannot_be_said(id: str, zh: str, en: str, said: list[str]) -> None:
    found = refused(id, zh, en)
    assert len(found) == len(said), found
    assert all(part in whole for part, whole in zip(said, found, strict=True)), found


def test_a_text_is_in_both_complete() -> None:
    assert policy(OTHER).texts["tile.report_loss.title"] == Text("挂失", "Card gone")
