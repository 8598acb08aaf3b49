"""A refusal helps: whoever is sent to the window takes home what to bring, and where to go."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio.testing

from kiosk.endings import TO_THE_WINDOW, Reason
from kiosk.guide.refusals import TOPICS, topic_of
from kiosk.guide.topics import topics
from kiosk.guide.values import values
from kiosk.prompts import Attract, Done, Refusal, TakeCards
from kiosk.words import CHINESE, language
from tests.kiosk.region import policy
from tests.stories.hall import Hall, opened
from tests.stories.steps import up_to_the_id_card, up_to_the_slot

REFUSED = {
    "under_16": "户口簿、出生医学证明、监护证明之一",
    "foreigner_2023": "您的证件原件",
    "hong_kong_permit": "您的证件原件",
    "application_locked": "社保卡（丢了的不用）",
    "cancelled": "要办新卡，带身份证到人工窗口",
    "sealed": "《社会保障卡补办（挂失）申请表》",
    "temporarily_lost": "《社会保障卡补办（挂失）申请表》",
    "formally_lost": "快递寄送",
    "no_card": "一张符合身份证标准的照片",
}
"""Whose ID card, and what stands on the list."""


def boxes(slip: str) -> str:
    """From the first box on; a line that was broken is whole again."""
    return "".join(line.strip() for line in slip.partition("□")[2].splitlines())


async def and_leaves(hall: Hall) -> None:
    hall.citizen.presses(Done())
    left = await hall.citizen.sees(TakeCards)
    assert left.slip
    hall.hardware.pull()
    await hall.citizen.sees(Attract)


@pytest.mark.parametrize(("who", "thing"), REFUSED.items())
async def test_a_refusal_prints_what_to_bring(autojump_clock: object, tmp_path: Path, who: str, thing: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall, "report_loss")
        hall.lays(who)
        assert (await hall.citizen.sees(Refusal)).slip_comes
        await and_leaves(hall)
        (slip,) = hall.hardware.slips
        assert thing in boxes(slip)
        assert slip.rstrip().endswith("12333\n      工作日有人接听，其他时间是录音")


async def test_whoever_comes_for_somebody_else_learns_which_papers(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        for _ in range(5):
            hall.inserts("neighbour_v2")
            await trio.testing.wait_all_tasks_blocked()
            hall.hardware.pull()
        await hall.citizen.sees(Refusal, "不是您的社保卡")
        await and_leaves(hall)
        (slip,) = hall.hardware.slips
        assert all(thing in boxes(slip) for thing in ("对方的社保卡", "委托书", "代办人的身份证原件"))


@pytest.mark.parametrize(
    ("topic", "place"),
    {
        "proxies": "人工窗口",
        "minors": "人工窗口",
        "wrong_data": "人工窗口",
        "bank": "发卡银行",
        "locked": "人工窗口",
        "cancelled": "人工窗口",
        "other_documents": "人工窗口",
        "electronic": "在本机",
        "moving": "人工窗口",
    }.items(),
)
def test_what_is_not_done_here_has_a_page_with_a_list_that_names_the_next_place(topic: str, place: str) -> None:
    (page,) = [one for one in topics() if one.id == topic]
    lines = [language(CHINESE).say(text) for text, _ in page.lines(values(policy()))]
    assert any(page.points)
    assert place in "".join(lines)


async def test_without_paper_the_page_says_where_to_go(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.printer.take_paper_out()
        hall.hardware.tell()
        await up_to_the_id_card(hall, "report_loss")
        hall.lays("under_16")
        page = await hall.citizen.sees(Refusal, "请家长到窗口")
        assert not page.slip_comes
        assert "人工窗口" in hall.citizen.words()
        await trio.testing.wait_all_tasks_blocked()
        assert not hall.hardware.slips


@pytest.mark.parametrize("reason", sorted(TO_THE_WINDOW))
def test_every_reason_that_sends_to_the_window_has_a_list(reason: Reason) -> None:
    assert topic_of(reason) in topics()


def test_nobody_else_is_given_one() -> None:
    assert TOPICS.keys() <= TO_THE_WINDOW
