"""What a result leads on to, in the same visit: only what is open here."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.prompts import Agreed, Chosen, Confirm, Progress, Result, TypeCode
from tests.stories.hall import Hall, opened, switched_on
from tests.stories.steps import types_code, up_to_the_id_card
from tests.stories.test_chip_services import PIN_OF_BLOCKED, unblock

WHO = "normal_v2"
FORGOTTEN = (3, 9, 4, 8, 5, 7)


def services(page: Result) -> list[str]:
    return [tile.service for tile in page.next]


@pytest.mark.parametrize(
    ("typed", "title", "next"),
    [(PIN_OF_BLOCKED, "已解锁，密码正确", "change_pin"), (FORGOTTEN, "已解锁，密码不对", "reset_pin")],
)
async def test_an_unblocked_pin_is_changed_or_where_it_was_wrong_replaced(
    autojump_clock: object, tmp_path: Path, typed: tuple[int, ...], title: str, next: str
) -> None:
    async with opened(tmp_path) as hall:
        await unblock(hall, typed)
        assert services(await hall.citizen.sees(Result, title)) == [next]


@pytest.mark.parametrize(("typed", "rules"), [(PIN_OF_BLOCKED, "\n[change_pin]\nenabled = false\n"), (FORGOTTEN, "")])
async def test_what_is_not_open_here_is_not_named(
    autojump_clock: object, tmp_path: Path, typed: tuple[int, ...], rules: str
) -> None:
    async with switched_on(Hall(tmp_path, site_switches=("unblock_pin",), site_rules=rules)) as hall:
        await hall.citizen.online()
        await unblock(hall, typed)
        assert not services(await hall.citizen.sees(Result))


async def test_a_card_reported_lost_is_replaced_next(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall, "report_loss")
        hall.lays(WHO)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        assert services(await hall.citizen.sees(Result, "已经挂失")) == ["formal_loss"]


async def test_who_has_ordered_a_new_card_sees_how_far_it_is(autojump_clock: object, tmp_path: Path) -> None:
    """Their ID card has been read: nothing is asked again."""
    async with switched_on(Hall(tmp_path, site_switches=("formal_loss",))) as hall:
        await hall.citizen.online()
        await up_to_the_id_card(hall, "formal_loss")
        hall.lays(WHO)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(TypeCode)
        types_code(hall, WHO)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        assert services(await hall.citizen.sees(Result)) == ["progress"]
        hall.citizen.presses(Chosen("progress"))
        await hall.citizen.sees(Progress, "新卡正在做")
