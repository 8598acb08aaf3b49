"""Nobody is here: the first page goes dark after a while, and the touch that wakes it begins nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk.counter import DIM_AFTER_S
from kiosk.journal import Report, reading
from kiosk.policy import HALF_YEAR_DAYS
from kiosk.prompts import Attract, Home, Touched
from tests.stories.hall import Hall, opened


async def seconds_until_dark(hall: Hall) -> float:
    begun = trio.current_time()
    with trio.fail_after(3600):
        while hall.eyes.page != Attract(dim=True):
            await hall.eyes.new.wait()
    return trio.current_time() - begun


async def test_the_touch_that_wakes_it_begins_no_visit(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await seconds_until_dark(hall)
        hall.citizen.presses(Touched())
        await trio.testing.wait_all_tasks_blocked()
        assert hall.eyes.page == Attract()
        assert not any(isinstance(page, Home) for page in hall.eyes.seen)
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)


async def test_it_goes_dark_again_and_again(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await seconds_until_dark(hall)
        for _ in range(3):
            hall.citizen.presses(Touched())
            await trio.testing.wait_all_tasks_blocked()
            assert await seconds_until_dark(hall) == pytest.approx(DIM_AFTER_S, abs=1)


async def test_whoever_chooses_a_language_first_is_not_left_in_the_dark(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await seconds_until_dark(hall)
        hall.citizen.presses(Touched())
        await trio.sleep(DIM_AFTER_S - 10)
        hall.citizen.prefers(language="en", look="large")
        hall.citizen.moves()
        assert await seconds_until_dark(hall) == pytest.approx(DIM_AFTER_S, abs=1)


async def test_what_somebody_chose_and_went_away_is_not_the_next_ones(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.citizen.prefers(language="en", look="large", low=True)
        await seconds_until_dark(hall)
        hall.citizen.presses(Touched())
        assert hall.citizen.manner.language == "zh_CN"
        assert (hall.citizen.manner.look, hall.citizen.manner.low) == ("standard", False)


async def test_old_records_go_while_nobody_is_there(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await trio.sleep(60)
        await hall.journal.note(Report(event="paper_replaced"))
        await trio.sleep(60)
        hall.centre.clock.wrong_by += dt.timedelta(days=HALF_YEAR_DAYS + 1)
        await trio.sleep(60)
        await hall.journal.note(Report(event="paper_replaced"))
        await trio.sleep(60)
        await seconds_until_dark(hall)
        await trio.testing.wait_all_tasks_blocked()
        hall.log.tells("journal_pruned")
        assert not reading.verify(hall.journal_file).findings
