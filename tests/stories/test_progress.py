"""制卡进度: what a person learns of their new card, by ID card or with numbers that they type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.virtual.printer import Printer, Voice
from kiosk.contract import ProductionStep, Text
from kiosk.numbers import upgrade_citizen_number
from kiosk.prompts import (
    Agreed,
    Attract,
    Back,
    Choose,
    Chosen,
    Done,
    Home,
    LayIdCard,
    Paper,
    PrivacyNotice,
    Progress,
    Refusal,
    StageState,
    TakeCards,
    Tone,
    Touched,
    Typed,
    TypeNumber,
)
from kiosk.quotas import Quotas
from kiosk.terms import DeviceAbsent
from sync.central import tables
from sync.central.rules import production, receipts, replacement
from sync.central.rules.production import MadeCard
from tests.stories.hall import PEOPLE, Hall, Weather, card_of, opened, switched_on

WHO = "temporarily_lost"
NUMBER, CARD = PEOPLE[WHO].number, card_of(PEOPLE[WHO])
LAST4 = CARD[-4:]
HALL = Text("青秀区社保大厅", "Qingxiu hall")
PHOTO = Text("照片不合格，请重新照相。", "The photo cannot be used.")
MADE = MadeCard("T00000991", "459900D15600000500000099FFFFFFFF", dt.date(2036, 3, 2))
TOLD = {ProductionStep.CARD_MADE: MADE, ProductionStep.READY: HALL}
DONE, NOW, NEXT, FAILED = StageState.DONE, StageState.NOW, StageState.NEXT, StageState.FAILED


def ordered(hall: Hall, steps: int = 0) -> str:
    """As a formal loss orders it; so many steps are behind it."""
    with hall.centre.store.transaction():
        now = hall.centre.now()
        number = receipts.next_number(now)
        replacement.order(tables.Card.get(number=CARD), replacement.LOST, number, now)
        for step in list(ProductionStep)[:steps]:
            production.advance(hall.centre, number, TOLD.get(step))
    return number


async def up_to_the_choice(hall: Hall) -> Choose:
    await hall.citizen.comes()
    await hall.citizen.sees(Home)
    hall.citizen.presses(Chosen("progress"))
    return await hall.citizen.sees(Choose, "您想怎么查？")


async def up_to_the_id_card(hall: Hall) -> None:
    await up_to_the_choice(hall)
    hall.citizen.presses(Chosen("by_id_card"))
    await hall.citizen.sees(PrivacyNotice)
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(LayIdCard)


async def up_to_the_number(hall: Hall, way: str = "by_number") -> TypeNumber:
    await up_to_the_choice(hall)
    hall.citizen.presses(Chosen(way))
    await hall.citizen.sees(PrivacyNotice, "要您输入号码")
    hall.citizen.presses(Agreed())
    return await hall.citizen.sees(TypeNumber)


async def up_to_the_last4(hall: Hall) -> TypeNumber:
    await up_to_the_number(hall)
    hall.citizen.presses(Typed(NUMBER))
    return await hall.citizen.sees(TypeNumber, "输原卡号后4位")


async def printed(hall: Hall, title: str) -> Progress:
    """The page once its slip is out."""
    while (page := await hall.citizen.sees(Progress, title)).paper is Paper.PRINTING:
        await hall.citizen.eyes.new.wait()
    return page


async def leaves_with_the_slip(hall: Hall) -> None:
    hall.citizen.presses(Done())
    assert (await hall.citizen.sees(TakeCards)).slip
    await hall.citizen.sees(Attract)


def nothing_changed(hall: Hall, status: str = "4") -> None:
    """The three truths of a question: no transaction here, none at the centre, the card as it was."""
    assert [view for view in hall.journal_says() if view.kind != "audit"] == []
    assert hall.losses_on_record() == 0
    assert hall.centre_status(WHO) == status


# --- goes well ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "title", "tone", "states"),
    [
        (0, "新卡正在做", Tone.WAITING, [NOW, NEXT, NEXT, NEXT, NEXT]),
        (2, "新卡正在做", Tone.WAITING, [DONE, DONE, NOW, NEXT, NEXT]),
        (4, "新卡做好了", Tone.GOOD, [DONE, DONE, DONE, DONE, NOW]),
        (5, "新卡已经领走", Tone.PLAIN, [DONE, DONE, DONE, DONE, DONE]),
    ],
)
async def test_with_the_id_card_step_by_step(
    autojump_clock: object, tmp_path: Path, steps: int, title: str, tone: Tone, states: list[StageState]
) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall, steps)
        await up_to_the_id_card(hall)
        hall.lays(WHO)
        page = await printed(hall, title)
        assert (page.tone, page.paper) == (tone, Paper.PRINTED)
        assert [stage.state for stage in page.stages] == states
        assert "*" in hall.citizen.words()
        assert (HALL.zh in hall.citizen.words()) is (steps == 4)
        assert title in hall.hardware.slips[-1]
        await leaves_with_the_slip(hall)
        nothing_changed(hall, "9" if steps == len(ProductionStep) else "4")


async def test_with_typed_numbers_progress_only_and_no_name(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall, 4)
        assert (await up_to_the_number(hall)).groups == (6, 8, 4)
        hall.citizen.presses(Typed(NUMBER))
        await hall.citizen.sees(TypeNumber, "输原卡号后4位")
        hall.citizen.presses(Typed(LAST4))
        await printed(hall, "新卡做好了")
        assert HALL.zh in hall.citizen.words()
        for told in (hall.citizen.words(), hall.hardware.slips[-1]):
            assert "*" not in told
            assert NUMBER not in told
        nothing_changed(hall)


async def test_what_failed_is_told_with_where_to_go(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        order = ordered(hall, 1)
        with hall.centre.store.transaction():
            production.fail(hall.centre, order, PHOTO)
        await up_to_the_id_card(hall)
        hall.lays(WHO)
        page = await printed(hall, "制卡停住了")
        assert [stage.state for stage in page.stages] == [DONE, FAILED, NEXT, NEXT, NEXT]
        assert page.tone is Tone.BAD
        for told in (hall.citizen.words(), hall.hardware.slips[-1]):
            assert PHOTO.zh in told
            assert "人工窗口" in told


async def test_the_id_card_that_was_laid_on_is_not_asked_for_again(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall)
        await up_to_the_id_card(hall)
        hall.lays(WHO)
        await printed(hall, "新卡正在做")
        hall.citizen.presses(Back())
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("progress"))
        await hall.citizen.sees(Progress, "新卡正在做")


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"), "有一位不对"),
        ("450103199002300017", "出生日期不对"),
        ("0" + NUMBER[1:], "这不是身份证号码"),
    ],
)
async def test_a_mistyped_number_is_said_kindly_and_stays_to_be_corrected(
    autojump_clock: object, tmp_path: Path, typed: str, said: str
) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall)
        await up_to_the_number(hall)
        hall.citizen.presses(Typed(typed))
        while not (page := await hall.citizen.sees(TypeNumber)).trouble:
            await hall.citizen.eyes.new.wait()
        assert said in hall.citizen.words()
        assert page.typed == Typed(typed)
        hall.citizen.presses(Typed(NUMBER))
        await hall.citizen.sees(TypeNumber, "输原卡号后4位")


async def test_an_old_number_is_converted_and_the_person_told(autojump_clock: object, tmp_path: Path) -> None:
    old = "450103500101001"
    async with opened(tmp_path) as hall:
        assert (await up_to_the_number(hall, "by_old_number")).groups == (6, 6, 3)
        hall.citizen.presses(Typed(old))
        await hall.citizen.sees(TypeNumber, "输原卡号后4位")
        assert f"老号码换成了18位，尾号{upgrade_citizen_number(old)[-4:]}" in hall.citizen.words()
        hall.citizen.presses(Typed(LAST4))
        while "对不上" not in hall.citizen.words():
            await hall.citizen.eyes.new.wait()


async def test_an_old_number_of_somebody_on_record_is_theirs(autojump_clock: object, tmp_path: Path) -> None:
    """Only of those born in the last century there can be one."""
    async with opened(tmp_path) as hall:
        ordered(hall)
        assert NUMBER[6:8] == "19"
        await up_to_the_number(hall, "by_old_number")
        hall.citizen.presses(Typed(NUMBER[:6] + NUMBER[8:17]))
        await hall.citizen.sees(TypeNumber, "输原卡号后4位")
        hall.citizen.presses(Typed(LAST4))
        await hall.citizen.sees(Progress, "新卡正在做")


# --- the centre refuses -----------------------------------------------------------------------


async def test_who_ordered_nothing_is_sent_to_the_window_with_a_slip(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall)
        hall.lays("normal_v2")
        await hall.citizen.sees(Refusal, "没有查到制卡记录")
        hall.citizen.presses(Done())
        await hall.citizen.sees(TakeCards)
        assert "没有查到制卡记录" in hall.hardware.slips[-1]
        nothing_changed(hall)


async def test_a_wrong_last_four_may_be_corrected_twice(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall)
        await up_to_the_last4(hall)
        await types_wrongly(hall, times=2)
        hall.citizen.presses(Typed(LAST4))
        await hall.citizen.sees(Progress, "新卡正在做")


async def test_the_third_wrong_last_four_ends_it(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall)
        await up_to_the_last4(hall)
        await types_wrongly(hall, times=2)
        hall.citizen.presses(Typed("0000"))
        await hall.citizen.sees(Refusal, "号码对不上")
        assert "带身份证" in hall.citizen.words()
        assert hall.hardware.slips == []
        nothing_changed(hall)


async def types_wrongly(hall: Hall, times: int) -> None:
    for _ in range(times):
        before = hall.citizen.eyes.page
        hall.citizen.presses(Typed("0000"))
        while not ((page := await hall.citizen.sees(TypeNumber)).trouble and page is not before):
            await hall.citizen.eyes.new.wait()
        assert "对不上" in hall.citizen.words()


async def test_whoever_tries_out_ends_is_stopped_and_the_id_card_still_serves(
    autojump_clock: object, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, limits=Quotas(wrong_numbers_per_terminal_an_hour=2))
    async with switched_on(hall):
        await hall.citizen.online()
        ordered(hall)
        await up_to_the_last4(hall)
        await types_wrongly(hall, times=2)
        hall.citizen.presses(Typed(LAST4))
        await hall.citizen.sees(Refusal, "现在不能用号码查")
        hall.citizen.presses(Done())
        await up_to_the_id_card(hall)
        hall.lays(WHO)
        await hall.citizen.sees(Progress, "新卡正在做")


# --- it does not come to an end -----------------------------------------------------------------


async def test_the_line_breaks_while_the_centre_is_asked(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall)
        await up_to_the_last4(hall)
        hall.wire.weather = Weather.SILENT
        hall.citizen.presses(Typed(LAST4))
        await hall.citizen.sees(Refusal, "连不上社保中心")
        hall.log.tells("centre_gave_no_answer", call="production")
        nothing_changed(hall)


async def test_without_a_line_the_tile_is_greyed(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        hall.citizen.presses(Touched())
        home = await hall.citizen.sees(Home)
        assert next(tile for tile in home.tiles if tile.service == "progress").closed is not None
        hall.citizen.presses(Chosen("progress"))
        await hall.citizen.sees(Refusal, "网络断了")


# --- devices ------------------------------------------------------------------------------------


async def test_without_an_id_reader_numbers_are_typed(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.id_reader = DeviceAbsent("拔掉了")
        hall.hardware.tell()
        page = await up_to_the_choice(hall)
        assert [tile.service for tile in page.options] == ["by_number", "by_old_number"]


@pytest.mark.parametrize(
    ("trouble", "paper"),
    [
        (Printer.take_paper_out, Paper.NOT_PRINTED),
        (Printer.open_cover, Paper.NOT_PRINTED),
        (lambda printer: printer.speak(Voice.DEAD), Paper.UNKNOWN),
    ],
)
async def test_what_became_of_the_slip_is_said_and_nothing_depends_on_it(
    autojump_clock: object, tmp_path: Path, trouble: Callable[[Printer], None], paper: Paper
) -> None:
    async with opened(tmp_path) as hall:
        ordered(hall, 4)
        trouble(hall.hardware.printer)
        hall.hardware.tell()
        await up_to_the_id_card(hall)
        hall.lays(WHO)
        assert (await printed(hall, "新卡做好了")).paper is paper
        assert HALL.zh in hall.citizen.words()
        nothing_changed(hall)
