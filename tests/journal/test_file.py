"""The file on the disk: what can be done to it, what cannot, and what it gives away."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
import trio
import trio.testing

from kiosk.contract import Kind
from kiosk.devices import Printed
from kiosk.journal import (
    JournalBroken,
    JournalFull,
    JournalTooNew,
    Note,
    SlipIntent,
    ThreadRunner,
    reading,
)
from kiosk.journal.records import Record, SlipEnded
from kiosk.journal.transaction import Done, InDoubt, Registered, Unsigned
from tests.journal.centre import item_of
from tests.journal.office import Office, loss, person


async def test_a_terminal_works_on_its_own_thread(office: Office) -> None:
    runner = ThreadRunner()
    journal = await office.open(runner)
    drafted = await journal.submit(loss(person(1)))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(office.deliver, journal)
        told = await journal.settled(drafted.id)
    assert isinstance(told.state, Done)
    await journal.close()


async def test_a_step_that_was_begun_is_finished_when_the_visit_is_cancelled(office: Office) -> None:
    journal = await office.open(ThreadRunner())
    with trio.CancelScope() as visit:
        visit.deadline = trio.current_time() + 60
        await journal.submit(loss(person(1)))
        visit.cancel()
        await journal.submit(loss(person(2)))
    assert visit.cancelled_caught
    assert (await journal.counts()).queue_depth == 1
    await journal.close()


# --- append-only --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET content = x'00'",
        "UPDATE record SET commitment = x'00' WHERE record_seq = 1",
        "DELETE FROM record",
        "DELETE FROM record WHERE record_seq = 3",
        "INSERT OR REPLACE INTO record SELECT * FROM record WHERE record_seq = 1",
        "UPDATE journal SET journal_id = 'x'",
        "DELETE FROM journal",
        "DELETE FROM item",
        "UPDATE item SET seq = 7",
        "UPDATE item SET sha256 = 'x'",
        "DELETE FROM transactions",
        "DELETE FROM sealed",
        "DELETE FROM outgoing",
        "UPDATE sealed SET salt = x'00'",
        "UPDATE outgoing SET signed = x'00'",
    ],
)
async def test_the_file_itself_refuses_to_forget(office: Office, statement: str) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await journal.close()
    with sqlite3.connect(office.path) as file, pytest.raises(sqlite3.IntegrityError):
        file.execute(statement)
    assert reading.verify(office.path).findings == ()


# --- what it gives away --------------------------------------------------------------------------


def _bytes_on_disk(office: Office) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(office.folder.iterdir()))


async def test_nothing_personal_is_ever_readable(office: Office) -> None:
    journal, who = await office.open(), person(1)
    await journal.submit(loss(who))
    seen = _bytes_on_disk(office)
    for secret in (who.number, who.name, who.number[:-4], who.number[6:14]):
        assert secret.encode() not in seen
    await journal.close()


async def test_what_was_sealed_is_gone_once_the_centre_has_it(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    sealed = item_of(item)["sealed"]["ct"].encode()
    signed = item.signed.item.encode()
    assert sealed in _bytes_on_disk(office)
    await journal.answer((item.id,), (office.centre.receive(item),))
    seen = _bytes_on_disk(office)
    assert sealed not in seen
    assert signed[:60] not in seen
    assert sealed[:40] not in seen
    await journal.close()


# --- bad disks ---------------------------------------------------------------------------------


async def test_a_full_disk_leaves_nothing_half_written(office: Office) -> None:
    journal = await office.open()
    await journal.note(Note(event="paper_low"))
    _limit_pages(journal, extra=3)
    before = journal.head
    with pytest.raises(JournalFull):
        await journal.submit(loss(person(1)))
    assert journal.head == before
    assert (await journal.counts()).queue_depth == 0
    assert reading.verify(office.path, head_file=office.head_file).findings == ()
    _limit_pages(journal, extra=1000)
    await journal.submit(loss(person(1)))
    assert (await journal.counts()).queue_depth == 1
    await journal.close()


def _limit_pages(journal, extra: int) -> None:
    database = journal._works.store.database
    database.pragma("max_page_count", database.pragma("page_count") + extra)


async def test_a_damaged_file_is_not_worked_with(office: Office) -> None:
    journal = await office.open()
    for _ in range(20):
        await journal.note(Note(event="paper_low"))
    await journal.close()
    data = bytearray(office.path.read_bytes())
    where = data.index(b"paper_low")
    data[where : where + 5] = b"chair"
    office.path.write_bytes(data)
    with pytest.raises(JournalBroken):
        await office.open()


async def test_a_file_that_is_no_database_is_not_worked_with(office: Office) -> None:
    office.path.write_bytes(b"no journal at all" * 500)
    with pytest.raises(JournalBroken):
        await office.open()


async def test_a_newer_file_is_left_alone(office: Office) -> None:
    await (await office.open()).close()
    with sqlite3.connect(office.path) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalTooNew, match="99"):
        await office.open()


# --- starts --------------------------------------------------------------------------------------


async def test_after_a_crash_everything_has_a_name(office: Office) -> None:
    journal = await office.open()
    handed = await journal.submit(loss(person(1)))
    await journal.take(1)
    waiting = await journal.submit(loss(person(2)))
    never = await journal.submit(loss(person(3), Kind.FORMAL_LOSS))
    await journal.printing(SlipIntent(name="loss", transaction=handed.id))
    journal = await _crash_and_start(office)
    assert (await journal.view(handed.id)).state == Registered(handed=True)
    assert (await journal.view(waiting.id)).state == Registered(handed=False)
    assert isinstance((await journal.view(never.id)).state, InDoubt)
    assert "unknown" in _last(office, SlipEnded)
    assert (await journal.counts()).doubts == 1
    assert [view.id for view in reading.doubts(office.path)] == [never.id]
    await journal.close()


async def test_a_slip_that_came_out_is_not_made_unknown(office: Office) -> None:
    journal = await office.open()
    slip = await journal.printing(SlipIntent(name="loss"))
    await journal.printed(slip, Printed())
    await (await _crash_and_start(office)).close()
    assert "printed" in _last(office, SlipEnded)


async def _crash_and_start(office: Office):
    place = office.folder / "after"
    place.mkdir()
    for path in office.folder.glob("*.*"):
        shutil.copy(path, place)
    office.folder = place
    return await office.open()


def _last(office: Office, body: type) -> str:
    with sqlite3.connect(office.path) as file:
        contents = [row[0].decode() for row in file.execute("SELECT content FROM record ORDER BY record_seq")]
    tag = body.__struct_config__.tag
    return next(content for content in reversed(contents) if f'"what":"{tag}"' in content)


async def test_a_restored_file_goes_on_under_a_new_journal_id(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await journal.close()
    old_copy = office.path.read_bytes()
    journal = await office.open()
    lost = await journal.submit(loss(person(2)))
    old = journal.head
    await journal.close()
    office.path.write_bytes(old_copy)
    journal = await office.open()
    assert journal.head.journal_id != old.journal_id
    with pytest.raises(KeyError):
        await journal.view(lost.id)
    (opened,) = [_record(row) for row in _contents(office) if row[0] == 1 and row[1] == 0]
    assert opened.body.old.head == old.hash.hex()
    assert opened.body.old.record_seq == old.record_seq
    await office.deliver(journal)
    assert (await journal.counts()).queue_depth == 0
    await journal.close()


async def test_a_journal_that_was_taken_away_is_named_by_its_successor(office: Office) -> None:
    journal = await office.open()
    old = journal.head
    await journal.close()
    office.path.unlink()
    journal = await office.open()
    first = _record(_contents(office)[0])
    assert (first.body.old.journal_id, first.body.old.head) == (old.journal_id, old.hash.hex())
    await journal.close()


async def test_an_ordinary_start_goes_on_with_the_same_journal(office: Office) -> None:
    journal = await office.open()
    first = journal.head
    await journal.close()
    journal = await office.open()
    assert (journal.head.journal_id, journal.head.record_seq) == (first.journal_id, first.record_seq + 1)
    boots = {_record(row).boot for row in _contents(office)}
    assert len(boots) == 2
    await journal.close()


def _contents(office: Office) -> list[tuple[int, int, bytes]]:
    with sqlite3.connect(office.path) as file:
        return file.execute("SELECT journal, record_seq, content FROM record ORDER BY 1, 2").fetchall()


def _record(row: tuple[int, int, bytes]) -> Record:
    import msgspec  # noqa: PLC0415

    return msgspec.json.decode(row[2], type=Record)


async def test_time_is_not_believed_before_the_last_record(office: Office) -> None:
    office.hand.seconds = 1000
    await (await office.open()).close()
    office.hand.seconds = 0
    await (await office.open()).close()
    assert [_record(row).confidence for row in _contents(office)] == ["rtc", "rtc", "unknown"]


# --- read beside a running terminal --------------------------------------------------------------


async def test_the_journal_is_read_while_the_terminal_writes(office: Office) -> None:
    journal = await office.open()
    first = await journal.submit(loss(person(1)))
    office.hand.seconds += 1
    second = await journal.submit(loss(person(2)))
    assert [view.id for view in reading.newest(office.path, 5)] == [second.id, first.id]
    verified = reading.verify(office.path, head_file=office.head_file)
    assert (verified.records, verified.findings) == (journal.head.record_seq + 1, ())
    assert reading.newest(office.path, 5)[0].delivery != Unsigned()
    await journal.close()


def test_a_journal_that_is_not_there_is_said_so(office: Office) -> None:
    with pytest.raises(JournalBroken):
        reading.verify(office.path)
