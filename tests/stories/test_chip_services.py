"""重置 and 解锁 from the first touch to the slip, and the three truths afterwards: chip, centre, last page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import trio
import trio.testing

from drivers.virtual.card import issue
from kiosk.contract import Kind
from kiosk.journal.transaction import Done, InDoubt, NotDone, Untouched
from kiosk.journal.transaction import Refused as RefusedByCentre
from kiosk.live import ON_THE_CHIP_S
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Attract,
    CardReport,
    Confirm,
    Declined,
    Home,
    OutOfService,
    Refusal,
    Result,
    TakeCards,
    Touched,
    TypeCode,
    Typed,
    TypedPin,
    TypePin,
)
from kiosk.prompts import Done as DonePressed
from kiosk.terms import DeviceAbsent
from tests.stories.hall import PEOPLE, Hall, opened, switched_on
from tests.stories.steps import up_to_the_slot

NEW = (3, 9, 4, 8, 5, 7)
CHIPS = ["normal_v1", "normal_v2", "normal_v3"]
VERIFY_INS, SECURE_INS, EXTERNAL_AUTH_INS, GET_CHALLENGE_INS = 0x20, 0x24, 0x82, 0x84


async def types_the_code(hall: Hall, who: str) -> None:
    await hall.citizen.sees(TypeCode)
    hall.citizen.presses(Typed(hall.code_on_phone_of(who)))


async def up_to_the_new_pin(hall: Hall, who: str) -> None:
    await up_to_the_slot(hall, "reset_pin", who)
    hall.inserts(who)
    await types_the_code(hall, who)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(TypePin, "请设新密码")


async def chooses(hall: Hall, first: tuple[int, ...] = NEW, second: tuple[int, ...] = NEW) -> None:
    hall.citizen.presses(TypedPin(Pin(first)))
    await hall.citizen.sees(TypePin, "请再输一次")
    hall.citizen.presses(TypedPin(Pin(second)))


def ended(hall: Hall, **how: object) -> None:
    """The one line that an operator finds by the transaction's number."""
    hall.log.tells("chip_transaction_ended", transaction=hall.work().id, **how)


@pytest.mark.parametrize("who", CHIPS)
async def test_a_forgotten_pin_is_replaced(autojump_clock: object, tmp_path: Path, who: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, who)
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码已生效")
        await hall.delivered()
        assert hall.pin_is(NEW)
        (view,) = hall.journal_says()
        assert isinstance(view.state, Done)
        assert hall.outcome_on_record(view.id) == "done"
        assert "新密码已生效" in hall.hardware.slips[0]
        assert "394857" not in hall.hardware.slips[0]


