"""What is prepared here and finished at the window: paper, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio.testing

from kiosk.journal.transaction import Done
from kiosk.prompts import Agreed, Confirm, Home, Paper, Refusal, Result
from kiosk.prompts import Done as DonePressed
from kiosk.terms import CardStatus
from tests.stories.hall import PEOPLE, Hall, opened
from tests.stories.steps import up_to_the_id_card

WHO = "normal_v2"


async def up_to_the_result(hall: Hall, who: str = WHO) -> Result:
    await up_to_the_id_card(hall, "formal_loss")
    hall.lays(who)
    page = await hall.citizen.sees(Confirm, "打印补卡申请表？")
    assert not page.at_once
    hall.citizen.presses(Agreed())
    return await hall.citizen.sees(Result, "请到窗口办")


async def test_the_form_is_filled_in_and_nothing_has_changed(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        page = await up_to_the_result(hall)
        assert "办好了挂失才生效" in hall.citizen.words()
        assert "95588" in hall.citizen.words()
        hall.citizen.presses(DonePressed())
        await hall.delivered()
        form, checklist = hall.hardware.slips
        person = PEOPLE[WHO]
        for line in ("补办（挂失）", person.name, person.number, "尾号 0028", "申请人签名", page.reference):
            assert line in form
        for line in ("身份证", "申请表", "还没有正式挂失", "20个工作日", "请到窗口问", "12333", page.reference):
            assert line in checklist.replace("\n", "")
        assert hall.centre_status(WHO) == CardStatus.NORMAL
        assert isinstance(hall.journal_says()[0].state, Done), "the office has the reference"


async def test_only_the_form_has_the_full_name_and_number(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_result(hall)
        person = PEOPLE[WHO]
        for page in hall.citizen.eyes.seen:
            assert person.number not in repr(page)
        hall.citizen.presses(DonePressed())
        await hall.delivered()
        _, checklist = hall.hardware.slips
        assert person.number not in checklist
        assert person.name not in checklist
        assert person.number.encode() not in hall.journal_file.read_bytes()


async def test_who_is_in_a_hurry_stops_the_card_meanwhile(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        assert [tile.service for tile in (await up_to_the_result(hall)).next] == ["report_loss"]


async def test_a_card_reported_lost_needs_no_second_report(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        assert not (await up_to_the_result(hall, "temporarily_lost")).next


async def test_without_paper_it_is_not_offered(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.printer.take_paper_out()
        hall.hardware.tell()
        await hall.citizen.comes()
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Home)
        (tile,) = (tile for tile in page.tiles if tile.service == "formal_loss")
        assert tile.closed is not None
        assert tile.closed.id == "closed.paper"


async def test_paper_that_runs_out_half_way_is_told(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall, "formal_loss")
        hall.lays(WHO)
        await hall.citizen.sees(Confirm)
        hall.hardware.printer.take_paper_out()
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(Result)
        while page.paper is Paper.PRINTING:
            await hall.citizen.eyes.new.wait()
            page = await hall.citizen.sees(Result)
        assert page.paper is Paper.NOT_PRINTED
        assert page.reference


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("sealed", "卡还没有启用"),
        ("formally_lost", "已经正式挂失"),
        ("cancelled", "卡已经注销"),
        ("no_card", "没有查到社保卡"),
    ],
)
async def test_no_form_for_what_is_not_legal(autojump_clock: object, tmp_path: Path, who: str, title: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall, "formal_loss")
        hall.lays(who)
        await hall.citizen.sees(Refusal, title)
