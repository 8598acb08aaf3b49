"""Every story ends with a search of its traffic, its disk and its log: here somebody blabs, and is found out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kiosk.journal import Note
from tests.stories.hall import PEOPLE, Hall, card_of, opened, stands_in
from tests.stories.test_report_loss import up_to_the_confirmation

WHO = "normal_v2"


async def on_the_disk(hall: Hall) -> None:
    await hall.journal.note(Note(event="seen", details={"name": PEOPLE[WHO].name}))


async def on_the_line(hall: Hall) -> None:
    hall.wire.tape += b'{"card_number":"' + card_of(PEOPLE[WHO]).encode() + b'"}'


async def in_a_file_beside(hall: Hall) -> None:
    (hall.journal_file.parent / "notes").write_text(PEOPLE[WHO].number)


@pytest.mark.parametrize("blabs", [on_the_disk, on_the_line, in_a_file_beside])
async def test_whoever_blabs_is_found_out(
    autojump_clock: object, tmp_path: Path, blabs: Callable[[Hall], Awaitable[None]]
) -> None:
    with pytest.raises(AssertionError, match="the first begins with"):
        async with opened(tmp_path) as hall:
            await up_to_the_confirmation(hall, WHO)
            hall.keeps_to_itself()
            await blabs(hall)


def test_six_digits_count_where_they_stand_alone() -> None:
    assert stands_in("394857", b'{"pin":"394857"}')
    assert stands_in("394857", b"pin=394857")
    assert not stands_in("394857", b'"at":"2026-11-22T09:30:00.394857+08:00"')
    assert not stands_in("394857", b'"head":"00394857ab"')
