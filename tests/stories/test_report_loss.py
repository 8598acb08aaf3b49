"""The card is gone: a loss report from the first touch to the slip, whatever happens meanwhile.

Each story ends with the three truths: what the citizen was told, what the centre's database holds, what the
journal says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import trio
import trio.testing

from drivers.printer.columns import width
from drivers.printer.rows import Paper as PaperRoll
from drivers.printer.rows import Size
from drivers.virtual.printer import Printer, Voice
from kiosk.contract import VerdictOutcome
from kiosk.journal.transaction import Done, Refused, Registered
from kiosk.prompts import (
    Agreed,
    Attract,
    Back,
    Chosen,
    Confirm,
    Continue,
    Declined,
    Home,
    LayIdCard,
    OutOfService,
    Paper,
    PrivacyNotice,
    Refusal,
    Result,
    TakeCards,
    Touched,
    Working,
)
from kiosk.prompts import Done as DonePressed
from kiosk.terms import CardStatus
from sync.central import tables
from tests.stories.hall import Hall, Weather, opened, switched_on

BATTERY_DIED = dt.timedelta(days=-20_000)
"""A board without a battery starts near 1970."""


async def up_to_the_confirmation(hall: Hall, who: str) -> Confirm:
    """From the first touch to the page that asks for consent."""
    await up_to_the_id_card(hall)
    hall.lays(who)
    return await hall.citizen.sees(Confirm)


async def up_to_the_id_card(hall: Hall) -> None:
    citizen = hall.citizen
    await citizen.comes()
    await citizen.sees(Home)
    citizen.presses(Chosen("report_loss"))
    await citizen.sees(PrivacyNotice)
    citizen.presses(Agreed())
    await citizen.sees(LayIdCard)


async def and_leaves(hall: Hall) -> None:
    hall.citizen.presses(DonePressed())
    await hall.citizen.sees(TakeCards)
    await hall.citizen.sees(Attract)


def settled(hall: Hall, **how: object) -> None:
    """The one line that an operator finds by the transaction's number."""
    hall.log.tells("transaction_settled", transaction=hall.work().id, **how)


