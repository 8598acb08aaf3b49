"""A card that was handed out sealed: active only in its city, and never with the words that all is done."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio.testing

from kiosk.contract import Audit
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Answer,
    Back,
    CardReport,
    Confirm,
    Declined,
    Done,
    Home,
    Refusal,
    Result,
    TakeCards,
    TypeCode,
    TypedPin,
    TypePin,
)
from kiosk.terms import CardStatus
from kiosk.words import CHINESE, language
from screens.choices import choices
from tests.stories.clerk import items
from tests.stories.hall import Hall, switched_on
from tests.stories.steps import types_code, up_to_the_slot

WHO = "sealed"


def hall_with_activation(folder: Path) -> Hall:
    return Hall(folder, site_switches=("activation",))


async def test_page_and_slip_ask_for_another_pin_and_name_the_bank(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_activation(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "activation", WHO)
        hall.inserts(WHO)
        await hall.citizen.sees(TypeCode)
        types_code(hall, WHO)
        await hall.citizen.sees(Confirm)
        assert "要到工商银行柜台" in hall.citizen.words()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "社保卡已启用")
        assert "请马上改掉初始密码" in hall.citizen.words()
        assert "工商银行柜台" in hall.citizen.words()
        await trio.testing.wait_all_tasks_blocked()
        (slip,) = hall.hardware.slips
        assert "初始密码要马上改掉" in slip.replace("\n", "")
        assert hall.centre_status(WHO) == CardStatus.NORMAL


async def activated(hall: Hall) -> None:
    """Up to the key that leads on to the new PIN."""
    await hall.citizen.online()
    await up_to_the_slot(hall, "activation", WHO)
    hall.inserts(WHO)
    await hall.citizen.sees(TypeCode)
    types_code(hall, WHO)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    page = await hall.citizen.sees(Result, "社保卡已启用")
    assert [language(CHINESE).say(choice.words) for choice in choices(page)] == ["马上改密码"]
    hall.citizen.presses(Done())
    await hall.citizen.sees(Confirm, "修改社保密码？")


@pytest.mark.parametrize("no", [Declined(), Back()], ids=["declined", "back"])
async def test_whoever_keeps_the_first_pin_is_told_once_more_and_the_office_knows(
    autojump_clock: object, tmp_path: Path, no: Answer
) -> None:
    async with switched_on(hall_with_activation(tmp_path)) as hall:
        await activated(hall)
        hall.citizen.presses(no)
        await hall.citizen.sees(Refusal, "初始密码还没有改")
        assert "人人都知道初始密码" in hall.citizen.words()
        hall.citizen.presses(Done())
        await hall.citizen.sees(Home)
        await hall.delivered()
        assert [item.event for item in items(hall) if isinstance(item, Audit)].count("initial_pin_kept") == 1
        assert hall.pin_is((1, 2, 3, 4, 5, 6))


async def test_whoever_changes_it_hears_no_more_of_it(autojump_clock: object, tmp_path: Path) -> None:
    new = (4, 0, 8, 1, 7, 3)
    async with switched_on(hall_with_activation(tmp_path)) as hall:
        await activated(hall)
        hall.citizen.presses(Agreed())
        for digits in ((1, 2, 3, 4, 5, 6), new, new):
            await hall.citizen.sees(TypePin)
            hall.citizen.presses(TypedPin(Pin(digits)))
            await trio.testing.wait_all_tasks_blocked()
        await hall.citizen.sees(Result)
        hall.citizen.presses(Done())
        await hall.citizen.sees(TakeCards)
        await hall.delivered()
        assert "initial_pin_kept" not in [item.event for item in items(hall) if isinstance(item, Audit)]
        assert hall.pin_is(new)


async def test_another_citys_card_is_sent_there(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_activation(tmp_path)) as hall:
        await hall.citizen.online()
        hall.centre_writes(WHO, region="450200")
        await up_to_the_slot(hall, "activation", WHO)
        hall.inserts(WHO)
        await hall.citizen.sees(Refusal, "这里启用不了")
        assert hall.centre_status(WHO) == CardStatus.SEALED
        await trio.testing.wait_all_tasks_blocked()
        assert "发卡的城市" in hall.hardware.slips[0].replace("\n", "")


async def test_the_status_page_leads_to_it(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_activation(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "card_status", WHO)
        hall.inserts(WHO)
        page = await hall.citizen.sees(CardReport, "卡还没有启用")
        assert "可以在这里启用" in hall.citizen.words()
        assert [tile.service for tile in page.next] == ["activation"]
