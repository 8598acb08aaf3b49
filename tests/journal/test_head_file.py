"""The head that is remembered beside the journal: a replaced journal is found out, and so is a missing witness."""

from __future__ import annotations

from pathlib import Path

from kiosk.journal import reading
from kiosk.journal.checking import HeadMissing
from tests.stories.hall import opened


async def test_a_missing_head_beside_a_journal_is_a_finding(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        head = tmp_path / "terminal" / "head.json"
        assert not reading.verify(hall.journal_file, head_file=head).findings
        head.unlink()
        assert reading.verify(hall.journal_file, head_file=head).findings == (HeadMissing(),)


async def test_a_head_that_cannot_be_read_is_none(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        head = tmp_path / "somewhere"
        head.mkdir()
        assert reading.verify(hall.journal_file, head_file=head).findings == (HeadMissing(),)