async def test_a_loss_takes_effect_while_the_person_waits(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(Result, "已经挂失")
        assert page.hotline == "12333"
        assert "95" in hall.citizen.words(), "the bank's hotline must be on the page"
        await and_leaves(hall)
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        (view,) = hall.journal_says()
        assert isinstance(view.state, Done)
        (slip,) = hall.hardware.slips
        assert "社保账户已挂失" in slip
        assert view.reference in slip
        assert "12333" in slip
        settled(hall, stage="done")


async def test_who_reads_large_type_gets_a_slip_in_large_type(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.citizen.prefers(look="large")
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(Result, "已经挂失")
        await and_leaves(hall)
        (slip,) = hall.hardware.slips
        lines = [line for line in slip.split("\n") if not line.startswith(("─", "[QR"))]
        assert max(map(width, lines)) <= PaperRoll.MM_80.columns // Size.DOUBLE.across
        assert page.reference in slip


@pytest.mark.parametrize("reported_twice", [False, True])
async def test_page_and_slip_say_when_the_loss_lapses(
    autojump_clock: object, tmp_path: Path, reported_twice: bool
) -> None:
    """It lapses silently at an office where it does; only its centre knows when."""
    async with opened(tmp_path) as hall:
        until = hall.clock.now() + dt.timedelta(days=5)
        hall.centre_writes("normal_v2", loss_expires=tables.instant(until))
        await up_to_the_confirmation(hall, "normal_v2")
        if reported_twice:
            hall.becomes("normal_v2", CardStatus.TEMPORARILY_LOST)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "早已挂失" if reported_twice else "已经挂失")
        assert "停用到2026年11月27日 09:30" in hall.citizen.words()
        await and_leaves(hall)
        assert "挂失到" in hall.hardware.slips[0]
        assert "2026-11-27 09:30" in hall.hardware.slips[0]


async def test_who_reported_a_loss_before_learns_when_it_lapses(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.centre_writes("temporarily_lost", loss_expires=tables.instant(hall.clock.now() + dt.timedelta(days=5)))
        await up_to_the_id_card(hall)
        hall.lays("temporarily_lost")
        await hall.citizen.sees(Refusal, "已经挂失过了")
        assert "停用到2026年11月27日 09:30" in hall.citizen.words()


async def test_a_loss_in_effect_is_told_even_if_the_centre_says_no_more(autojump_clock: object, tmp_path: Path) -> None:
    """Nobody waits long for a date that may not exist."""
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.when_a_verdict_is_on_disk(lambda: setattr(hall.wire, "weather", Weather.SILENT))
        before = trio.current_time()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        assert trio.current_time() - before < 5
        assert "停用到" not in hall.citizen.words()


async def test_offline_it_is_registered_and_goes_out_when_the_line_is_back(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        page = await up_to_the_confirmation(hall, "normal_v2")
        assert not page.at_once
        words = hall.citizen.words()
        assert all(said in words for said in ("登记挂失？", "联网以后才生效", "12333", "确认登记")), words
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        await and_leaves(hall)
        assert "已登记，尚未生效" in hall.hardware.slips[0].replace("\n", "")
        assert hall.centre_status("normal_v2") == CardStatus.NORMAL
        (view,) = hall.journal_says()
        assert view.state == Registered(handed=False)
        hall.wire.weather = Weather.FINE
        await hall.delivered()
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        assert isinstance(hall.journal_says()[0].state, Done)
        assert hall.losses_on_record() == 1
        settled(hall, stage="registered", handed=False)


async def test_an_answer_that_is_lost_is_told_as_unconfirmed_and_counts_once(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v1")
        hall.wire.weather = Weather.ANSWERS_LOST
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未确认生效")
        assert hall.journal_says()[0].state == Registered(handed=True)
        assert hall.centre_status("normal_v1") == CardStatus.TEMPORARILY_LOST, "the centre had heard"
        hall.wire.weather = Weather.FINE
        await hall.delivered()
        assert isinstance(hall.journal_says()[0].state, Done)
        assert hall.losses_on_record() == 1
        hall.log.tells("centre_failed", path="/v1/items", outcome="Severed")
        settled(hall, stage="registered", handed=True)


@pytest.mark.parametrize(
    ("weather", "why"),
    [(Weather.SILENT, "no answer in time"), (Weather.NONSENSE, "nonsense"), (Weather.REFUSING, "500")],
)
async def test_a_centre_that_gives_no_usable_answer_is_never_shown_as_success(
    autojump_clock: object, tmp_path: Path, weather: Weather, why: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v3")
        hall.wire.weather = weather
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(Result)
        assert hall.citizen.said(page) == "已登记，尚未确认生效"
        assert hall.centre_status("normal_v3") == CardStatus.NORMAL
        hall.wire.weather = Weather.FINE
        await hall.delivered()
        assert hall.centre_status("normal_v3") == CardStatus.TEMPORARILY_LOST
        assert hall.losses_on_record() == 1
        hall.log.tells("centre_failed", path="/v1/items", why=why)
        settled(hall, stage="registered", handed=True)


async def test_a_centre_that_refuses_is_quoted(autojump_clock: object, tmp_path: Path) -> None:
    """The office locked the card while the person read the page."""
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.becomes("normal_v2", CardStatus.APPLICATION_LOCKED)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Refusal)
        assert "卡的应用已锁定" in hall.citizen.words()
        assert isinstance(hall.journal_says()[0].state, Refused)
        assert hall.centre_status("normal_v2") == CardStatus.APPLICATION_LOCKED
        settled(hall, stage="refused", code="card_locked")


async def test_a_centre_with_a_wrong_certificate_is_told_nothing(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.NO_CENTRE_OF_OURS
        await hall.citizen.online(False)
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        assert "本机暂时不能上报" in hall.citizen.words()
        assert not hall.losses_on_record()
        hall.log.tells("centre_failed", outcome="Barred", why="centre's certificate: self-signed certificate")


@pytest.mark.parametrize(
    ("who", "title", "reason"),
    [
        ("sealed", "卡还没有启用", "sealed"),
        ("formally_lost", "已经正式挂失", "formally_lost"),
        ("application_locked", "卡被社保局停用", "application_locked"),
        ("temporarily_lost", "已经挂失过了", "already_lost"),
        ("cancelled", "卡已经注销", "cancelled"),
        ("no_card", "没有查到社保卡", "no_card_on_record"),
    ],
)
async def test_a_card_that_cannot_be_reported_is_explained(
    autojump_clock: object, tmp_path: Path, who: str, title: str, reason: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall)
        hall.lays(who)
        page = await hall.citizen.sees(Refusal, title)
        assert page.slip_comes
        assert "12333" in hall.citizen.words()
        if who != "no_card":
            assert "银行账户" in hall.citizen.words(), "the other half must be told"
        await and_leaves(hall)
        assert not hall.journal_says(), "nothing was begun"
        (slip,) = hall.hardware.slips
        assert "请到人工窗口" in slip
        assert title in slip
        hall.log.tells("refused", reason=reason)


@pytest.mark.parametrize(
    ("who", "title", "reason"),
    [
        ("expired_id_card", "身份证过期了", "id_expired"),
        ("under_16", "请家长到窗口", "under_age"),
        ("foreigner_2017", "请到人工窗口", "other_document"),
        ("foreigner_2023", "请到人工窗口", "other_document"),
        ("hong_kong_permit", "请到人工窗口", "other_document"),
    ],
)
async def test_documents_that_only_the_window_can_serve(
    autojump_clock: object, tmp_path: Path, who: str, title: str, reason: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall)
        hall.lays(who)
        await hall.citizen.sees(Refusal, title)
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        assert not hall.journal_says()
        if who != "expired_id_card":
            assert "人工窗口" in hall.hardware.slips[0], "a slip to show at the window"
        hall.log.tells("refused", reason=reason)


async def test_an_id_card_lifted_early_is_asked_for_again(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.lifted_early = 2
        await up_to_the_id_card(hall)
        for _ in range(2):
            hall.lays("normal_v2")
            await trio.testing.wait_all_tasks_blocked()
            assert "拿早了" in hall.citizen.words()
        hall.lays("normal_v2")
        await hall.citizen.sees(Confirm)
        hall.log.tells("id_card_trouble", kind="IdLiftedEarly", times=2)


async def test_an_id_card_that_never_reads_leads_to_the_window(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.lifted_early = 99
        await up_to_the_id_card(hall)
        for _ in range(5):
            hall.lays("normal_v2")
            await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Refusal, "身份证读不出来")
        assert page.slip_comes
        await and_leaves(hall)
        assert "身份证读不出来" in hall.hardware.slips[0]
        hall.log.tells("refused", reason="id_unreadable")


@pytest.mark.parametrize(
    ("fails", "promised", "printing"),
    [
        (Printer.take_paper_out, False, None),
        (lambda printer: printer.speak(Voice.DEAD), True, "PrintUnknown"),
    ],
    ids=["no-paper", "silent"],
)
async def test_a_slip_for_the_window_that_does_not_come_is_not_promised(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Printer], None], promised: bool, printing: str | None
) -> None:
    async with opened(tmp_path) as hall:
        fails(hall.hardware.printer)
        hall.hardware.tell()
        await up_to_the_id_card(hall)
        hall.lays("sealed")
        page = await hall.citizen.sees(Refusal)
        assert page.slip_comes is promised
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Refusal)
        assert not page.slip_comes
        if printing:
            hall.log.tells("slip", printing=printing)


async def test_a_slip_for_the_window_is_waited_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.printing_takes_s = 20
        await up_to_the_id_card(hall)
        hall.lays("sealed")
        await hall.citizen.sees(Refusal)
        hall.citizen.presses(DonePressed())
        page = await hall.citizen.sees(Working)
        assert page.doing.id == "slip.printing"
        left = await hall.citizen.sees(TakeCards)
        assert left.slip
        assert hall.hardware.slips


@pytest.mark.parametrize("fails", [Hall.fill_the_disk, Hall.break_the_disk], ids=["full", "broken"])
async def test_a_refusal_stays_readable_when_the_journal_fails(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Hall], None]
) -> None:
    """Without a journal no slip; and the next person is not let into a visit."""
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall)
        fails(hall)
        hall.lays("sealed")
        await hall.citizen.sees(Refusal, "卡还没有启用")
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Refusal, "卡还没有启用")
        assert not page.slip_comes
        assert not hall.hardware.slips
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(OutOfService)
        hall.log.tells("journal_failed")
        assert "Traceback" not in str(hall.log)


