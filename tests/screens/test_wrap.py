"""Lines break where a person would break them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.wrap import NOT_FIRST, NOT_LAST, wrap


def em(text: str) -> float:
    """Chinese characters are one wide, Latin ones half."""
    return sum(1 if ord(char) >= 0x2E80 else 0.5 for char in text)


TEXTS = st.text(alphabet="社保卡挂失银行账户您的请，。（）《》？ abc 12333·*", max_size=60)


@given(TEXTS, st.floats(4, 20))
def test_no_line_is_wider_than_the_room(text: str, width: float) -> None:
    # punctuation may not begin a line, so a character takes along what follows it
    for line in wrap(text, width, em):
        assert em(line) <= width or all(char in NOT_FIRST or char in NOT_LAST or char == " " for char in line[1:])


@given(TEXTS, st.floats(4, 20))
def test_nothing_is_lost(text: str, width: float) -> None:
    assert "".join(wrap(text, width, em)).replace(" ", "") == text.replace(" ", "")


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
def test_after_a_pause_rather_than_in_a_phrase_and_never_in_a_word(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, em) == lines


def test_a_full_stop_never_begins_a_line() -> None:
    assert all(line[0] not in NOT_FIRST for line in wrap("社会保障卡自助服务终端。" * 3, 5.5, em))


def test_a_word_wider_than_the_line_is_broken_not_cut() -> None:
    assert wrap("abcdefghij", 2, em) == ["abcd", "efgh", "ij"]
