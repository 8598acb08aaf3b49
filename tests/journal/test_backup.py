"""A copy made beside the running terminal, and put back: nothing counts twice, nothing that waited is lost."""

from __future__ import annotations

import os
import sqlite3

import pytest

from kiosk.clock import TrustedClock
from kiosk.contract import Kind
from kiosk.journal import Note, backup, reading
from kiosk.journal.backup import NotWhole, Restored
from kiosk.journal.checking import ChainBroken
from tests.journal.centre import item_of
from tests.journal.half_year import (
    a_day_later,
    a_loss,
    after_half_a_year,
    begun,
    prune_all,
    pruned_office,
    whole,
)
from tests.journal.office import Office, chip_draft, loss, person


def copied(office: Office):
    copy = office.folder / "copy.db"
    backup.back_up(office.path, copy)
    return copy


def put_back(office: Office, copy):
    return backup.restore(copy, office.path, office.identity, TrustedClock(office.hand, has_rtc=True))


def moved_aside(office: Office) -> None:
    aside = office.folder / "aside"
    aside.mkdir()
    for path in office.folder.glob("journal.db*"):
        path.rename(aside / path.name)


async def test_what_waited_is_sent_and_nothing_counts_twice(office: Office) -> None:
    journal = await office.open()
    sent = await journal.submit(loss(person(1)))
    await office.deliver(journal)
    waiting = await journal.submit(loss(person(2)))
    copy = copied(office)
    await office.deliver(journal)
    lost = await journal.submit(loss(person(3)))
    await office.deliver(journal)
    old = journal.head
    await journal.close()
    moved_aside(office)
    restored = put_back(office, copy)
    assert isinstance(restored, Restored)
    assert restored.journal_id != old.journal_id
    assert whole(office) == ()
    journal = await office.open()
    assert journal.head.journal_id == restored.journal_id, "one new beginning is enough"
    await journal.submit(loss(person(4)))
    await office.deliver(journal)
    assert (await journal.view(waiting.id)).state.stage == "done"
    assert sorted(office.centre.executed) == sorted({*office.centre.executed})
    assert {sent.id, waiting.id, lost.id} < {*office.centre.executed}
    assert (await journal.counts()).queue_depth == 0
    with sqlite3.connect(office.path) as file:
        (first,) = file.execute("SELECT content FROM record WHERE journal = 1 AND record_seq = 0").fetchone()
    assert old.hash.hex() in first.decode()
    assert whole(office) == ()
    await journal.close()


async def test_a_copy_begins_anew_even_where_nothing_is_known_to_be_lost(office: Office) -> None:
    """The head beside the keys may lag behind: it stands in the copy, and what came later was acknowledged."""
    journal = await office.open()
    copy = copied(office)
    head = journal.head
    await journal.close()
    moved_aside(office)
    restored = put_back(office, copy)
    assert isinstance(restored, Restored)
    assert restored.journal_id != head.journal_id


async def test_what_was_acting_in_the_copy_is_in_doubt(office: Office) -> None:
    journal = await office.open()
    reset = await journal.submit(chip_draft(Kind.RELOAD_PIN, 1))
    await office.deliver(journal)
    await journal.puk(reset.id)
    await journal.act(reset.id, 0)
    copy = copied(office)
    await journal.close()
    moved_aside(office)
    put_back(office, copy)
    journal = await office.open()
    assert (await journal.view(reset.id)).state.stage == "in_doubt"
    assert journal.puk_off, "a key may have been refused since"
    await journal.close()


async def test_a_copy_is_whole_while_the_terminal_writes(office: Office) -> None:
    journal = await office.open()
    for number in range(5):
        await journal.submit(loss(person(number)))
        copy = office.folder / f"copy-{number}.db"
        backup.back_up(office.path, copy)
        assert reading.verify(copy, head_file=office.head_file).findings == ()
        assert copy.stat().st_mode & 0o777 == 0o600
    assert not list(office.folder.glob("*.part*"))
    await journal.close()


async def test_what_is_sealed_stays_sealed(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    seen = copied(office).read_bytes()
    assert item_of(item)["sealed"]["ct"].encode() in seen
    assert person(1).number.encode() not in seen
    assert person(1).name.encode() not in seen
    await journal.close()


async def test_a_journal_that_stands_there_is_not_written_over(office: Office) -> None:
    journal = await office.open()
    copy = copied(office)
    newer = await journal.submit(loss(person(1)))
    await journal.close()
    with pytest.raises(FileExistsError):
        put_back(office, copy)
    journal = await office.open()
    assert (await journal.view(newer.id)).id == newer.id
    await journal.close()


async def test_a_copy_is_not_written_over_either(office: Office) -> None:
    await (await office.open()).close()
    copied(office)
    with pytest.raises(FileExistsError):
        copied(office)


async def test_a_copy_that_is_not_whole_is_not_put_back(office: Office) -> None:
    journal = await office.open()
    await journal.note(Note(event="paper_low"))
    copy = copied(office)
    await journal.close()
    moved_aside(office)
    with sqlite3.connect(copy) as file:
        file.execute("DROP TRIGGER record_no_update")
        file.execute("UPDATE record SET content = CAST(replace(content, 'paper_low', 'paper_bad') AS BLOB)")
    refused = put_back(office, copy)
    assert isinstance(refused, NotWhole)
    assert {type(finding) for finding in refused.findings} == {ChainBroken}
    assert not office.path.exists()
    assert not list(office.folder.glob("*.part*"))


async def test_a_pruned_journal_is_copied_and_put_back(office: Office) -> None:
    await pruned_office(office)
    copy = copied(office)
    moved_aside(office)
    assert isinstance(put_back(office, copy), Restored)
    journal = await begun(office)
    await journal.puk_cleared("测试员")
    await a_loss(office, journal, 5)
    a_day_later(office, journal)
    await after_half_a_year(office, journal)
    assert await prune_all(journal) > 0
    assert whole(office) == ()
    await journal.close()


async def test_a_file_of_the_last_format_is_copied_before_it_is_changed(office: Office) -> None:
    """The program was updated, and the terminal not started yet."""
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await journal.close()
    with sqlite3.connect(office.path) as file:
        file.executescript("DROP TABLE checkpoint; PRAGMA user_version = 2;")
    assert reading.verify(copied(office)).findings == ()


async def test_a_copy_that_was_cut_off_leaves_no_trace(office: Office) -> None:
    journal = await office.open()
    (office.folder / "copy.db.part").write_bytes(os.urandom(5000))
    assert reading.verify(copied(office)).findings == ()
    await journal.close()
