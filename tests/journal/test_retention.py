"""What rests on the terminal, and for how long: old records go when everything in them is over."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3

import msgspec
import pytest

from kiosk.contract import Kind
from kiosk.devices import Printed
from kiosk.journal import DidNotHappen, GivenUp, Journal, Note, SlipIntent, Unknown, reading
from kiosk.journal.checking import ChainBroken, CheckpointWrong
from kiosk.journal.retention import SHORTEST
from kiosk.journal.transaction import Untouched, Why
from kiosk.policy import Limits
from kiosk.seal import VerifyKey
from tests.journal.centre import item_of
from tests.journal.half_year import (
    a_day_later,
    a_loss,
    after_half_a_year,
    begun,
    prune_all,
    pruned_office,
    verified,
    whole,
)
from tests.journal.office import Office, card, change_pin, chip_draft, loss, person


async def test_what_is_over_goes_after_half_a_year_and_not_before(office: Office) -> None:
    journal = await begun(office)
    old = await a_loss(office, journal, 1)
    a_day_later(office, journal, SHORTEST.days - 1)
    await a_loss(office, journal, 2)
    assert await prune_all(journal) == 0
    a_day_later(office, journal, 2)
    assert await prune_all(journal) > 5
    with pytest.raises(KeyError):
        await journal.view(old)
    assert [view.kind for view in reading.newest(office.path, 9)] == [Kind.TEMPORARY_LOSS]
    assert whole(office) == ()
    assert await prune_all(journal) == 0
    await journal.close()
    journal = await begun(office)
    new = await journal.submit(loss(person(3)))
    await office.deliver(journal)
    assert len(office.centre.seqs) == 3, "no number is given out twice"
    assert (await journal.view(new.id)).state.stage == "done"
    assert whole(office) == ()
    await journal.close()


async def test_less_than_half_a_year_is_refused(office: Office) -> None:
    journal = await begun(office)
    with pytest.raises(ValueError, match="184"):
        await journal.prune(SHORTEST - dt.timedelta(days=1))
    await journal.close()


def test_no_office_may_keep_less() -> None:
    assert Limits().keep_days == SHORTEST.days
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"keep_days": SHORTEST.days - 1}, Limits)


async def test_a_clock_that_nobody_vouches_for_ends_nothing(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    await after_half_a_year(office, journal)
    await journal.close()
    journal = await office.open()
    assert await prune_all(journal) == 0
    await journal.close()


# --- what is open stays, and everything after it ---------------------------------------------------


async def nothing_of_it_goes(office: Office, journal: Journal, seq: int) -> None:
    """Whatever stood before record `seq` may go."""
    await after_half_a_year(office, journal)
    await prune_all(journal)
    with contextlib.closing(sqlite3.connect(office.path)) as file:
        (first,) = file.execute("SELECT min(record_seq) FROM record").fetchone()
    assert first <= seq
    assert whole(office) == ()


async def test_a_doubt_stays_and_a_later_reset_still_ends_it(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    begins = journal.head.record_seq + 1
    doubt = await change_pin(journal, chip_draft(Kind.PIN_CHANGED, 2), Unknown(None, Why.CHIP_SILENT))
    await office.deliver(journal)
    await a_loss(office, journal, 3)
    await nothing_of_it_goes(office, journal, begins)
    known = await journal.open_doubt(card(2))
    assert known is not None
    assert known.id == doubt.id
    await change_pin(journal, chip_draft(Kind.PIN_CHANGED, 2))
    assert (await journal.view(doubt.id)).state.stage == "moot"
    await office.deliver(journal)
    await after_half_a_year(office, journal)
    await prune_all(journal)
    with pytest.raises(KeyError):
        await journal.view(doubt.id)
    assert whole(office) == ()
    await journal.close()


async def test_what_the_centre_has_not_taken_stays(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    begins = journal.head.record_seq + 1
    waiting = await journal.submit(loss(person(2)))
    await journal.register(waiting.id)
    await nothing_new_is_delivered(office, journal, begins, waiting.id)
    await office.deliver(journal)
    assert (await journal.view(waiting.id)).state.stage == "done"
    await journal.close()


async def nothing_new_is_delivered(office: Office, journal: Journal, begins: int, waiting: str) -> None:
    a_day_later(office, journal, SHORTEST.days + 1)
    assert await prune_all(journal) == 0, "nobody has countersigned what came before"
    assert (await journal.view(waiting)).state.stage == "registered"
    assert journal.head.record_seq > begins
    assert whole(office) == ()


async def test_an_unblock_key_that_is_off_stays_off(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    begins = journal.head.record_seq + 1
    reset = await journal.submit(chip_draft(Kind.RELOAD_PIN, 2))
    await office.deliver(journal)
    await journal.puk(reset.id)
    await journal.conclude(reset.id, DidNotHappen("6982", Untouched.PUK_REFUSED))
    await office.deliver(journal)
    await nothing_of_it_goes(office, journal, begins + 20)
    await journal.close()
    journal = await begun(office)
    assert journal.puk_off
    await journal.puk_cleared("测试员")
    await office.deliver(journal)
    await after_half_a_year(office, journal)
    await prune_all(journal)
    await journal.close()
    journal = await begun(office)
    assert not journal.puk_off
    assert whole(office) == ()
    await journal.close()


async def test_a_slip_without_an_end_stays_until_it_has_one(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    begins = journal.head.record_seq + 1
    slip = await journal.printing(SlipIntent(name="progress"))
    await nothing_of_it_goes(office, journal, begins)
    await journal.printed(slip, Printed())
    assert await prune_all(journal) > 0
    assert whole(office) == ()
    await journal.close()


async def test_a_doubt_that_was_given_up_goes_with_the_rest(office: Office) -> None:
    journal = await begun(office)
    doubt = await change_pin(journal, chip_draft(Kind.PIN_CHANGED, 2), Unknown(None, Why.CHIP_SILENT))
    await office.deliver(journal)
    a_day_later(office, journal, 31)
    await journal.settle(doubt.id, GivenUp("测试员"))
    await office.deliver(journal)
    await after_half_a_year(office, journal)
    assert await prune_all(journal) > 0
    assert await journal.open_doubt(card(2)) is None
    assert whole(office) == ()
    await journal.close()


async def test_a_late_copy_of_an_old_answer_moves_nothing(office: Office) -> None:
    journal = await begun(office)
    await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    answer = office.centre.receive(item)
    await journal.answer((item.id,), (answer,))
    await after_half_a_year(office, journal)
    await prune_all(journal)
    await journal.answer((item.id,), (answer,))
    with pytest.raises(KeyError):
        await journal.view(item.id)
    assert whole(office) == ()
    await journal.close()


async def test_an_earlier_journal_of_a_restored_file_goes_as_well(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    backup = office.back_up()
    await a_loss(office, journal, 2)
    journal = await office.restore(journal, backup)
    a_day_later(office, journal, 0)
    await a_loss(office, journal, 3)
    await after_half_a_year(office, journal)
    await prune_all(journal)
    with contextlib.closing(sqlite3.connect(office.path)) as file:
        assert file.execute("SELECT DISTINCT journal FROM record").fetchall() == [(1,)]
    assert whole(office) == ()
    await journal.puk_cleared("测试员")  # a restored file has switched it off
    await journal.close()
    journal = await begun(office)
    await a_loss(office, journal, 4)
    await after_half_a_year(office, journal)
    assert await prune_all(journal) > 0, "what the first pruning wrote down goes, too"
    assert whole(office) == ()
    await journal.close()


# --- in pieces, and no more room than it takes -----------------------------------------------------


async def test_a_long_history_goes_in_pieces(office: Office) -> None:
    journal = await begun(office)
    for number in range(60):
        await a_loss(office, journal, number)
    await after_half_a_year(office, journal)
    pieces = []
    while pruned := await journal.prune(SHORTEST):
        pieces.append(pruned)
        assert whole(office) == ()
    assert len(pieces) == 2
    assert 200 < pieces[0] <= 260
    await journal.close()


async def test_the_file_stays_as_large_as_its_half_year(office: Office) -> None:
    journal = await begun(office)
    sizes = []
    for _ in range(5):
        for number in range(20):
            await a_loss(office, journal, number)
        await after_half_a_year(office, journal)
        await prune_all(journal)
        sizes.append(sum(path.stat().st_size for path in office.folder.glob("journal.db*")))
    assert sizes[-1] <= sizes[1] * 1.1, sizes
    await journal.close()


async def test_what_was_pruned_cannot_be_read_in_the_raw_files(office: Office) -> None:
    journal = await begun(office)
    old = await journal.submit(loss(person(1)))
    await office.deliver(journal)
    await journal.note(Note(event="a_rare_word"))
    traces = [old.reference.encode(), old.id.encode(), old.masked_name.encode(), b"a_rare_word"]
    assert all(trace in on_disk(office) for trace in traces)
    a_day_later(office, journal, SHORTEST.days + 1)
    await journal.note(Note(event="nobody"))
    await journal.submit(loss(person(2)))
    await office.deliver(journal)
    await prune_all(journal)
    del traces[2]  # the second holder's is masked to the same
    assert not [trace for trace in traces if trace in on_disk(office)]
    await journal.close()


async def test_what_a_reader_held_in_the_log_goes_when_nobody_is_there(office: Office) -> None:
    journal = await begun(office)
    await journal.submit(loss(person(1)))
    (item,) = await journal.take(1)
    sealed = item_of(item)["sealed"]["ct"].encode()
    with contextlib.closing(sqlite3.connect(office.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        await journal.answer((item.id,), (office.centre.receive(item),))
        assert sealed in on_disk(office)
    await journal.prune(SHORTEST)
    assert sealed not in on_disk(office)
    await journal.close()


def on_disk(office: Office) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(office.folder.glob("journal.db*")))


# --- whoever else deletes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM record",
        "DELETE FROM record WHERE record_seq = (SELECT min(record_seq) FROM record)",
        "DELETE FROM item",
        "DELETE FROM transactions",
        "DELETE FROM checkpoint",
        "UPDATE checkpoint SET record_seq = 0",
        "UPDATE checkpoint SET record_seq = record_seq + 1",
        "INSERT OR REPLACE INTO checkpoint SELECT * FROM checkpoint",
        "INSERT INTO record SELECT journal, 0, transaction_id, content, commitment, previous, hash FROM record LIMIT 1",
    ],
)
async def test_the_file_lets_go_of_nothing_beyond_its_checkpoint(office: Office, statement: str) -> None:
    await pruned_office(office)
    with contextlib.closing(sqlite3.connect(office.path)) as file, pytest.raises(sqlite3.IntegrityError):
        file.execute(statement)


FORGERIES = {
    "missing": "DELETE FROM checkpoint",
    "an earlier place": "UPDATE checkpoint SET record_seq = record_seq - 1",
    "a later place": "UPDATE checkpoint SET record_seq = record_seq + 1, hash = (SELECT r.hash FROM record r"
    " WHERE r.record_seq = checkpoint.record_seq + 1); DELETE FROM record WHERE record_seq <="
    " (SELECT record_seq FROM checkpoint)",
    "another hash": "UPDATE checkpoint SET hash = zeroblob(32)",
    "not signed": 'UPDATE checkpoint SET signed = CAST(replace(signed, \'"signature":"\', \'"signature":"A\') AS BLOB)',
    "no signature at all": "UPDATE checkpoint SET signed = CAST('{}' AS BLOB)",
    "another journal's": "INSERT INTO journal VALUES (1, '00000000-0000-4000-8000-000000000000');"
    " UPDATE checkpoint SET journal = 1",
}


@pytest.mark.parametrize("what", FORGERIES)
async def test_a_forged_moved_or_missing_checkpoint_is_found(office: Office, what: str) -> None:
    await pruned_office(office)
    with contextlib.closing(sqlite3.connect(office.path)) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        file.executescript(FORGERIES[what])
    found = {type(finding) for finding in verified(office)}
    assert found & {ChainBroken, CheckpointWrong}


async def test_another_terminals_checkpoint_is_found_by_the_key(office: Office) -> None:
    await pruned_office(office)
    identity = office.identity
    other = VerifyKey(office.centre.signing.public)
    found = reading.verify(office.path, verdicts=identity.verdicts, terminal=other).findings
    assert [type(finding) for finding in found] == [CheckpointWrong]