@pytest.mark.parametrize("typed", [(1, 2, 3, 4, 5, 6), (8, 8, 8, 8, 8, 8), (9, 8, 7, 6, 5, 4)])
async def test_a_weak_pin_is_refused_without_saying_why(
    autojump_clock: object, tmp_path: Path, typed: tuple[int, ...]
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.citizen.presses(TypedPin(Pin(typed)))
        await trio.testing.wait_all_tasks_blocked()
        assert "太好猜" in hall.citizen.words()
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码已生效")
        hall.log.tells("pin_too_weak")


async def test_two_entries_that_differ_start_again(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        await chooses(hall, NEW, (3, 9, 4, 8, 5, 8))
        await hall.citizen.sees(TypePin, "请设新密码")
        assert "两次输入的不一样" in hall.citizen.words()
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码已生效")
        hall.log.tells("pins_differ")


async def test_a_blocked_pin_is_unblocked_and_verified(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await unblock(hall, PIN_OF_BLOCKED)
        await hall.citizen.sees(Result, "已解锁，密码正确")
        await hall.delivered()
        assert hall.pin_is(PIN_OF_BLOCKED)
        assert isinstance(hall.journal_says()[0].state, Done)
        hall.log.tells("card_read", pin="PinBlocked")


async def test_an_unblocked_pin_that_was_not_remembered(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await unblock(hall, (3, 9, 4, 8, 5, 7))
        await hall.citizen.sees(Result, "已解锁，密码不对")
        assert "还可以试 5 次" in hall.citizen.words()
        assert hall.pin_is(PIN_OF_BLOCKED)
        hall.log.tells("pin_wrong", tries_left=5, transaction=hall.work().id)


def _digits(text: str) -> tuple[int, ...]:
    return tuple(int(char) for char in text)


BLOCKED = "pin_blocked"
PIN_OF_BLOCKED = _digits(PEOPLE[BLOCKED].card.pin)  # type: ignore[union-attr]


async def unblock(hall: Hall, pin: tuple[int, ...]) -> None:
    await up_to_the_slot(hall, "unblock_pin", BLOCKED)
    hall.inserts(BLOCKED)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    await types_the_code(hall, BLOCKED)
    await hall.citizen.sees(TypePin)
    hall.citizen.presses(TypedPin(Pin(pin)))


async def test_who_does_not_remember_is_led_to_the_reset(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "unblock_pin", BLOCKED)
        hall.inserts(BLOCKED)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Declined())
        await hall.citizen.sees(TypeCode)


async def test_who_does_not_remember_is_sent_to_the_window_where_no_reset_is_offered(
    autojump_clock: object, tmp_path: Path
) -> None:
    """What the office has not turned on at this site must not begin by another door."""
    async with switched_on(Hall(tmp_path, site_switches=("unblock_pin",))) as hall:
        await hall.citizen.online()
        await up_to_the_slot(hall, "unblock_pin", BLOCKED)
        hall.inserts(BLOCKED)
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Declined())
        await hall.citizen.sees(Refusal, "请到窗口重设")
        await trio.testing.wait_all_tasks_blocked()
        assert "请到窗口重设" in hall.hardware.slips[0]
        assert not hall.codes_sent()


async def test_a_pin_that_is_not_blocked_needs_no_unblocking(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "unblock_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(Refusal, "密码没有锁")
        hall.log.tells("refused", reason="pin_not_blocked")


@pytest.mark.parametrize(
    ("sw", "title", "reason"),
    [
        ("9303", "这张卡不能再用", "card_locked_forever"),
        ("6F00", "看不出锁没锁", "pin_unknown"),
        ("9000", "没有设过密码", "no_pin"),
    ],
)
async def test_nothing_but_a_count_of_tries_means_not_blocked(
    autojump_clock: object, tmp_path: Path, sw: str, title: str, reason: str
) -> None:
    """Nobody may be told to go on trying with a card that never said so."""
    async with opened(tmp_path) as hall:
        hall.hardware.answers_instead = (VERIFY_INS, bytes.fromhex(sw))
        await up_to_the_slot(hall, "unblock_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(Refusal, title)
        assert "还可以试" not in hall.citizen.words()
        hall.log.tells("refused", reason=reason)


async def test_an_application_locked_for_ever(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "reset_pin", "application_blocked")
        hall.inserts("application_blocked")
        await hall.citizen.sees(Refusal, "这张卡不能再用")
        hall.log.tells("refused", reason="card_locked_forever")


async def test_a_wrong_code_three_times_changes_nothing(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "reset_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(TypeCode)
        right = hall.code_on_phone_of("normal_v2")
        wrong = "000000" if right != "000000" else "111111"
        for _ in range(3):
            hall.citizen.presses(Typed(wrong))
            await trio.testing.wait_all_tasks_blocked()
        await hall.citizen.sees(Refusal, "验证码没有通过")
        assert not hall.journal_says()
        hall.log.tells("phone_code_wrong", times=2)
        hall.log.tells("refused", reason="code_spent")


async def test_a_code_that_comes_too_late(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "reset_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(TypeCode)
        code = hall.code_on_phone_of("normal_v2")
        for _ in range(8):
            await hall.citizen.warned()
            hall.citizen.goes_on()
            await trio.testing.wait_all_tasks_blocked()
        hall.citizen.presses(Typed(code))
        await hall.citizen.sees(Refusal, "验证码没有通过")
        assert "可以重新办一次" in hall.citizen.words()
        assert not hall.journal_says()
        hall.log.tells("centre_refused", code="proof_late")


async def test_two_pins_that_take_too_long_outlive_the_code(autojump_clock: object, tmp_path: Path) -> None:
    """What was proved is good for five minutes; it is not called missing when it was given."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        for _ in range(8):
            await hall.citizen.warned()
            hall.citizen.goes_on()
            await trio.testing.wait_all_tasks_blocked()
        await chooses(hall)
        await hall.citizen.sees(Refusal, "验证码没有通过")
        assert isinstance(hall.work().state, RefusedByCentre)
        assert not sent_to_the_chip(hall, EXTERNAL_AUTH_INS)
        ended(hall, code="proof_late")


async def test_another_persons_card(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_slot(hall, "reset_pin", "normal_v2")
        hall.inserts("neighbour_v2")
        await trio.testing.wait_all_tasks_blocked()
        assert "不是您本人的社保卡" in hall.citizen.words()
        hall.log.tells("card_trouble", kind="AnotherPersons")


async def test_the_card_taken_out_while_a_pin_is_chosen(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.pull()
        await hall.citizen.sees(Refusal, "卡拔出来了")
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Home)
        assert not hall.journal_says()
        hall.log.tells("card_taken_out")


@pytest.mark.parametrize("who", ["normal_v2", "normal_v3"])
@pytest.mark.parametrize("ins", [EXTERNAL_AUTH_INS, SECURE_INS])
async def test_pulled_before_the_command_nothing_was_done(
    autojump_clock: object, tmp_path: Path, who: str, ins: int
) -> None:
    """Before `84 24` the terminal knows; a card gone at `84 24` itself leaves a doubt that the chip settles."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, who)
        hall.hardware.pull_before_ins = ins
        await chooses(hall)
        if ins == EXTERNAL_AUTH_INS:
            await hall.citizen.sees(Refusal)
            assert "密码没有改变" in hall.citizen.words()
            assert isinstance(hall.journal_says()[0].state, NotDone)
            ended(hall, why="card_pulled")
        else:
            await hall.citizen.sees(Result, "还不知道成没成")
            assert isinstance(hall.journal_says()[0].state, InDoubt)
            ended(hall, end="NobodyKnows")
        hall.hardware.pull_before_ins = None
        await hall.delivered()
        assert hall.pin_is(_digits(PEOPLE[who].card.pin))  # type: ignore[union-attr]


async def test_pulled_after_the_command_the_chip_did_it_and_says_so_later(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.hardware.pull_after_ins = SECURE_INS
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert isinstance(hall.journal_says()[0].state, InDoubt)
        hall.hardware.pull_after_ins = None
        await comes_back(hall)
        assert isinstance(hall.journal_says()[0].state, Done), "the counter went from zero to six"
        await hall.delivered()
        assert hall.outcome_on_record(hall.journal_says()[0].id) == "done"
        assert hall.pin_is(NEW)
        ended(hall, end="NobodyKnows")
        hall.log.tells("doubt_weighed", stage="done")


async def test_a_counter_at_zero_settles_nothing(autojump_clock: object, tmp_path: Path) -> None:
    """The command never came to the chip; or it did, and six wrong tries elsewhere came after it."""
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.hardware.pull_before_ins = SECURE_INS
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        hall.hardware.pull_before_ins = None
        await comes_back(hall)
        assert isinstance(hall.journal_says()[0].state, InDoubt)
        assert "还不清楚，请再重置" in hall.citizen.words()
        ended(hall, end="NobodyKnows")
        hall.log.tells("doubt_weighed", times=0)


async def reset_blocked(hall: Hall) -> None:
    await up_to_the_slot(hall, "reset_pin", BLOCKED)
    hall.inserts(BLOCKED)
    await types_the_code(hall, BLOCKED)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(TypePin)


async def comes_back(hall: Hall) -> None:
    """The same chip, as it is now, in the slot again for a look at its status."""
    hall.citizen.presses(DonePressed())
    await hall.citizen.sees(Attract)
    await up_to_the_slot(hall, "card_status", BLOCKED)
    hall.hardware.insert(hall.carried)
    await hall.citizen.sees(CardReport)


@pytest.mark.parametrize("key", ["neighbour_v2", "normal_v1"])
@pytest.mark.parametrize("ins", [GET_CHALLENGE_INS, EXTERNAL_AUTH_INS])
async def test_another_card_put_back_in_the_middle_stays_as_it_is(
    autojump_clock: object, tmp_path: Path, ins: int, key: str
) -> None:
    """What was made for one chip never reaches another, whether its own holder's or somebody else's."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        own, other = hall.carried, issue(PEOPLE[key])
        hall.hardware.at_command(ins, "before", lambda: hall.hardware.insert(other))
        await chooses(hall)
        await hall.citizen.sees(Refusal)
        assert "密码没有改变" in hall.citizen.words()
        await hall.delivered()
        ended(hall, end="NothingDone", why="card_pulled")
        assert not sent_to_the_chip(hall, SECURE_INS)
        for hall.carried, owner in ((own, "normal_v2"), (other, key)):
            assert hall.pin_is(_digits(PEOPLE[owner].card.pin))  # type: ignore[union-attr]


async def test_another_card_that_the_reader_does_not_notice(autojump_clock: object, tmp_path: Path) -> None:
    """The number on the chip is asked again before its PIN is: S7 §14."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        other = issue(PEOPLE["neighbour_v2"])
        hall.hardware.swap_unnoticed(other)
        await chooses(hall)
        await hall.citizen.sees(Refusal, "不是刚才那张卡")
        ended(hall, end="NothingDone", why="another_card")
        assert not sent_to_the_chip(hall, EXTERNAL_AUTH_INS)
        hall.carried = other
        assert hall.pin_is(_digits(PEOPLE["neighbour_v2"].card.pin))  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_what_the_centre_cannot_take_was_not_done(autojump_clock: object, tmp_path: Path, status: int) -> None:
    """Page and journal say the same, in the centre's own words; nothing waits for an operator."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.problem_for_items = status
        await chooses(hall)
        await hall.citizen.sees(Refusal, "社保中心没有受理")
        assert "不能受理" in hall.citizen.words()
        assert hall.work().state == NotDone(Untouched.NOT_TAKEN)
        assert not sent_to_the_chip(hall, EXTERNAL_AUTH_INS)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]
        ended(hall, why="line", code="malformed")


async def test_another_card_settles_no_doubt(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.hardware.pull_after_ins = SECURE_INS
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        hall.hardware.pull_after_ins = None
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        await up_to_the_slot(hall, "card_status", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(CardReport)
        assert isinstance(hall.journal_says()[0].state, InDoubt)
        hall.log.tells("doubt_weighed", times=0)


@pytest.mark.parametrize("step", ["external_auth", "secure_message"])
async def test_the_answer_to_a_step_is_lost(autojump_clock: object, tmp_path: Path, step: str) -> None:
    """The HSM computed it and it is gone for good: the chip was not touched, and the centre believes that."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v3")
        hall.wire.answer_lost_at = step
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        assert "密码没有改变" in hall.citizen.words()
        await hall.delivered()
        ended(hall, end="NothingDone", why="line")
        hall.log.tells("centre_gave_no_answer", call=step)
        assert hall.outcome_on_record(hall.journal_says()[0].id) == "void"
        assert hall.pin_is(_digits(PEOPLE["normal_v3"].card.pin))  # type: ignore[union-attr]


@pytest.mark.parametrize("step", ["external_auth", "secure_message"])
async def test_the_centre_is_gone_between_the_two_steps(autojump_clock: object, tmp_path: Path, step: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v3")
        hall.wire.fails_at = step
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        assert "密码没有改变" in hall.citizen.words()
        assert isinstance(hall.journal_says()[0].state, NotDone)
        hall.wire.fails_at = None
        await hall.delivered()
        assert not sent_to_the_chip(hall, SECURE_INS)
        hall.log.tells("centre_gave_no_answer", call=step)
        ended(hall, why="line")


def sent_to_the_chip(hall: Hall, ins: int) -> list[bytes]:
    return [apdu for apdu in hall.hardware.trace if apdu[1] == ins]


@pytest.mark.parametrize(
    ("forged", "event"),
    [
        ("84160000043C653655", "secure_message_refused_here"),  # CARD BLOCK, whole
        ("3C653655", "secure_message_refused_here"),  # the length of an unblock
        ("842400010C9AD91D0E88BB28EBCD2DB248", "secure_message_refused_here"),  # a whole APDU
        ("00" * 11, "secure_message_refused_here"),
        ("00" * 13, "secure_message_refused_here"),
        ("", "secure_message_refused_here"),
        ("zz" * 12, "centre_gave_no_answer"),  # no hex: no message of the contract
    ],
)
async def test_a_message_that_is_none_never_reaches_the_chip(
    autojump_clock: object, tmp_path: Path, forged: str, event: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_message = forged
        await chooses(hall)
        await hall.citizen.sees(Refusal)
        assert "密码没有改变" in hall.citizen.words()
        assert not sent_to_the_chip(hall, SECURE_INS)
        assert not sent_to_the_chip(hall, 0x16)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]
        hall.log.tells(event)


async def test_a_message_with_a_wrong_mac_is_refused_by_the_chip(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_message = "00" * 12
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        (reset,) = (view for view in hall.journal_says() if view.kind is Kind.RELOAD_PIN)
        assert isinstance(reset.state, NotDone)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]
        ended(hall, why="mac_refused", sw="6988")
        assert hall.journal.puk_off


@pytest.mark.parametrize(("sw", "off"), [("6987", True), ("9302", True), ("6984", False), ("6A80", False)])
async def test_only_a_message_that_would_wear_out_the_next_card_closes_the_services(
    autojump_clock: object, tmp_path: Path, sw: str, off: bool
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.answers_instead = (SECURE_INS, bytes.fromhex(sw))
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        assert hall.journal.puk_off is off


async def test_a_refused_puk_switches_both_services_off_until_an_operator_clears_it(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_authentication = True
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡没有解开")
        assert len([apdu for apdu in sent_to_the_chip(hall, EXTERNAL_AUTH_INS) if apdu[3] == 0x06]) == 1
        hall.hardware.pull()
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        hall.citizen.presses(Touched())
        home = await hall.citizen.sees(Home)
        assert {tile.service for tile in home.tiles if tile.closed} == {"unblock_pin", "reset_pin"}
        await hall.journal.puk_cleared("李工")
        assert not hall.journal.puk_off
        hall.log.tells("puk_failed", why="puk_refused", sw="63C2", transaction=hall.work().id)


@pytest.mark.parametrize("process", ["sync", "devices"])
async def test_a_process_dies_before_anything_is_done(autojump_clock: object, tmp_path: Path, process: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(TypePin, "请再输一次")
        (hall.sync if process == "sync" else hall.devices).stop()
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(Refusal)
        hall.restart_sync()
        hall.devices.start()
        await hall.delivered()
        assert not sent_to_the_chip(hall, SECURE_INS)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]
        ended(hall, why="line" if process == "sync" else "reader")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_terminal_goes_down_around_the_command(autojump_clock: object, tmp_path: Path, when: str) -> None:
    """After the restart the transaction is in doubt; the chip that comes back shows it, if it was done."""
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.die_at(SECURE_INS, when)
        await chooses(hall)
        await hall.died()
        await hall.restart_terminal()
        await hall.delivered()
        (view,) = hall.journal_says()
        assert isinstance(view.state, InDoubt)
        await hall.citizen.sees(Attract)
        await up_to_the_slot(hall, "card_status", BLOCKED)
        hall.hardware.insert(hall.carried)
        await hall.citizen.sees(CardReport)
        state = hall.journal_says()[0].state
        assert isinstance(state, Done if when == "after" else InDoubt)
        assert hall.pin_is(NEW) is (when == "after")
        hall.log.tells("doubt_weighed", times=int(when == "after"), transaction=view.id)


async def test_a_later_reset_makes_the_doubt_moot(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.pull_after_ins = SECURE_INS
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        hall.hardware.pull_after_ins = None
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        await up_to_the_slot(hall, "reset_pin", "normal_v2")
        hall.hardware.insert(hall.carried)
        await types_the_code(hall, "normal_v2")
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(TypePin)
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码已生效")
        stages = {view.state.stage for view in hall.journal_says()}
        assert stages == {"done", "moot"}


async def test_a_pin_swapped_without_its_bindings_is_refused_by_the_hsm(autojump_clock: object, tmp_path: Path) -> None:
    """Whoever sits between seals another PIN to the HSM: it does not open."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.swap_pin = (hall.identity.bundle.pin_key, Pin((1, 1, 2, 2, 3, 3)))
        await chooses(hall)
        await hall.citizen.sees(Refusal)
        assert not sent_to_the_chip(hall, SECURE_INS)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]
        ended(hall, why="line", code="pin_cannot_open")


async def test_another_pin_on_the_chip_than_the_typed_one_is_unmasked(autojump_clock: object, tmp_path: Path) -> None:
    """A taken-over HSM writes a PIN of its own: VERIFY with the typed one says so, and so does the page."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.centre_writes_another_pin((1, 1, 2, 2, 3, 3))
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码没有核对上")
        assert "请不要再试" in hall.citizen.words()
        await hall.delivered()
        work = hall.work().id
        assert hall.outcome_on_record(work) == "done"
        assert hall.told_by_the_centre(work).code == "pin_differs", "the office is told what its own record cannot show"
        assert hall.journal.puk_off, "whoever wrote it must not write the next card"
        hall.log.tells("pin_on_the_card_is_another", transaction=work)


@pytest.mark.parametrize("fails", [Hall.fill_the_disk, Hall.break_the_disk], ids=["full", "broken"])
@pytest.mark.parametrize("moment", ["before_the_intent", "after_the_intent", "after_the_puk"])
async def test_a_disk_that_fails_before_the_command_leaves_the_pin_as_it_was(
    autojump_clock: object, tmp_path: Path, moment: str, fails: Callable[[Hall], None]
) -> None:
    """What is on record of it or not, the chip was told nothing: that is what the person has to know."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        match moment:
            case "before_the_intent":
                fails(hall)
            case "after_the_intent":
                hall.when_the_intent_is_on_disk(lambda: fails(hall))
            case _:
                hall.hardware.at_command(EXTERNAL_AUTH_INS, "after", lambda: fails(hall))
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        assert "密码没有改变" in hall.citizen.words()
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(TakeCards)
        hall.hardware.pull()
        await hall.citizen.sees(OutOfService)
        assert hall.pin_is(_digits(PEOPLE["normal_v2"].card.pin))  # type: ignore[union-attr]


async def test_a_disk_that_fills_after_the_command_is_not_called_nothing_done(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.hardware.at_command(SECURE_INS, "after", hall.fill_the_disk)
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert hall.pin_is(NEW)
        hall.log.tells("journal_failed", transaction=hall.work().id)
        ended(hall, end="NobodyKnows")


@pytest.mark.parametrize("service", ["reset_pin", "unblock_pin"])
async def test_pulled_at_verify_is_written_and_not_checked(
    autojump_clock: object, tmp_path: Path, service: str
) -> None:
    """Nobody may say that the typed PIN is wrong when nobody asked the card."""
    async with opened(tmp_path) as hall:
        if service == "reset_pin":
            await reset_blocked(hall)
        else:
            await up_to_the_remembered_pin(hall)
        hall.hardware.at_command(SECURE_INS, "after", lambda: setattr(hall.hardware, "pull_before_ins", VERIFY_INS))
        if service == "reset_pin":
            await chooses(hall)
            await hall.citizen.sees(Result, "新密码已写入")
        else:
            hall.citizen.presses(TypedPin(Pin(PIN_OF_BLOCKED)))
            await hall.citizen.sees(Result, "已经解锁")
        assert isinstance(hall.journal_says()[0].state, Done)
        assert "密码不对" not in hall.citizen.words()
        ended(hall, check="NotChecked")


async def up_to_the_remembered_pin(hall: Hall) -> None:
    await up_to_the_slot(hall, "unblock_pin", BLOCKED)
    hall.inserts(BLOCKED)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    await types_the_code(hall, BLOCKED)
    await hall.citizen.sees(TypePin)


@pytest.mark.parametrize("sw", ["6988", "6982", "6984", "9302"])
async def test_any_refusal_of_the_puk_trips_the_breaker(autojump_clock: object, tmp_path: Path, sw: str) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.answers_instead = (EXTERNAL_AUTH_INS, bytes.fromhex(sw))
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡没有解开")
        assert hall.journal.puk_off
        hall.log.tells("puk_failed", why="puk_refused", sw=sw)


async def test_locked_for_ever_at_the_puk_leads_to_the_window(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.answers_instead = (EXTERNAL_AUTH_INS, bytes.fromhex("9303"))
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡不能再用")
        ended(hall, why="card", sw="9303")


async def test_a_locked_puk_leads_to_the_window(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.answers_instead = (EXTERNAL_AUTH_INS, bytes.fromhex("6983"))
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡要到窗口")
        hall.log.tells("puk_failed", why="puk_locked", sw="6983")


async def test_a_puk_refused_late_still_trips_the_breaker(autojump_clock: object, tmp_path: Path) -> None:
    """The time is over for this person; the next one's card must not lose a try to the same key."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_authentication = True
        hall.hardware.puk_takes_s = ON_THE_CHIP_S + 0.5
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡没有解开")
        assert hall.journal.puk_off


async def test_a_puk_accepted_too_late_changes_nothing(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.puk_takes_s = ON_THE_CHIP_S + 0.5
        await chooses(hall)
        await hall.citizen.sees(Refusal)
        ended(hall, why="late")
        assert not sent_to_the_chip(hall, SECURE_INS)
        assert not hall.journal.puk_off


async def test_a_card_that_fails_after_the_right_puk_accuses_no_key(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        breaks = ("answers_instead", (GET_CHALLENGE_INS, bytes.fromhex("6F00")))
        hall.hardware.at_command(EXTERNAL_AUTH_INS, "after", lambda: setattr(hall.hardware, *breaks))
        await chooses(hall)
        await hall.citizen.sees(Refusal)
        ended(hall, why="card")
        assert not hall.journal.puk_off


@pytest.mark.parametrize(("who", "tries"), [("one_try_left_v1", 1), ("two_tries_left", 2)])
async def test_the_terminal_never_takes_one_of_the_last_tries(
    autojump_clock: object, tmp_path: Path, who: str, tries: int
) -> None:
    """An unclear answer to the reset: asking with the new PIN would cost a try of the old one."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, who)
        hall.hardware.answers_instead = (SECURE_INS, bytes.fromhex("6F00"))
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert not [apdu for apdu in sent_to_the_chip(hall, VERIFY_INS) if apdu[4]], "only the counter was asked"
        assert hall.tries_left() == tries


@pytest.mark.parametrize(
    ("did_it", "page", "words"), [(True, Result, "已解锁，密码不对"), (False, Refusal, "没有办成")]
)
async def test_a_counter_that_was_at_zero_tells_after_an_unclear_answer(
    autojump_clock: object, tmp_path: Path, did_it: bool, page: type[Result | Refusal], words: str
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_remembered_pin(hall)
        unclear = (SECURE_INS, bytes.fromhex("6F00"))
        if did_it:
            hall.hardware.answers_afterwards = unclear
        else:
            hall.hardware.answers_instead = unclear
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(page, words)
        assert isinstance(hall.journal_says()[0].state, Done if did_it else NotDone)
        await hall.delivered()
        assert hall.outcome_on_record(hall.work().id) == ("done" if did_it else "void")


async def test_pulled_while_the_centre_computes_is_pulled_too_early(autojump_clock: object, tmp_path: Path) -> None:
    """Between two commands: the reader saw the card leave, and nothing was sent."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.meanwhile = ("secure_message", hall.hardware.pull)
        await chooses(hall)
        await hall.citizen.sees(Refusal, "卡拔早了")
        assert not sent_to_the_chip(hall, SECURE_INS)
        await hall.delivered()
        ended(hall, why="card_pulled")
        assert hall.outcome_on_record(hall.work().id) == "void"


async def test_an_unblock_that_was_not_done_can_be_tried_again_today(autojump_clock: object, tmp_path: Path) -> None:
    """The page says "later": the day's unblock must not be gone then."""
    async with opened(tmp_path) as hall:
        await up_to_the_remembered_pin(hall)
        hall.wire.answer_lost_at = "secure_message"
        hall.citizen.presses(TypedPin(Pin(PIN_OF_BLOCKED)))
        await hall.citizen.sees(Refusal, "没有办成")
        hall.wire.answer_lost_at = None
        await hall.delivered()
        hall.hardware.pull()
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        await up_to_the_remembered_pin(hall)
        hall.citizen.presses(TypedPin(Pin(PIN_OF_BLOCKED)))
        await hall.citizen.sees(Result, "已解锁，密码正确")


async def test_a_card_that_locks_itself_for_ever_at_verify(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        locked = ("answers_instead", (VERIFY_INS, bytes.fromhex("9303")))
        hall.hardware.at_command(SECURE_INS, "after", lambda: setattr(hall.hardware, *locked))
        await chooses(hall)
        await hall.citizen.sees(Result, "这张卡不能再用")
        assert isinstance(hall.work().state, Done)
        assert "请用新的社保密码" not in hall.citizen.words()
        assert not hall.journal.puk_off
        ended(hall, check="Wrong")


@pytest.mark.parametrize(
    ("switches", "words"),
    [(("reset_pin", "unblock_pin"), "请办“忘了密码”"), (("unblock_pin",), "请到人工窗口重设")],
    ids=["reset here", "reset at the window"],
)
async def test_page_and_slip_name_the_same_place(
    autojump_clock: object, tmp_path: Path, switches: tuple[str, ...], words: str
) -> None:
    async with switched_on(Hall(tmp_path, site_switches=switches)) as hall:
        await hall.citizen.online()
        await unblock(hall, NEW)
        await hall.citizen.sees(Result, "已解锁，密码不对")
        assert words in hall.citizen.words()
        await trio.testing.wait_all_tasks_blocked()
        assert words in hall.hardware.slips[0].replace("\n", "")


async def test_a_clerk_finds_what_came_to_nothing_by_its_slip(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_message = "00" * 12
        await chooses(hall)
        await hall.citizen.sees(Refusal, "没有办成")
        await trio.testing.wait_all_tasks_blocked()
        view = hall.work()
        assert view.reference in hall.hardware.slips[0]
        assert view.chain_code in hall.hardware.slips[0]


async def test_a_file_from_before_knows_nothing_of_a_key_that_was_refused(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        hall.back_up()
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.forged_authentication = True
        await chooses(hall)
        await hall.citizen.sees(Refusal, "这张卡没有解开")
        await trio.testing.wait_all_tasks_blocked()
        await hall.delivered()
        await hall.restart_from_backup()
        assert hall.journal.puk_off
        await hall.journal.puk_cleared("李工")
        assert not hall.journal.puk_off


async def test_an_unclear_answer_is_settled_by_verify_at_once(autojump_clock: object, tmp_path: Path) -> None:
    """6F00 although the chip did it: the card is still there, and so is the PIN."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.answers_afterwards = (SECURE_INS, bytes.fromhex("6F00"))
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码已生效")
        assert hall.pin_is(NEW)
        hall.log.tells("secure_message_unclear", sw="6F00")
        ended(hall, check="Verified")


@pytest.mark.parametrize(("reader_stays", "words"), [(True, "再办一次“忘了密码”"), (False, "到人工窗口重设")])
async def test_a_doubt_the_counter_cannot_settle_asks_for_another_reset(
    autojump_clock: object, tmp_path: Path, reader_stays: bool, words: str
) -> None:
    """Here, if it can be done here."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.hardware.pull_after_ins = SECURE_INS
        if not reader_stays:
            hall.hardware.id_reader = DeviceAbsent("拔掉了")
            hall.hardware.tell()
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        assert words in hall.citizen.words()


async def test_whoever_comes_back_learns_what_became_of_it(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await reset_blocked(hall)
        hall.hardware.pull_after_ins = SECURE_INS
        await chooses(hall)
        await hall.citizen.sees(Result, "还不知道成没成")
        hall.hardware.pull_after_ins = None
        await comes_back(hall)
        words = hall.citizen.words()
        assert "上次重置" in words
        assert "办成了" in words


async def test_a_pin_swapped_with_every_binding_known_is_unmasked_by_verify(
    autojump_clock: object, tmp_path: Path
) -> None:
    """Nothing proves to the HSM who sealed a PIN: VERIFY with the typed one tells the citizen."""
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        hall.wire.swap_pin = (hall.identity.bundle.pin_key, Pin((1, 1, 2, 2, 3, 3)))
        hall.wire.swap_for_card = PEOPLE["normal_v2"].card.identifier  # type: ignore[union-attr]
        await chooses(hall)
        await hall.citizen.sees(Result, "新密码没有核对上")
        hall.log.tells("pin_on_the_card_is_another", transaction=hall.work().id)
