"""重印件: paper out, a stuck cutter, or silence, and somebody sees to it while the page is still there."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import trio

from drivers.virtual.printer import Printer, Voice
from kiosk.handing_over import COPIES
from kiosk.journal.records import Record, SlipEnded, SlipStarted
from kiosk.prompts import Agreed, Attract, Confirm, Paper, Result, TakeCards
from kiosk.prompts import Done as DonePressed
from screens.choices import choices
from tests.stories.hall import PEOPLE, Hall, opened
from tests.stories.steps import up_to_the_id_card

WHO = "normal_v2"


async def loses_a_card(hall: Hall) -> None:
    await up_to_the_id_card(hall, "report_loss")
    hall.lays(WHO)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())


async def is_told(hall: Hall, paper: Paper, *, again: bool) -> Result:
    """The result, once it says so of the paper."""
    with trio.fail_after(3600):
        while not (isinstance(page := hall.citizen.eyes.page, Result) and (page.paper, page.again) == (paper, again)):
            await hall.citizen.eyes.new.wait()
    return page


def printer_gets(hall: Hall, *hands: Callable[[Printer], object]) -> None:
    for hand in hands:
        hand(hall.hardware.printer)
    hall.hardware.tell()


def on_record(hall: Hall) -> tuple[list[SlipStarted], list[SlipEnded]]:
    """What the journal's file has of slips."""
    with contextlib.closing(sqlite3.connect(hall.journal_file)) as beside:
        rows = beside.execute("SELECT content FROM record ORDER BY record_seq").fetchall()
    bodies = [msgspec.json.decode(content, type=Record).body for (content,) in rows]
    started = [body for body in bodies if isinstance(body, SlipStarted)]
    return started, [body for body in bodies if isinstance(body, SlipEnded)]


async def test_out_of_paper_and_a_new_roll(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer_gets(hall, Printer.take_paper_out)
        await loses_a_card(hall)
        page = await is_told(hall, Paper.NOT_PRINTED, again=False)
        await trio.sleep(10)
        assert not (await hall.citizen.sees(Result)).again, "there is no paper yet"
        printer_gets(hall, Printer.load_paper)
        await is_told(hall, Paper.NOT_PRINTED, again=True)
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.PRINTED, again=False)
        (copy,) = hall.hardware.slips
        assert copy.strip().startswith("重印件")
        assert page.reference in copy
        (first, second), (failed, done) = on_record(hall)
        assert (first.copy_of, second.copy_of) == (None, first.slip)
        assert (failed.slip, done.slip) == (first.slip, second.slip)
        assert hall.losses_on_record() == 1, "it is the paper that comes twice"
        hall.citizen.presses(DonePressed())
        assert (await hall.citizen.sees(TakeCards)).slip


async def test_the_paper_ends_in_the_middle_of_a_slip(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer = hall.hardware.printer
        printer.after_lines(8, printer.take_paper_out)
        await loses_a_card(hall)
        page = await is_told(hall, Paper.NOT_PRINTED, again=False)
        assert page.reference not in hall.hardware.printer.hanging.text
        printer_gets(hall, Printer.load_paper)
        await is_told(hall, Paper.NOT_PRINTED, again=True)
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.PRINTED, again=False)
        (copy,) = hall.hardware.slips
        assert copy.count(page.reference) == 2, "once in words, once in the code: nothing of the first came along"


async def test_a_silent_printer_may_have_printed_it(autojump_clock: object, tmp_path: Path) -> None:
    """Nobody knows whether there is a slip; whoever sees none asks for one, and both say what they are."""
    async with opened(tmp_path) as hall:
        printer_gets(hall, lambda printer: printer.speak(Voice.MUTE))
        await loses_a_card(hall)
        await is_told(hall, Paper.UNKNOWN, again=True)
        printer_gets(hall, lambda printer: printer.speak(Voice.NORMAL))
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.PRINTED, again=False)
        first, copy = hall.hardware.slips
        assert "重印件" not in first
        assert "重印件" in copy


async def test_the_cutter_sticks_and_is_freed(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer_gets(hall, Printer.jam_cutter)
        await loses_a_card(hall)
        await is_told(hall, Paper.UNKNOWN, again=False)
        printer_gets(hall, Printer.free_cutter)
        await is_told(hall, Paper.UNKNOWN, again=True)
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.PRINTED, again=False)


async def test_it_fails_twice(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer = hall.hardware.printer
        printer_gets(hall, Printer.take_paper_out)
        await loses_a_card(hall)
        for _ in range(2):
            await is_told(hall, Paper.NOT_PRINTED, again=False)
            printer_gets(hall, Printer.load_paper)
            await is_told(hall, Paper.NOT_PRINTED, again=True)
            printer.after_lines(3, printer.take_paper_out)
            hall.citizen.presses(Agreed())
        await is_told(hall, Paper.NOT_PRINTED, again=False)
        (first, *copies), _ = on_record(hall)
        assert [copy.copy_of for copy in copies] == [first.slip, first.slip]


async def test_a_printer_that_never_answers_is_not_asked_for_ever(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer_gets(hall, lambda printer: printer.speak(Voice.DEAD))
        await loses_a_card(hall)
        for _ in range(COPIES):
            await is_told(hall, Paper.UNKNOWN, again=True)
            hall.citizen.presses(Agreed())
            await is_told(hall, Paper.UNKNOWN, again=False)
        await trio.sleep(10)
        assert not (await hall.citizen.sees(Result)).again
        started, _ = on_record(hall)
        assert len(started) == 1 + COPIES


async def test_a_form_that_came_is_not_printed_again_with_its_list(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer = hall.hardware.printer
        await up_to_the_id_card(hall, "formal_loss")
        hall.lays(WHO)
        await hall.citizen.sees(Confirm)
        of_form = 27
        printer.after_lines(of_form, printer.take_paper_out)
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.NOT_PRINTED, again=False)
        printer_gets(hall, Printer.load_paper)
        await is_told(hall, Paper.NOT_PRINTED, again=True)
        hall.citizen.presses(Agreed())
        await is_told(hall, Paper.PRINTED, again=False)
        form, checklist = hall.hardware.slips
        assert PEOPLE[WHO].number in form
        assert "重印件" not in form
        assert "重印件" in checklist
        assert PEOPLE[WHO].number not in checklist


async def test_who_does_not_want_it_goes(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        printer_gets(hall, Printer.take_paper_out)
        await loses_a_card(hall)
        before = choices(await is_told(hall, Paper.NOT_PRINTED, again=False))
        printer_gets(hall, Printer.load_paper)
        after = choices(await is_told(hall, Paper.NOT_PRINTED, again=True))
        assert after[: len(before)] == before, "no figure of the keypad changes its meaning under the finger"
        hall.citizen.presses(DonePressed())
        await hall.citizen.sees(Attract)
        assert not hall.hardware.slips


@pytest.mark.parametrize("fails", [Hall.fill_the_disk, Hall.break_the_disk], ids=["full", "broken"])
async def test_without_a_journal_nothing_is_printed_again(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Hall], None]
) -> None:
    async with opened(tmp_path) as hall:
        hall.when_a_verdict_is_on_disk(lambda: fails(hall))
        await loses_a_card(hall)
        await is_told(hall, Paper.NOT_PRINTED, again=False)
        await trio.sleep(10)
        assert not (await hall.citizen.sees(Result)).again
