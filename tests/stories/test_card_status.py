"""查一查: what a person learns of a card, with either card or both, on chips of every version."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import trio
import trio.testing

from drivers.virtual.card import ForeignChip, MuteCard, VirtualCard, issue
from kiosk.prompts import (
    Agreed,
    Attract,
    CardReport,
    Chosen,
    Confirm,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Refusal,
    Result,
    TakeCards,
    Tone,
    Touched,
    Without,
)
from kiosk.prompts import Done as DonePressed
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus, DeviceAbsent
from sync.central import tables
from tests.stories.hall import PEOPLE, Hall, Weather, opened, switched_on
from tests.stories.steps import up_to_the_id_card, up_to_the_slot


@pytest.mark.parametrize("who", ["normal_v1", "normal_v2", "normal_v3"])
async def test_both_cards_of_one_person(autojump_clock: object, tmp_path: Path, who: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", who)
        hall.inserts(who)
        await hall.citizen.sees(CardReport, "卡可以使用")
        assert "还可以试 6 次" in hall.citizen.words()
        assert hall.chips_proved() == 1
        hall.citizen.presses(DonePressed())
        page = await hall.citizen.sees(TakeCards)
        assert page.ssc
        hall.hardware.pull()
        await hall.citizen.sees(Attract)


@pytest.mark.parametrize("who", ["normal_v1", "normal_v2", "normal_v3"])
async def test_the_card_alone_tells_no_name(autojump_clock: object, tmp_path: Path, who: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", None)
        hall.inserts(who)
        await hall.citizen.sees(CardReport, "卡可以使用")
        assert "*" not in hall.citizen.words()


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("sealed", "卡还没有启用"),
        ("formally_lost", "正在补办新卡"),
        ("application_locked", "卡被停用了"),
        ("temporarily_lost", "卡已经挂失"),
        ("cancelled", "卡已经注销"),
    ],
)
async def test_every_status_in_plain_words(autojump_clock: object, tmp_path: Path, who: str, title: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", who)
        hall.citizen.presses(Without())
        await hall.citizen.sees(CardReport, title)


@pytest.mark.parametrize("who", ["temporarily_lost", "formally_lost"])
async def test_a_lost_card_has_a_bank_half_and_a_number_to_call(
    autojump_clock: object, tmp_path: Path, who: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", who)
        hall.citizen.presses(Without())
        await hall.citizen.sees(CardReport)
        for said in ("银行账户", "要另外挂失", "12333"):
            assert said in hall.citizen.words()


@pytest.mark.parametrize(("switches", "where"), [((), "可以到窗口解除挂失"), (("release",), "在本机就能解除挂失")])
async def test_a_report_is_lifted_here_where_this_site_does_it(
    autojump_clock: object, tmp_path: Path, switches: tuple[str, ...], where: str
) -> None:
    async with switched_on(Hall(tmp_path, site_switches=switches)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "card_status", "temporarily_lost")
        hall.citizen.presses(Without())
        await hall.citizen.sees(CardReport)
        assert where in hall.citizen.words()


@pytest.mark.parametrize(
    ("who", "words", "state"),
    [
        ("pin_blocked", "已锁住", "PinBlocked"),
        ("two_tries_left", "还可以试 2 次", "TriesLeft"),
        ("no_pin", "还没有设", "NoPin"),
    ],
)
async def test_the_pin_state_is_the_chips_word(
    autojump_clock: object, tmp_path: Path, who: str, words: str, state: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", None)
        hall.inserts(who)
        await hall.citizen.sees(CardReport)
        assert words in hall.citizen.words()
        hall.log.tells("card_read", pin=state)


@pytest.mark.parametrize(("mine", "other"), [("normal_v2", "neighbour_v2"), ("normal_v3", "neighbour_v3")])
async def test_another_persons_card_shows_nothing_of_them(
    autojump_clock: object, tmp_path: Path, mine: str, other: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", mine)
        hall.inserts(other)
        await trio.testing.wait_all_tasks_blocked()
        assert "不是您本人的社保卡" in hall.citizen.words()
        hall.hardware.pull()
        hall.inserts(mine)
        await hall.citizen.sees(CardReport, "卡可以使用")
        hall.log.tells("card_trouble", kind="AnotherPersons")


@pytest.mark.parametrize(
    ("card", "title", "slip"),
    [
        (MuteCard(), "社保卡读不出来", True),
        (ForeignChip(), "不是社保卡", False),
        ("neighbour_v2", "不是您的社保卡", True),
    ],
)
async def test_five_times_the_same_trouble_leads_to_the_window(
    autojump_clock: object, tmp_path: Path, card: VirtualCard | str, title: str, slip: bool
) -> None:
    """With a slip, unless another card would do."""
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        for _ in range(5):
            hall.hardware.insert(issue(PEOPLE[card]) if isinstance(card, str) else card)
            await trio.testing.wait_all_tasks_blocked()
            hall.hardware.pull()
        page = await hall.citizen.sees(Refusal, title)
        assert page.slip_comes is slip
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(TakeCards)
        assert any(title in printed for printed in hall.hardware.slips) is slip


async def test_a_card_the_wrong_way_round_and_a_bank_card(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        for card, words, kind in (
            (MuteCard(), "芯片朝上再插一次", "CardMute"),
            (ForeignChip(), "这不是社保卡", "NotASocialSecurityCard"),
        ):
            hall.hardware.insert(card)
            await trio.testing.wait_all_tasks_blocked()
            assert words in hall.citizen.words()
            hall.log.tells("card_trouble", kind=kind)
            hall.hardware.pull()
        hall.inserts("normal_v2")
        await hall.citizen.sees(CardReport, "卡可以使用")


@pytest.mark.parametrize("who", ["normal_v1", "normal_v2", "normal_v3"])
async def test_the_card_pulled_before_every_single_command(autojump_clock: object, tmp_path: Path, who: str) -> None:
    """However early it leaves, the page says so, and the card that comes back is read to its end."""
    commands = await count_commands(tmp_path / "whole", who)
    assert commands > 10
    for number in range(commands):
        async with opened(tmp_path / str(number)) as hall:
            await up_to_the_slot(hall, "card_status", who)
            hall.hardware.pull_before_apdu = number
            hall.inserts(who)
            await trio.testing.wait_all_tasks_blocked()
            assert "再插一次" in hall.citizen.words(), f"pulled before command {number}"
            hall.log.tells("card_trouble", kind="CardPulled")
            hall.hardware.pull_before_apdu = None
            hall.inserts(who)
            await hall.citizen.sees(CardReport, "卡可以使用")


async def count_commands(folder: Path, who: str) -> int:
    """How many APDUs a whole reading takes."""
    async with opened(folder) as hall:
        await up_to_the_slot(hall, "card_status", who)
        hall.hardware.pull_before_apdu = 10_000
        hall.inserts(who)
        await hall.citizen.sees(CardReport)
        assert hall.hardware.pull_before_apdu is not None
        return 10_000 - hall.hardware.pull_before_apdu


async def test_an_application_blocked_for_ever_leads_to_the_window(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", None)
        hall.inserts("application_blocked")
        await hall.citizen.sees(Refusal, "这张卡不能再用")
        hall.log.tells("refused", reason="card_locked_forever")


async def test_the_line_breaks_while_the_centre_is_asked(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.wire.weather = Weather.SILENT
        hall.citizen.presses(Without())
        await hall.citizen.sees(Refusal, "连不上社保中心")
        assert "什么都没有改变" in hall.citizen.words()
        hall.log.tells("centre_gave_no_answer", call="cards")


async def test_without_a_line_the_tile_is_closed_and_says_why(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        hall.citizen.presses(Touched())
        home = await hall.citizen.sees(Home)
        assert [tile.service for tile in home.tiles if not tile.closed] == ["report_loss", "change_pin", "guide"]
        hall.citizen.presses(Chosen("card_status"))
        await hall.citizen.sees(Refusal, "网络断了")
        hall.log.tells("closed_tile_touched", service="card_status", why="closed.line")


async def test_from_the_status_straight_to_the_loss_report(autojump_clock: object, tmp_path: Path) -> None:
    """The ID card is not asked for again."""
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.citizen.presses(Without())
        report = await hall.citizen.sees(CardReport)
        assert [tile.service for tile in report.next] == ["report_loss", "formal_loss"]
        hall.citizen.presses(Chosen("report_loss"))
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")


@pytest.mark.parametrize(
    ("days", "title"), [(-1, "卡过了有效期"), (0, "卡快到期了"), (60, "卡快到期了"), (61, "卡可以使用")]
)
async def test_a_card_that_comes_to_its_end(autojump_clock: object, tmp_path: Path, days: int, title: str) -> None:
    async with opened(tmp_path) as hall:
        end = hall.clock.now().date() + dt.timedelta(days=days)
        hall.centre_writes("normal_v2", expires=end)
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.inserts("normal_v2")
        page = await hall.citizen.sees(CardReport, title)
        assert (page.tone is Tone.GOOD) is (days > 60)


@pytest.mark.parametrize("with_the_id_card", [True, False])
async def test_an_end_that_only_the_chip_knows_is_told(
    autojump_clock: object, tmp_path: Path, with_the_id_card: bool
) -> None:
    async with opened(tmp_path) as hall:
        end = hall.clock.now().date() - dt.timedelta(days=1)
        hall.centre_writes("normal_v2", expires=None)
        await up_to_the_slot(hall, "card_status", "normal_v2" if with_the_id_card else None)
        hall.inserts_worn("normal_v2", expires=end)
        page = await hall.citizen.sees(CardReport, "卡过了有效期")
        assert page.tone is Tone.WAITING
        assert "2026年11月21日" in hall.citizen.words()


async def test_a_card_at_its_end_with_a_blocked_pin_is_to_be_replaced(autojump_clock: object, tmp_path: Path) -> None:
    """A new PIN would not make it good again."""
    async with opened(tmp_path) as hall:
        hall.centre_writes("pin_blocked", expires=hall.clock.now().date() - dt.timedelta(days=1))
        await up_to_the_slot(hall, "card_status", "pin_blocked")
        hall.inserts("pin_blocked")
        await hall.citizen.sees(CardReport, "卡过了有效期")
        assert "已锁住" in hall.citizen.words()


async def test_a_loss_that_lapses_says_when(autojump_clock: object, tmp_path: Path) -> None:
    """Only the centre knows whether it does."""
    async with opened(tmp_path) as hall:
        hall.centre_writes("temporarily_lost", loss_expires=tables.instant(hall.clock.now() + dt.timedelta(days=5)))
        await up_to_the_slot(hall, "card_status", "temporarily_lost")
        hall.citizen.presses(Without())
        await hall.citizen.sees(CardReport)
        assert "挂失到" in hall.citizen.words()
        assert "2026年11月27日 09:30" in hall.citizen.words(), "by the clock on the wall"


async def test_the_end_of_an_earlier_loss_is_not_told_of_a_card_in_order(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        hall.centre_writes("normal_v2", loss_expires=tables.instant(hall.clock.now() - dt.timedelta(days=5)))
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.citizen.presses(Without())
        await hall.citizen.sees(CardReport, "卡可以使用")
        assert "挂失到" not in hall.citizen.words()


async def test_of_two_cards_that_end_alike_the_one_in_the_slot_is_told(autojump_clock: object, tmp_path: Path) -> None:
    """A holder's old card may end with the same four as the new one."""
    async with opened(tmp_path) as hall:
        hall.centre_adds("normal_v2", status=CardStatus.CANCELLED)
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(CardReport, "卡可以使用")


