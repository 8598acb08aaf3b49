"""Nobody at the terminal knows what became of a reset, and the chip cannot say: the centre's record ends it, or not.

Chip, centre and journal are asked apart from each other, and must agree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk.contract import Kind, VerdictOutcome
from kiosk.journal import View
from kiosk.journal.transaction import Stage, Why
from kiosk.line import RECORD_WAIT_S
from kiosk.prompts import (
    CardReport,
    Done,
    TakeCards,
)
from kiosk.seal import SigningKey
from sync.inquiry import ROUND_S, SPREAD
from tests.stories.hall import PEOPLE, Hall, Weather, opened
from tests.stories.steps import up_to_the_slot
from tests.stories.walk import Walk, blocked

WHO = "normal_v2"
NEW = (3, 9, 4, 8, 5, 7)
SECURE_INS = 0x24
A_ROUND_S = ROUND_S * (1 + SPREAD) + 10


async def reset_in_doubt(hall: Hall, *, done: bool) -> View:
    """The card was pulled at the command.  Its PIN was not blocked, so that its counter says nothing later."""
    hall.carries(PEOPLE[WHO])
    hall.hardware.pull_after_ins = SECURE_INS if done else None
    hall.hardware.pull_before_ins = None if done else SECURE_INS
    walk = Walk(hall, "reset_pin", WHO, NEW)
    await walk.to_the_end()
    hall.hardware.pull_after_ins = hall.hardware.pull_before_ins = None
    assert walk.last_words == "还不知道成没成"
    await hall.delivered()
    return only(hall, Stage.IN_DOUBT)


def only(hall: Hall, stage: Stage) -> View:
    (view,) = [view for view in hall.journal_says() if view.kind is not Kind.AUDIT]
    assert view.state.stage is stage
    return view


async def asks_for_the_status(hall: Hall) -> str:
    """What the page says."""
    await up_to_the_slot(hall, "card_status", WHO)
    hall.hardware.insert(hall.carried)
    await hall.citizen.sees(CardReport)
    return hall.citizen.words()


# --- the office decides -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "done", "stage"),
    [
        (VerdictOutcome.DONE, True, Stage.DONE),
        (VerdictOutcome.VOID, False, Stage.VOID),
        (VerdictOutcome.REFUSED, False, Stage.REFUSED),
        (VerdictOutcome.AUTHORISED, True, Stage.IN_DOUBT),
        (VerdictOutcome.ISSUED, False, Stage.IN_DOUBT),
    ],
)
@pytest.mark.parametrize("who_asks", ["the terminal", "the citizen"])
async def test_what_the_office_decided_reaches_the_terminal(
    autojump_clock: object, tmp_path: Path, word: VerdictOutcome, done: bool, stage: Stage, who_asks: str
) -> None:
    async with opened(tmp_path) as hall:
        doubt = await reset_in_doubt(hall, done=done)
        hall.office_decides(doubt.id, word)
        if who_asks == "the terminal":
            await trio.sleep(A_ROUND_S)
            only(hall, stage)
        words = await asks_for_the_status(hall)
        only(hall, stage)
        await hall.delivered()
        assert hall.outcome_on_record(doubt.id) == word, "the centre is not told its own word"
        assert hall.pin_is(NEW) is done
        if stage is Stage.IN_DOUBT:
            assert "还不清楚" in words
        elif who_asks == "the citizen":
            assert ("没有办成" in words) is not done
            assert ("办成了" in words) is done


async def test_a_doubt_is_sent_to_the_window_where_no_reset_is_offered(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await reset_in_doubt(hall, done=True)
        for puk_off, told in ((False, "还不清楚，请再重置"), (True, "还不清楚，请到窗口")):
            hall.journal.puk_off = puk_off
            assert told in await asks_for_the_status(hall)
            hall.citizen.presses(Done())
            await hall.citizen.sees(TakeCards)
            hall.hardware.lift()
            hall.hardware.pull()


async def test_a_doubt_that_nobody_decides_does_not_fill_the_journal(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await reset_in_doubt(hall, done=True)
        before = hall.journal.head
        await trio.sleep(3 * A_ROUND_S)
        assert hall.journal.head == before


async def test_while_the_line_is_down_it_stays_in_doubt(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        doubt = await reset_in_doubt(hall, done=True)
        hall.office_decides(doubt.id, VerdictOutcome.DONE)
        hall.wire.weather = Weather.CUT
        await trio.sleep(A_ROUND_S)
        only(hall, Stage.IN_DOUBT)
        hall.wire.weather = Weather.FINE
        await trio.sleep(A_ROUND_S)
        only(hall, Stage.DONE)


async def test_a_strangers_word_settles_nothing_and_is_one_alarm(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        doubt = await reset_in_doubt(hall, done=False)
        hall.office_decides(doubt.id, VerdictOutcome.DONE, SigningKey.generate())
        await trio.sleep(A_ROUND_S)
        alarm = hall.journal.head
        await trio.sleep(2 * A_ROUND_S)
        assert hall.journal.head == alarm
        assert (await hall.journal.counts()).rejected == 1
        assert "还不清楚" in await asks_for_the_status(hall)
        only(hall, Stage.IN_DOUBT)


async def test_whoever_comes_back_waits_for_the_record_no_longer_than_it_may_take(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        doubt = await reset_in_doubt(hall, done=True)
        hall.office_decides(doubt.id, VerdictOutcome.DONE)
        hall.wire.records_fail = True
        await up_to_the_slot(hall, "card_status", WHO)
        began = trio.current_time()
        hall.hardware.insert(hall.carried)
        await hall.citizen.sees(CardReport)
        assert RECORD_WAIT_S <= trio.current_time() - began < RECORD_WAIT_S + 1
        assert "还不清楚" in hall.citizen.words()


# --- a journal file from a backup ------------------------------------------------------------------------


@pytest.mark.parametrize("put_back", [Hall.restart_from_backup, Hall.restart_from_copy_put_back])
@pytest.mark.parametrize("done", [True, False])
async def test_a_restored_file_learns_what_the_lost_one_had_told_the_centre(
    autojump_clock: object, tmp_path: Path, done: bool, put_back: Callable[[Hall], Awaitable[None]]
) -> None:
    """Backed up while the command was on its way: the restored file can believe neither itself nor a counter."""
    async with opened(tmp_path) as hall:
        hall.carries(blocked(WHO))
        if not done:
            hall.wire.forged_message = "00" * 12
        hall.hardware.at_command(SECURE_INS, "after", hall.back_up)
        await Walk(hall, "reset_pin", WHO, NEW).to_the_end()
        await hall.delivered()
        only(hall, Stage.DONE if done else Stage.NOT_DONE)
        await put_back(hall)
        doubt = only(hall, Stage.IN_DOUBT)
        assert doubt.state.why is Why.RESTORED
        await hall.delivered()
        words = await asks_for_the_status(hall)
        assert ("办成了" in words, "没有办成" in words) == (done, not done)
        only(hall, Stage.DONE if done else Stage.VOID)
        assert hall.outcome_on_record(doubt.id) == ("done" if done else "void")
        assert hall.pin_is(NEW) is done
        await hall.delivered()


@pytest.mark.parametrize("put_back", [Hall.restart_from_backup, Hall.restart_from_copy_put_back])
async def test_a_restored_intent_is_ended_by_its_new_void(
    autojump_clock: object, tmp_path: Path, put_back: Callable[[Hall], Awaitable[None]]
) -> None:
    """The backup is older than the verdict; the centre answers the void with what had been done."""
    async with opened(tmp_path) as hall:
        hall.carries(PEOPLE[WHO])
        hall.when_the_intent_is_on_disk(hall.back_up)
        await Walk(hall, "reset_pin", WHO, NEW).to_the_end()
        await hall.delivered()
        await put_back(hall)
        await hall.delivered()
        view = only(hall, Stage.DONE)
        assert hall.outcome_on_record(view.id) == "done"
        assert hall.pin_is(NEW)
        assert (await hall.journal.counts()).rejected == 0
