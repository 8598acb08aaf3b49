"""Messages become sentences: in either language, with other messages and dates inside."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import Text
from kiosk.words import CHINESE, LOCALE, Message, complete, language, plain, read_catalog, said

DAY = dt.datetime(2026, 11, 22, 9, 5, tzinfo=dt.UTC)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\'), max_size=120)


def as_babel_reads(text: bytes) -> dict[str, str]:
    entries = read_po(io.BytesIO(text))
    return {str(one.id): str(one.string) for one in entries if one.id and one.string and not one.fuzzy}


@given(st.dictionaries(WORDS, st.tuples(WORDS, st.booleans(), WORDS), max_size=5))
def test_a_catalog_is_read_as_translators_tools_write_it(entries: dict[str, tuple[str, bool, str]]) -> None:
    catalog = Catalog(locale="zh_CN")
    for id, (words, guessed, comment) in entries.items():
        catalog.add(id or "an id", words, flags=["fuzzy"] if guessed else [], user_comments=comment.split("\n"))
    file = io.BytesIO()
    write_po(file, catalog)
    assert dict(read_catalog(file.getvalue().decode())) == as_babel_reads(file.getvalue())


@pytest.mark.parametrize(
    "path", sorted(LOCALE.glob("*/LC_MESSAGES/*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_ours_are_read_whole(path: Path) -> None:
    assert dict(read_catalog(path.read_text())) == as_babel_reads(path.read_bytes())


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