async def test_a_card_in_the_slot_is_not_offered_as_lost(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.inserts("normal_v2")
        page = await hall.citizen.sees(CardReport)
        assert [tile.service for tile in page.next] == ["change_pin"]


async def test_a_blocked_pin_is_sent_where_it_can_be_helped(autojump_clock: object, tmp_path: Path) -> None:
    """Here while the unblock key is good; else at the window, and no sentence promises anything here."""
    async with opened(tmp_path) as hall:
        for puk_off, words in ((False, "可以在这里重设"), (True, "请到人工窗口办理")):
            hall.journal.puk_off = puk_off
            await up_to_the_slot(hall, "card_status", "pin_blocked")
            hall.inserts("pin_blocked")
            page = await hall.citizen.sees(CardReport, "密码锁了")
            assert words in hall.citizen.words()
            assert bool(page.next) is not puk_off
            hall.citizen.presses(DonePressed())
            await hall.citizen.sees(TakeCards)
            hall.hardware.lift()
            hall.hardware.pull()
            await hall.citizen.sees(Attract)


@pytest.mark.parametrize(
    ("switches", "unblocks_a_day", "words", "offered"),
    [
        (("reset_pin", "unblock_pin"), 1, "可以在这里重设", ["reset_pin", "unblock_pin"]),
        (("reset_pin", "unblock_pin"), 0, "可以在这里重设", ["reset_pin"]),
        (("unblock_pin",), 1, "记得密码，可以在这里解锁", ["unblock_pin"]),
        (("unblock_pin",), 0, "请到人工窗口办理", []),
        ((), 1, "请到人工窗口办理", []),
    ],
)
async def test_a_blocked_pin_is_promised_only_what_is_offered(
    autojump_clock: object,
    tmp_path: Path,
    switches: tuple[str, ...],
    unblocks_a_day: int,
    words: str,
    offered: list[str],
) -> None:
    """The site's switches, and what the centre would accept today."""
    hall = Hall(tmp_path, site_switches=switches, limits=Quotas(unblocks_per_card_a_day=unblocks_a_day))
    async with switched_on(hall):
        await hall.citizen.online()
        await up_to_the_slot(hall, "card_status", "pin_blocked")
        hall.inserts("pin_blocked")
        page = await hall.citizen.sees(CardReport, "密码锁了")
        assert words in hall.citizen.words()
        assert [tile.service for tile in page.next] == offered


async def test_a_closed_tile_sends_nobody_to_another_that_is_closed(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        for usable, promised in ((True, True), (False, False)):
            if not usable:
                hall.devices.stop()
            hall.citizen.presses(Touched())
            await hall.citizen.sees(Home)
            hall.citizen.presses(Chosen("card_status"))
            await hall.citizen.sees(Refusal, "网络断了")
            words = hall.citizen.words()
            assert "12333" in words
            assert ("卡丢了仍然可以在这里登记挂失" in words) is promised
            assert ("微信“广西人社”挂失" in words) is not promised
            hall.citizen.presses(DonePressed())
            await hall.citizen.sees(Home)
            await trio.sleep(120)


async def test_a_card_left_in_the_slot_is_asked_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", None)
        hall.inserts("normal_v1")
        await hall.citizen.sees(CardReport)
        hall.citizen.presses(DonePressed())
        page = await hall.citizen.sees(TakeCards)
        assert page.ssc
        assert not page.id_card


async def test_virtual_hardware_serves_nobody_outside_a_demo(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.virtual = True
        hall.hardware.tell()
        await trio.testing.wait_all_tasks_blocked()
        hall.citizen.presses(Touched())
        home = await hall.citizen.sees(Home)
        assert [tile.service for tile in home.tiles if not tile.closed] == ["guide"]


async def test_a_card_left_behind_is_not_read_for_the_next_person(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", None)
        hall.inserts("normal_v1")
        await hall.citizen.sees(CardReport)
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(TakeCards)
        await hall.citizen.sees_a_strangers_card()
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("card_status"))
        await hall.citizen.sees(PrivacyNotice)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(LayIdCard)
        hall.citizen.presses(Without())
        await hall.citizen.sees(InsertCard)
        await trio.testing.wait_all_tasks_blocked()
        assert "插口里是别人的卡" in hall.citizen.words()
        hall.hardware.pull()
        hall.inserts("normal_v2")
        await hall.citizen.sees(CardReport)
        hall.log.tells("card_left_behind")


async def test_a_dead_id_reader_is_not_asked_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.id_reader = DeviceAbsent("拔掉了")
        hall.hardware.tell()
        await trio.testing.wait_all_tasks_blocked()
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("card_status"))
        await hall.citizen.sees(InsertCard)
        hall.inserts("normal_v2")
        await hall.citizen.sees(CardReport)


async def test_a_dead_card_reader_is_not_asked_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.card_reader = DeviceAbsent("拔掉了")
        hall.hardware.tell()
        await up_to_the_id_card(hall, "card_status")
        hall.lays("normal_v2")
        await hall.citizen.sees(CardReport)


async def test_a_reader_that_goes_while_the_card_is_waited_for(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        asked_at = trio.current_time()
        hall.devices.stop()
        await hall.citizen.sees(CardReport)
        assert trio.current_time() - asked_at < 10
        hall.log.tells("card_reader_failed")


async def test_five_times_another_persons_card(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "card_status", "normal_v2")
        for _ in range(5):
            hall.inserts("neighbour_v2")
            await trio.testing.wait_all_tasks_blocked()
            hall.hardware.pull()
        await hall.citizen.sees(Refusal, "不是您的社保卡")
        hall.log.tells("refused", reason="another_persons_card")


async def test_an_id_card_is_asked_back_also_when_it_was_refused(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_id_card(hall, "card_status")
        hall.lays("under_16")
        await hall.citizen.sees(Refusal)
        hall.citizen.presses(DonePressed())
        assert (await hall.citizen.sees(TakeCards)).id_card
