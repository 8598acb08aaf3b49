"""A card that is worn, broken or at its end: why it is replaced, with or without the card that can be read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import trio.testing

from kiosk.prompts import Agreed, CardReport, Chosen, Confirm, InsertCard, Refusal, Result, Topics, TypeCode, Without
from kiosk.prompts import Done as DonePressed
from sync.central import tables
from tests.stories.hall import PEOPLE, Hall, card_of, opened, switched_on
from tests.stories.steps import types_code, up_to_the_slot

WHO = "normal_v2"


def hall_that_orders(folder: Path) -> Hall:
    return Hall(folder, site_switches=("replacement",))


def reason_on_record(hall: Hall) -> str:
    with hall.centre.store.transaction():
        card = tables.Card.get(tables.Card.number == card_of(PEOPLE[WHO]))
        return str(tables.ReplacementOrder.get(tables.ReplacementOrder.card == card).reason)


@pytest.mark.parametrize("why", ["damaged", "worn", "unreadable"])
async def test_the_reason_that_was_chosen_is_on_record(autojump_clock: object, tmp_path: Path, why: str) -> None:
    async with switched_on(hall_that_orders(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "replacement", WHO)
        hall.citizen.presses(Without())
        await hall.citizen.sees(Topics, "为什么换卡？")
        hall.citizen.presses(Chosen(why))
        await hall.citizen.sees(TypeCode)
        types_code(hall, WHO)
        await hall.citizen.sees(Confirm, "换一张新卡？")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经申请换卡")
        assert "旧卡先用着" in hall.citizen.words()
        assert reason_on_record(hall) == why


async def test_a_card_near_its_end_needs_no_reason(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_that_orders(tmp_path)) as hall:
        await hall.citizen.online()
        hall.centre_writes(WHO, expires=hall.clock.now().date() + dt.timedelta(days=30))
        await up_to_the_slot(hall, "replacement", WHO)
        hall.inserts(WHO)
        await hall.citizen.sees(TypeCode)
        types_code(hall, WHO)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经申请换卡")
        assert reason_on_record(hall) == "out_of_date"


async def test_what_is_ordered_is_not_ordered_again(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_that_orders(tmp_path)) as hall:
        await hall.citizen.online()
        hall.centre_writes(WHO, replacement_filed=True)
        await up_to_the_slot(hall, "replacement", WHO)
        hall.citizen.presses(Without())
        await hall.citizen.sees(Refusal, "新卡正在做")


async def test_by_default_it_is_prepared_for_the_window(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "replacement", WHO)
        await hall.citizen.sees(InsertCard)
        hall.citizen.presses(Without())
        await hall.citizen.sees(Topics)
        hall.citizen.presses(Chosen("damaged"))
        await hall.citizen.sees(Confirm, "打印换卡申请表？")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "请到窗口办")
        hall.citizen.presses(DonePressed())
        await trio.testing.wait_all_tasks_blocked()
        form, checklist = hall.hardware.slips
        for line in ("换卡", "卡坏了", PEOPLE[WHO].number, "申请人签名"):
            assert line in form
        assert "还没有申请换卡" in checklist
        assert not hall.replacement_filed(WHO)


async def test_the_status_page_of_a_card_near_its_end_leads_to_it(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.centre_writes(WHO, expires=hall.clock.now().date() + dt.timedelta(days=30))
        await up_to_the_slot(hall, "card_status", WHO)
        hall.inserts(WHO)
        page = await hall.citizen.sees(CardReport, "卡快到期了")
        assert "可以在这里办换卡" in hall.citizen.words()
        assert "replacement" in {tile.service for tile in page.next}