@pytest.mark.parametrize(
    ("fails", "paper", "printing"),
    [
        (Printer.take_paper_out, Paper.NOT_PRINTED, "NotPrinted"),
        (Printer.open_cover, Paper.NOT_PRINTED, "NotPrinted"),
        (lambda printer: printer.speak(Voice.DEAD), Paper.UNKNOWN, "PrintUnknown"),
    ],
    ids=["no-paper", "cover-open", "silent"],
)
async def test_a_loss_is_never_refused_for_lack_of_paper(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Printer], None], paper: Paper, printing: str
) -> None:
    async with opened(tmp_path) as hall:
        fails(hall.hardware.printer)
        hall.hardware.tell()
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Result)
        assert page.paper is paper
        (view,) = hall.journal_says()
        assert view.reference == page.reference, "without paper the reference stands on the screen"
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        hall.log.tells("slip", transaction=view.id, printing=printing)


async def test_started_offline_with_an_untrusted_clock_the_tile_says_why(
    autojump_clock: object, tmp_path: Path
) -> None:
    hall = Hall(tmp_path)
    hall.clock.wrong_by = BATTERY_DIED
    hall.wire.weather = Weather.CUT
    async with switched_on(hall):
        await trio.testing.wait_all_tasks_blocked()
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("report_loss"))
        await hall.citizen.sees(Refusal, "时间没校准")
        assert "12333" in hall.citizen.words()
        assert not hall.journal_says()
        hall.log.tells("closed_tile_touched", service="report_loss", why="closed.clock")


