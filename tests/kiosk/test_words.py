"""Messages become sentences: in either language, with other messages and dates inside."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import Text
from kiosk.words import CHINESE, Message, complete, language, plain, said

DAY = dt.datetime(2026, 11, 22, 9, 5, tzinfo=dt.UTC)


def test_chinese_comes_first() -> None:
    assert complete()[0] == CHINESE


def test_chinese_and_english_are_never_offered_by_halves() -> None:
    assert {CHINESE, "en"} <= set(complete())


@pytest.mark.parametrize("code", complete())
@given(text=st.text(max_size=40))
def test_plain_text_stays_as_it_is_braces_and_all(code: str, text: str) -> None:
    assert language(code).say(plain(text)) == text


@given(zh=st.text(max_size=20), en=st.text(max_size=20))
def test_words_of_the_centre_are_said_in_the_language_of_the_page(zh: str, en: str) -> None:
    message = said(Text(zh, en))
    assert language("zh_CN").say(message) == zh
    assert language("en").say(message) == en


@pytest.mark.parametrize(
    ("code", "day", "time"),
    [("zh_CN", "2026年11月22日", "2026年11月22日 09:05"), ("en", "November 22, 2026", "November 22, 2026 09:05")],
)
def test_dates_are_written_as_the_language_writes_them(code: str, day: str, time: str) -> None:
    say = language(code).say
    assert say(Message("plain", {"text": DAY.date()})) == day
    assert say(Message("plain", {"text": DAY})) == time


@pytest.mark.parametrize("code", complete())
def test_a_message_in_a_message_is_said_in_the_same_language(code: str) -> None:
    inner = said(Text("卡", "card"))
    assert language(code).say(Message("plain", {"text": inner})) == language(code).say(inner)


@pytest.mark.parametrize("code", complete())
def test_an_id_that_is_in_no_catalog_is_a_mistake_of_ours(code: str) -> None:
    with pytest.raises(KeyError):
        language(code).say(Message("no.such.sentence"))
