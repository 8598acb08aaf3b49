"""A card that was found: its PIN says who found it, and never costs the last tries."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio.testing

from kiosk.pin import Pin
from kiosk.prompts import Agreed, CardReport, Confirm, Home, Refusal, Result, TypedPin, TypePin
from kiosk.terms import CardStatus
from tests.stories.hall import Hall, switched_on
from tests.stories.steps import up_to_the_slot

WHO = "temporarily_lost"
RIGHT, WRONG = (1, 2, 3, 4, 5, 6), (9, 0, 4, 7, 1, 1)


def hall_with_release(folder: Path) -> Hall:
    return Hall(folder, site_switches=("release",))


async def up_to_the_pin(hall: Hall) -> None:
    await up_to_the_slot(hall, "release", WHO)
    hall.inserts(WHO)
    await hall.citizen.sees(Confirm, "解除挂失？")
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(TypePin)


async def types(hall: Hall, pin: tuple[int, ...]) -> None:
    hall.citizen.presses(TypedPin(Pin(pin)))
    await trio.testing.wait_all_tasks_blocked()


async def test_it_says_what_is_not_covered_and_what_can_be_undone(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "release", WHO)
        hall.inserts(WHO)
        await hall.citizen.sees(Confirm)
        for said in ("社保卡马上恢复使用", "银行账户", "可以再挂失", "现在：临时挂失"):
            assert said in hall.citizen.words()


async def test_after_a_wrong_pin_the_tries_are_said_and_the_right_one_still_works(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_pin(hall)
        await types(hall, WRONG)
        assert "还可以试5次" in hall.citizen.words()
        assert hall.centre_status(WHO) == CardStatus.TEMPORARILY_LOST
        await types(hall, RIGHT)
        await hall.citizen.sees(Result, "已经解除挂失")
        assert hall.centre_status(WHO) == CardStatus.NORMAL
        assert hall.tries_left() == 6


async def test_with_two_tries_left_no_further_pin_is_asked_for(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_pin(hall)
        for _ in range(4):
            await types(hall, WRONG)
        await hall.citizen.sees(Refusal, "不能再试密码")
        assert hall.tries_left() == 2
        assert hall.centre_status(WHO) == CardStatus.TEMPORARILY_LOST
        assert not hall.journal_says()
        assert "不能再试密码" in hall.hardware.slips[0]


@pytest.mark.parametrize(
    ("chip", "title"),
    [({"tries_left": 2}, "不能再试密码"), ({"tries_left": 0}, "密码锁了"), ({"pin": ""}, "密码核对不了")],
)
async def test_a_chip_that_cannot_be_asked_goes_to_the_window(
    autojump_clock: object, tmp_path: Path, chip: dict[str, object], title: str
) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "release", WHO)
        hall.inserts_worn(WHO, **chip)
        await hall.citizen.sees(Refusal, title)
        assert hall.centre_status(WHO) == CardStatus.TEMPORARILY_LOST


async def test_once_a_replacement_is_filed_nothing_brings_the_card_back(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        hall.centre_writes(WHO, replacement_filed=True)
        await up_to_the_slot(hall, "release", WHO)
        hall.inserts(WHO)
        await hall.citizen.sees(Refusal, "不能解除了")
        assert hall.centre_status(WHO) == CardStatus.TEMPORARILY_LOST


async def test_where_it_is_not_switched_on_nothing_offers_it(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(Hall(tmp_path)) as hall:
        await hall.citizen.online()
        await hall.citizen.comes()
        page = await hall.citizen.sees(Home)
        assert "release" not in {tile.service for tile in page.tiles}


async def test_the_status_page_leads_to_it(autojump_clock: object, tmp_path: Path) -> None:
    async with switched_on(hall_with_release(tmp_path)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "card_status", WHO)
        hall.inserts(WHO)
        page = await hall.citizen.sees(CardReport, "卡已经挂失")
        assert "可以在这里解除挂失" in hall.citizen.words()
        assert "release" in {tile.service for tile in page.next}