async def test_a_wrong_wall_clock_harms_nobody_once_the_centre_has_told_the_time(
    autojump_clock: object, tmp_path: Path
) -> None:
    """By it nobody would be old enough, and the loss would be on record for a day long past."""
    async with opened(tmp_path) as hall:
        await hall.delivered()
        hall.clock.wrong_by = BATTERY_DIED
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        (view,) = hall.journal_says()
        assert abs(view.drafted_at - (hall.clock.now() - BATTERY_DIED)) < dt.timedelta(minutes=5)


async def test_a_beat_that_is_brought_again_dates_no_loss_back(autojump_clock: object, tmp_path: Path) -> None:
    """The centre signed it, an hour ago: who bears the damage hangs on the time of the report."""
    async with opened(tmp_path) as hall:
        hall.wire.replays_beats = True
        await trio.sleep(3600)
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        (view,) = hall.journal_says()
        assert abs(view.drafted_at - hall.clock.now()) < dt.timedelta(minutes=1)
        assert "centre_time_rejected" in str(hall.log)


async def test_nobody_answers_the_warning_and_the_next_person_finds_a_clean_page(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        await hall.citizen.warned()
        await hall.citizen.sees(Attract)
        assert "测试" not in hall.citizen.words()
        assert not hall.journal_says(), "without consent nothing is begun"
        assert hall.centre_status("normal_v2") == CardStatus.NORMAL
        hall.log.tells("visit_ended", ending="WentAway")


async def test_somebody_slow_may_ask_for_more_time_ten_times(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        for _ in range(10):
            await hall.citizen.warned()
            hall.citizen.presses(Continue())
            await trio.testing.wait_all_tasks_blocked()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")


async def test_going_back_changes_nothing_and_keeps_the_visit(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Back())
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("report_loss"))
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Declined())
        await hall.citizen.sees(Home)
        assert not hall.journal_says()


@pytest.mark.parametrize("moment", ["before_consent", "while_the_centre_is_silent"])
async def test_sync_dies_and_comes_back(autojump_clock: object, tmp_path: Path, moment: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        if moment == "before_consent":
            hall.sync.stop()
            hall.citizen.presses(Agreed())
            await hall.citizen.sees(Result, "已登记，尚未生效")
        else:
            hall.wire.weather = Weather.SILENT
            hall.citizen.presses(Agreed())
            await trio.testing.wait_all_tasks_blocked()
            hall.sync.stop()
            await hall.citizen.sees(Result, "已登记，尚未确认生效")
        hall.wire.weather = Weather.FINE
        hall.restart_sync()
        await hall.delivered()
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        assert hall.losses_on_record() == 1


async def test_devices_die_while_the_id_card_is_waited_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall)
        hall.devices.stop()
        await hall.citizen.sees(Refusal, "身份证读不了")
        hall.devices.start()
        await hall.devices.back()
        hall.citizen.presses(DonePressed())
        await up_to_the_confirmation(hall, "normal_v2")
        hall.log.tells("devices_gave_no_answer", call="ReadIdCard")


