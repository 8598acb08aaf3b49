"""Lines break where a person would break them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu4py.breakers import WordBreaker

from kiosk.unbroken import OF_THE_TRADE, cut, unbroken
from kiosk.words import CHINESE, language
from screens.wrap import NOT_FIRST, NOT_LAST, wrap


def em(text: str) -> float:
    """Chinese characters are one wide, Latin ones half."""
    return sum(1 if ord(char) >= 0x2E80 else 0.5 for char in text)


TEXTS = st.text(alphabet="社保卡挂失银行账户您的请，。（）《》？ abc 12333·*𠮷", max_size=60)
SENTENCES = [language(CHINESE).template(id) for id in sorted(language(CHINESE).ids) if id]
"""What citizens read."""
READ = st.one_of(TEXTS, st.sampled_from(SENTENCES))
WIDTHS = st.floats(4, 20)


def widest(text: str) -> float:
    """What may not be broken, words that overlap taken together, with the punctuation at it."""
    inside = {at for start, end in unbroken(text) for at in range(start + 1, end)}
    inside |= {at for at in range(1, len(text)) if text[at] in NOT_FIRST or text[at - 1] in NOT_LAST}
    inside |= {at for at in range(1, len(text)) if ord(text[at]) < 0x2E80 and ord(text[at - 1]) < 0x2E80}
    edges = [at for at in range(len(text) + 1) if at not in inside]
    return max((em(text[start:end]) for start, end in itertools.pairwise(edges)), default=0)


@given(READ, WIDTHS)
def test_no_line_is_wider_than_the_room(text: str, width: float) -> None:
    # punctuation may not begin a line, so a character takes along what follows it
    for line in wrap(text, width, em):
        assert em(line) <= width or all(char in NOT_FIRST or char in NOT_LAST or char == " " for char in line[1:])


@given(READ, WIDTHS)
def test_nothing_is_lost(text: str, width: float) -> None:
    assert "".join(wrap(text, width, em)).replace(" ", "") == "".join(text.split())


@given(READ, WIDTHS)
def test_no_word_is_broken_that_a_line_has_room_for(text: str, width: float) -> None:
    lines = wrap(text, width, em)
    if widest(text) <= width:
        assert cut(text, lines) == []


@given(READ, WIDTHS)
def test_a_full_stop_never_begins_a_line(text: str, width: float) -> None:
    text = text.lstrip(" " + "".join(NOT_FIRST))
    if widest(text) <= width:
        begun = [line.lstrip()[:1] for line in wrap(text, width, em)]
        assert not NOT_FIRST & set(begun)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("没读到卡。请把芯片朝上，再插一次。", 12, ["没读到卡。", "请把芯片朝上，再插一次。"]),
        ("要用有效的身份证才能办。请先换领新证。", 8, ["要用有效的", "身份证才能办。", "请先换领新证。"]),
        ("您好，您想办什么？", 8, ["您好，", "您想办什么？"]),
        ("不要落下东西。谢谢您！", 8, ["不要落下东西。", "谢谢您！"]),
        ("Chip up, all the way in, and leave it there.", 9, ["Chip up, all", "the way in, and", "leave it there."]),
    ],
)
def test_after_a_pause_rather_than_in_a_phrase(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, em) == lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("这张卡已挂失，不能用", 5, ["这张卡", "已挂失，", "不能用"]),
        ("有效期到2036年11月30日", 6, ["有效期", "到2036年", "11月30日"]),
        ("社会保障卡", 4, ["社会保障", "卡"]),
        ("abcdefghij", 2, ["abcd", "efgh", "ij"]),
    ],
    ids=["a line more than it would take", "number and unit", "into its words", "into its letters"],
)
def test_a_word_is_whole_whatever_lines_that_takes_and_broken_only_when_wider_than_one(
    text: str, width: float, lines: list[str]
) -> None:
    assert wrap(text, width, em) == lines


def test_what_stands_on_two_lines_is_found() -> None:
    assert cut("请挂失这张卡", ["请挂", "失这张卡"]) == ["挂失"]
    assert cut("第 3 次 try again", ["第 3", "次 try a", "gain"]) == ["again", "第 3 次"]
    assert cut("请挂失这张卡", ["请挂失", "这张卡"]) == []


def test_every_word_of_the_trade_is_said_and_unknown_to_the_dictionary() -> None:
    said = "".join(SENTENCES)
    for word in OF_THE_TRADE:
        assert word in said
        assert list(WordBreaker(word, CHINESE)) != [word]
