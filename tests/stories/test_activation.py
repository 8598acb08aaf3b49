"""A card that was handed out sealed: active only in its city, and never with the words that all is done."""

from __future__ import annotations

from pathlib import Path

import trio.testing

from kiosk.prompts import Agreed, CardReport, Confirm, Refusal, Result, TypeCode
from kiosk.terms import CardStatus
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