async def test_a_full_disk_takes_the_terminal_out_of_service(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.fill_the_disk()
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(OutOfService)
        assert page.hotline == "12333"
        assert hall.centre_status("normal_v2") == CardStatus.NORMAL
        assert not hall.journal_says(), "the intent is not half on the disk"
        hall.log.tells("journal_failed")


@pytest.mark.parametrize("fails", [Hall.fill_the_disk, Hall.break_the_disk], ids=["full", "broken"])
async def test_a_disk_that_fails_after_the_intent_leaves_nobody_sure(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Hall], None]
) -> None:
    """The loss may take effect, now or after the next start: whoever is told that nothing was done is deceived."""
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.when_the_intent_is_on_disk(lambda: fails(hall))
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "还不知道成没成")
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Result)
        assert page.reference == hall.journal_says()[0].reference, "no slip can be printed: the page carries it"
        assert page.paper is Paper.NOT_PRINTED
        words = hall.citizen.words()
        assert all(said in words for said in ("不能确认是否已经挂失", "12333", "银行账户还没有挂失")), words
        hall.log.tells("journal_failed", transaction=hall.journal_says()[0].id)
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(OutOfService)
        await hall.restart_terminal()
        await hall.delivered()
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST


async def test_a_disk_that_fails_at_the_intent_leaves_nobody_sure(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.break_the_disk()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Refusal, "不能确认")
        words = hall.citizen.words()
        assert all(said in words for said in ("不能确认是否已经挂失", "12333", "银行账户另拨95")), words
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(OutOfService)


async def test_a_disk_that_fills_before_the_slip_takes_nothing_back(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.when_a_verdict_is_on_disk(hall.fill_the_disk)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        await trio.testing.wait_all_tasks_blocked()
        page = await hall.citizen.sees(Result)
        assert page.paper is Paper.NOT_PRINTED
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(OutOfService)
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        hall.log.tells("journal_failed")
        settled(hall, stage="done")


async def test_the_terminal_goes_down_between_consent_and_verdict(autojump_clock: object, tmp_path: Path) -> None:
    """The effect may have happened or not: after the restart both ways end in one loss, once."""
    for weather in (Weather.SILENT, Weather.ANSWERS_LOST):
        folder = tmp_path / weather.name
        async with opened(folder) as hall:
            await up_to_the_confirmation(hall, "normal_v2")
            hall.wire.weather = weather
            hall.citizen.presses(Agreed())
            await trio.testing.wait_all_tasks_blocked()
            happened = hall.centre_status("normal_v2")
            hall.wire.weather = Weather.FINE
            await hall.restart_terminal()
            await hall.delivered()
            assert happened == (CardStatus.TEMPORARILY_LOST if weather is Weather.ANSWERS_LOST else CardStatus.NORMAL)
            assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
            (view,) = hall.journal_says()
            assert isinstance(view.state, Done)
            assert hall.losses_on_record() == 1


async def test_a_loss_the_centre_cannot_take_is_never_called_not_reported(
    autojump_clock: object, tmp_path: Path
) -> None:
    """A first copy may have counted: a problem document is no signed word."""
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.wire.problem_for_items = 422
        hall.citizen.presses(Agreed())
        page = await hall.citizen.sees(Result, "还不知道成没成")
        assert "没有挂失" not in page.sentence.id
        assert "马上拨打12333" in hall.citizen.words()
        await and_leaves(hall)
        assert "不能确认" in hall.hardware.slips[0]
        hall.log.tells("transaction_settled", transaction=hall.work().id, stage="in_doubt", why="quarantined")


async def test_a_line_that_breaks_at_the_post_is_not_waited_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.wire.weather = Weather.CUT
        before = trio.current_time()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        assert trio.current_time() - before < 3


async def test_a_terminal_the_centre_does_not_accept_says_whom_to_call(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.suspend()
        await hall.citizen.online(False)
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        assert "本机暂时不能上报" in hall.citizen.words()
        hall.log.tells("centre_failed", outcome="Barred", why="403 suspended")


async def test_a_mistake_in_the_program_ends_in_a_page_that_says_so(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.break_the_program()
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(OutOfService)
        hall.log.tells("visit_failed")


async def test_done_is_pressed_while_the_slip_is_still_printing(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.printing_takes_s = 20
        await up_to_the_confirmation(hall, "normal_v2")
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        hall.citizen.presses(DonePressed())
        page = await hall.citizen.sees(Working)
        assert page.doing.id == "slip.printing"
        await hall.citizen.sees(TakeCards)
        assert hall.hardware.slips


@pytest.mark.parametrize("outcome", [VerdictOutcome.AUTHORISED, VerdictOutcome.ISSUED])
async def test_a_verdict_no_loss_can_get_is_no_verdict(
    autojump_clock: object, tmp_path: Path, outcome: VerdictOutcome
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.wire.verdict_outcome = outcome
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未确认生效")
        hall.wire.verdict_outcome = None
        await hall.delivered()
        assert isinstance(hall.journal_says()[0].state, Done)
        hall.log.tells("answer_rejected", transaction=hall.work().id)
