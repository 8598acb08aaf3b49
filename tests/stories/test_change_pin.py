"""修改密码 from the first touch to the slip, and the three truths afterwards: chip, centre, last page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import trio.testing

from drivers.virtual.printer import Voice
from kiosk.contract import Domain, Kind, Outcome, PinChanged, Signed
from kiosk.journal.transaction import Done, InDoubt, Moot, NotDone, Untouched, Why
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Attract,
    Back,
    CardReport,
    Chosen,
    Confirm,
    Home,
    Paper,
    Refusal,
    Result,
    TakeCards,
    TypedPin,
    TypePin,
)
from kiosk.prompts import Done as DonePressed
from kiosk.seal import from_text
from kiosk.terms import CardStatus
from sync.central import tables
from tests.stories.hall import Hall, Weather, opened, switched_on
from tests.stories.steps import up_to_the_slot

OLD, NEW, WRONG = (1, 2, 3, 4, 5, 6), (3, 9, 4, 8, 5, 7), (7, 0, 2, 9, 4, 6)
CHANGE_INS, VERIFY_INS = 0x5E, 0x20
CHIPS = ["normal_v1", "normal_v2", "normal_v3"]


async def up_to_the_old_pin(hall: Hall, who: str) -> Confirm:
    await up_to_the_slot(hall, "change_pin", who)
    hall.inserts(who)
    return await agrees(hall)


async def agrees(hall: Hall) -> Confirm:
    confirm = await hall.citizen.sees(Confirm, "修改社保密码？")
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(TypePin, "请输入原密码")
    return confirm


async def types(hall: Hall, old: tuple[int, ...] = OLD, new: tuple[int, ...] = NEW) -> None:
    hall.citizen.presses(TypedPin(Pin(old)))
    await hall.citizen.sees(TypePin, "请设新密码")
    hall.citizen.presses(TypedPin(Pin(new)))
    await hall.citizen.sees(TypePin, "请再输一次")
    hall.citizen.presses(TypedPin(Pin(new)))


def event(hall: Hall, id: str) -> PinChanged:
    """What the centre was told of it."""
    (item,) = items(hall, id, Domain.TRANSACTION)
    return msgspec.json.decode(item, type=PinChanged)


def ends(hall: Hall, id: str) -> list[str]:
    """How the centre was told that the doubt ended."""
    return [msgspec.json.decode(item, type=Outcome).result.value for item in items(hall, id, Domain.OUTCOME)]


def items(hall: Hall, id: str, domain: Domain) -> list[bytes]:
    row = tables.Item
    with hall.centre.store.transaction():
        arrived = list(row.select().where(row.transaction_id == id, row.domain == domain.value))
    return [from_text(msgspec.json.decode(item.signed, type=Signed).item) for item in arrived]


def events(hall: Hall) -> int:
    with hall.centre.store.transaction():
        return int(tables.Transaction.select().where(tables.Transaction.kind == Kind.PIN_CHANGED.value).count())


async def nothing_happened(hall: Hall) -> None:
    """Chip and centre are as they were, and nothing is on record."""
    assert not hall.journal_says()
    assert not events(hall)
    assert not sent(hall)
    assert hall.tries_left() == 6
    assert hall.pin_is(OLD)


def sent(hall: Hall) -> list[bytes]:
    return [apdu for apdu in hall.hardware.trace if apdu[1] == CHANGE_INS]


# --- it goes well -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CHIPS)
async def test_a_known_pin_is_changed(autojump_clock: object, tmp_path: Path, who: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, who)
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        await hall.delivered()
        assert hall.pin_is(NEW)
        assert hall.work().state == Done(None)
        assert event(hall, hall.work().id).result == "done"
        (slip,) = hall.hardware.slips
        assert "密码改好了" in slip
        assert "银行密码没有变" in slip
        assert "没有查卡的状态" not in slip
        hall.log.tells("pin_change_ended", transaction=hall.work().id, end="PinIsNew")


@pytest.mark.parametrize("who", ["normal_v1", "normal_v2"])
async def test_without_a_line_the_status_is_not_checked_and_the_slip_says_so(
    autojump_clock: object, tmp_path: Path, who: str
) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        confirm = await up_to_the_old_pin(hall, who)
        assert [line.id for line in confirm.subject] == ["loss.subject", "loss.now.unknown", "change.tries"]
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        assert "没有查卡的状态" in hall.citizen.words()
        assert hall.work().state == Done(None)
        assert not events(hall)
        hall.wire.weather = Weather.FINE
        await hall.delivered()
        assert event(hall, hall.work().id).result == "done"
        assert hall.pin_is(NEW)
        assert "没有查卡的状态" in hall.hardware.slips[0]


async def test_without_a_line_a_v3_card_is_refused(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        await up_to_the_slot(hall, "change_pin", "normal_v3")
        hall.inserts("normal_v3")
        await hall.citizen.sees(Refusal, "连不上社保中心")
        await nothing_happened(hall)


async def test_a_line_that_goes_when_a_v3_card_was_read_is_no_line(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "change_pin", "normal_v3")
        hall.wire.meanwhile = ("read_basic", lambda: setattr(hall.wire, "weather", Weather.CUT))
        hall.inserts("normal_v3")
        await hall.citizen.sees(Refusal, "连不上社保中心")
        await nothing_happened(hall)


# --- the new PIN ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OLD, (8, 8, 8, 8, 8, 8), "太好猜"),
        (WRONG, (1, 2, 3, 4, 5, 6), "太好猜"),
        (WRONG, WRONG, "和原密码一样"),
    ],
)
async def test_a_new_pin_that_will_not_do_is_asked_for_again(
    autojump_clock: object, tmp_path: Path, old: tuple[int, ...], new: tuple[int, ...], words: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.citizen.presses(TypedPin(Pin(old)))
        await hall.citizen.sees(TypePin, "请设新密码")
        hall.citizen.presses(TypedPin(Pin(new)))
        await trio.testing.wait_all_tasks_blocked()
        assert words in hall.citizen.words()
        hall.citizen.presses(Back())
        await hall.citizen.sees(Home)
        await nothing_happened(hall)


# --- the old PIN is wrong ----------------------------------------------------------------------------


async def test_wrong_once_and_right_the_second_time(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        await types(hall, WRONG)
        report = await hall.citizen.sees(CardReport, "原密码不对")
        assert "还可以试 5 次" in hall.citizen.words()
        assert [tile.service for tile in report.next] == ["change_pin", "reset_pin"]
        first = hall.work()
        assert first.state == NotDone(Untouched.PIN_WRONG)
        assert not hall.hardware.slips
        hall.citizen.presses(Chosen("change_pin"))
        confirm = await agrees(hall)
        assert confirm.subject[2].values == {"tries": 5}
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        await hall.delivered()
        assert hall.pin_is(NEW)
        (second,) = (view for view in hall.journal_says() if view.id != first.id)
        assert (event(hall, first.id).result, event(hall, first.id).sw) == ("not_done", "63C5")
        assert (event(hall, second.id).result, event(hall, second.id).tries_before) == ("done", 5)
        hall.log.tells("pin_change_ended", end="OldPinWrong", tries_left=5)


async def test_whoever_does_not_want_to_try_again_leaves(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        await types(hall, WRONG)
        await hall.citizen.sees(CardReport, "原密码不对")
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(TakeCards)
        assert len(sent(hall)) == 1
        assert hall.pin_is(OLD)


@pytest.mark.parametrize(("who", "tries"), [("one_try_left_v1", 1), ("two_tries_left", 2)])
async def test_nobody_runs_into_the_block_unwarned(
    autojump_clock: object, tmp_path: Path, who: str, tries: int
) -> None:
    async with opened(tmp_path) as hall:
        confirm = await up_to_the_old_pin(hall, who)
        assert confirm.subject[2].id == "change.few_tries"
        assert f"再错{tries}次就锁住" in hall.citizen.words()
        await types(hall, WRONG)
        title = "原密码不对" if tries > 1 else "密码锁了"
        await hall.citizen.sees(CardReport, title)
        assert ("快要锁住了" in hall.citizen.words()) is (tries > 1)
        assert hall.tries_left() == tries - 1


async def test_blocked_by_the_last_try_the_reset_is_offered(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "one_try_left_v1")
        await types(hall, WRONG)
        report = await hall.citizen.sees(CardReport, "密码锁了")
        assert [tile.service for tile in report.next] == ["reset_pin", "unblock_pin"]
        await hall.delivered()
        assert event(hall, hall.work().id).result == "not_done"


@pytest.mark.parametrize(
    ("switches", "offered", "words"),
    [
        (("reset_pin", "unblock_pin"), ["reset_pin", "unblock_pin"], "请办“忘了密码”"),
        ((), [], "请到人工窗口"),
    ],
)
async def test_a_blocked_pin_is_not_changed(
    autojump_clock: object, tmp_path: Path, switches: tuple[str, ...], offered: list[str], words: str
) -> None:
    async with switched_on(Hall(tmp_path, site_switches=switches)) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "change_pin", "pin_blocked")
        hall.inserts("pin_blocked")
        report = await hall.citizen.sees(CardReport, "密码锁了")
        assert [tile.service for tile in report.next] == offered
        assert words in hall.citizen.words()
        hall.hardware.pull()
        await trio.testing.wait_all_tasks_blocked()
        assert hall.citizen.eyes.page == report, "it may be read to its end"
        assert not hall.journal_says()
        assert not sent(hall)


@pytest.mark.parametrize(
    ("sw", "title"), [("9303", "这张卡不能再用"), ("6F00", "看不出锁没锁"), ("9000", "没有设过密码")]
)
async def test_only_a_pin_with_tries_left_is_changed(
    autojump_clock: object, tmp_path: Path, sw: str, title: str
) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.answers_instead = (VERIFY_INS, bytes.fromhex(sw))
        await up_to_the_slot(hall, "change_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(Refusal, title)
        assert not sent(hall)


# --- refused before ---------------------------------------------------------------------------------


async def test_another_persons_card(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "change_pin", "normal_v2")
        hall.inserts("neighbour_v2")
        await trio.testing.wait_all_tasks_blocked()
        assert "不是您本人的社保卡" in hall.citizen.words()
        await nothing_happened(hall)


async def test_a_centre_that_does_not_answer_is_no_line(autojump_clock: object, tmp_path: Path) -> None:
    """The terminal counts as online, and the question is lost."""
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "change_pin", "normal_v2")
        hall.wire.weather = Weather.SILENT
        hall.inserts("normal_v2")
        confirm = await hall.citizen.sees(Confirm)
        assert confirm.subject[1].id == "loss.now.unknown"


# --- on the chip ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CHIPS)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_pulled_at_the_command_nobody_knows_until_it_is_changed_again(
    autojump_clock: object, tmp_path: Path, who: str, when: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, who)
        setattr(hall.hardware, f"pull_{when}_ins", CHANGE_INS)
        await types(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert "新密码或旧密码，有一个有效" in hall.citizen.words()
        setattr(hall.hardware, f"pull_{when}_ins", None)
        await hall.delivered()
        doubt = hall.work()
        assert doubt.state == InDoubt(Why.CARD_GONE, 6)
        assert event(hall, doubt.id).result == "unknown"
        assert "还不知道成没成" in hall.hardware.slips[0]
        valid = NEW if when == "after" else OLD
        assert hall.pin_is(valid)
        await comes_back(hall, who, valid)
        assert isinstance(next(view for view in hall.journal_says() if view.id == doubt.id).state, Moot)
        assert hall.work().state == Done(None)
        await hall.delivered()
        assert ends(hall, doubt.id) == ["moot"]


async def comes_back(hall: Hall, who: str, old: tuple[int, ...]) -> None:
    """Looks at the card, and changes its PIN again."""
    hall.citizen.presses(DonePressed())
    await hall.citizen.sees(Attract)
    await up_to_the_slot(hall, "card_status", who)
    hall.hardware.insert(hall.carried)
    await hall.citizen.sees(CardReport)
    assert "请再改一次" in hall.citizen.words()
    hall.citizen.presses(Chosen("change_pin"))
    await agrees(hall)
    await types(hall, old, (5, 0, 8, 1, 3, 7))
    await hall.citizen.sees(Result, "密码改好了")
    await hall.delivered()
    assert hall.pin_is((5, 0, 8, 1, 3, 7))


@pytest.mark.parametrize(
    ("sw", "title", "why"),
    [("6985", "没有办成", Untouched.CARD), ("9303", "这张卡不能再用", Untouched.CARD)],
)
async def test_a_card_that_refuses_is_as_it_was(
    autojump_clock: object, tmp_path: Path, sw: str, title: str, why: Untouched
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.hardware.answers_instead = (CHANGE_INS, bytes.fromhex(sw))
        await types(hall)
        await hall.citizen.sees(Refusal, title)
        await hall.delivered()
        assert hall.work().state == NotDone(why)
        assert event(hall, hall.work().id).sw == sw
        assert hall.pin_is(OLD)


async def test_an_unclear_answer_is_settled_by_the_new_pin(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.hardware.answers_afterwards = (CHANGE_INS, bytes.fromhex("6581"))
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        assert hall.work().state == Done(None)
        assert hall.pin_is(NEW)


async def test_with_few_tries_left_an_unclear_answer_stays_unclear(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "two_tries_left")
        hall.hardware.answers_instead = (CHANGE_INS, bytes.fromhex("6581"))
        await types(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert hall.work().state == InDoubt(Why.CHIP_SILENT, 2)
        assert hall.tries_left() == 2, "the terminal is not what blocks a card"


# --- paper and disk ---------------------------------------------------------------------------------------


async def test_a_dead_printer_changes_nothing_about_it(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.hardware.printer.speak(Voice.DEAD)
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        await hall.delivered()
        await trio.testing.wait_all_tasks_blocked()
        page = hall.citizen.eyes.page
        assert isinstance(page, Result)
        assert page.paper is Paper.UNKNOWN
        assert event(hall, hall.work().id).result == "done"


@pytest.mark.parametrize("damage", [Hall.fill_the_disk, Hall.break_the_disk])
async def test_what_cannot_be_written_down_is_not_begun(
    autojump_clock: object, tmp_path: Path, damage: Callable[[Hall], None]
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        damage(hall)
        await types(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        assert "密码没有改变" in hall.citizen.words()
        assert not sent(hall)
        assert hall.pin_is(OLD)


async def test_what_cannot_be_written_down_afterwards_is_not_known(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.hardware.at_command(CHANGE_INS, "after", hall.break_the_disk)
        await types(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert hall.pin_is(NEW)
        await hall.restart_terminal()
        await hall.delivered()
        assert hall.work().state == InDoubt(Why.INTERRUPTED, 6)
        assert event(hall, hall.work().id).result == "unknown"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_plug_pulled_at_the_command_leaves_a_doubt(autojump_clock: object, tmp_path: Path, when: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.die_at(CHANGE_INS, when)
        await types(hall)
        await hall.died()
        await hall.restart_terminal()
        await hall.delivered()
        assert isinstance(hall.work().state, InDoubt)
        assert event(hall, hall.work().id).result == "unknown"
        assert hall.pin_is(NEW if when == "after" else OLD)


async def test_what_the_office_cannot_take_does_not_change_what_the_chip_did(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_old_pin(hall, "normal_v2")
        hall.becomes("normal_v2", CardStatus.TEMPORARILY_LOST)
        await types(hall)
        await hall.citizen.sees(Result, "密码改好了")
        await hall.delivered()
        assert hall.work().state == Done(None)
        assert hall.centre_status("normal_v2") == "4"


async def test_the_time_must_be_known_without_a_line(autojump_clock: object, tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.clock.wrong_by = dt.timedelta(days=-9000)
    hall.wire.weather = Weather.CUT
    async with switched_on(hall):
        await trio.testing.wait_all_tasks_blocked()
        await hall.citizen.comes()
        home = await hall.citizen.sees(Home)
        (closed,) = [tile.closed for tile in home.tiles if tile.service == "change_pin"]
        assert closed is not None
        assert closed.id == "closed.clock"
