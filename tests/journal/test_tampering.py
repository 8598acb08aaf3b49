"""Whoever changes the past is found, and told where."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.contract import Kind
from kiosk.journal import Note, chain, reading
from kiosk.journal.chain import Changed, Inserted, Removed, Reordered
from kiosk.journal.checking import ChainBroken, Finding, HeadDiffers, SealedDiffers, StateDiffers, VerdictForged
from tests.journal.office import Office, loss, person

RECORDS = 12
PLACES = st.integers(0, RECORDS - 1)
COLUMNS = st.sampled_from(["transaction_id", "content", "commitment", "previous", "hash"])


async def _some_history(office: Office) -> None:
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await office.deliver(journal)
    await journal.submit(loss(person(2), Kind.FORMAL_LOSS))
    while journal.head.record_seq < RECORDS - 1:
        await journal.note(Note(event="paper_low"))
    await journal.close()


class Forger:
    """Writes to a copy of the file with the triggers gone."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.path = office.folder / "forged.db"

    def __enter__(self) -> sqlite3.Connection:
        shutil.copy(self.office.path, self.path)
        self.file = sqlite3.connect(self.path)
        for (name,) in self.file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.file.execute(f"DROP TRIGGER {name}")
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.commit()
        self.file.close()

    def findings(self) -> tuple[Finding, ...]:
        identity = self.office.identity
        return reading.verify(self.path, head_file=identity.head_file, verdicts=identity.verdicts).findings

    def breaks(self) -> list[chain.Break]:
        return [finding.where for finding in self.findings() if isinstance(finding, ChainBroken)]


@pytest.fixture(scope="module")
def forger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forger]:
    office = Office(Path(tmp_path_factory.mktemp("forger")))
    trio.run(_some_history, office)
    yield Forger(office)


_module = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_honest_journal_has_no_findings(forger: Forger) -> None:
    with forger:
        pass
    assert forger.findings() == ()


@_module
@given(place=PLACES, column=COLUMNS, data=st.data())
def test_every_changed_bit_is_found(forger: Forger, place: int, column: str, data: st.DataObject) -> None:
    with forger as file:
        (old,) = file.execute(f"SELECT CAST({column} AS BLOB) FROM record WHERE record_seq = ?", [place]).fetchone()  # noqa: S608
        if old is None:
            new: bytes | str = "0"
        else:
            bit = data.draw(st.integers(0, len(old) * 8 - 1).filter(lambda bit: column != "transaction_id" or bit % 8))
            flipped = bytearray(old)
            flipped[bit // 8] ^= 0x80 >> bit % 8
            new = flipped.decode() if column == "transaction_id" else bytes(flipped)
        file.execute(f"UPDATE record SET {column} = ? WHERE record_seq = ?", [new, place])  # noqa: S608
    assert forger.breaks() == [Changed(place)]


@_module
@given(place=PLACES)
def test_a_record_rewritten_with_its_own_hash_is_found(forger: Forger, place: int) -> None:
    with forger as file:
        content, previous, commitment = file.execute(
            "SELECT content, previous, commitment FROM record WHERE record_seq = ?", [place]
        ).fetchone()
        content = content.replace(b'"wall":"2026', b'"wall":"2025')
        digest = chain.record_hash(previous, content, commitment)
        file.execute("UPDATE record SET content = ?, hash = ? WHERE record_seq = ?", [content, digest, place])
    if place == RECORDS - 1:
        assert {type(finding) for finding in forger.findings()} == {HeadDiffers}
    else:
        assert forger.breaks() == [Changed(place)]


@_module
@given(places=st.tuples(PLACES, PLACES).map(sorted))
def test_removed_records_are_found(forger: Forger, places: list[int]) -> None:
    first, last = places
    with forger as file:
        file.execute("DELETE FROM record WHERE record_seq BETWEEN ? AND ?", [first, last])
    if last == RECORDS - 1:
        assert any(isinstance(finding, HeadDiffers) for finding in forger.findings())
    else:
        assert forger.breaks() == [Removed(first, last)]


@_module
@given(places=st.tuples(PLACES, PLACES).filter(lambda places: places[0] != places[1]).map(sorted))
def test_reordered_records_are_found(forger: Forger, places: list[int]) -> None:
    one, other = places
    with forger as file:
        for old, new in ((one, -1), (other, one), (-1, other)):
            file.execute("UPDATE record SET record_seq = ? WHERE record_seq = ?", [new, old])
    assert forger.breaks() == [Reordered(one, other), Reordered(other, one)]


@_module
@given(place=st.integers(1, RECORDS - 1))
def test_an_inserted_record_is_found(forger: Forger, place: int) -> None:
    """It carries the right previous hash and its own right one; those after it are moved up."""
    with forger as file:
        content, commitment, previous = file.execute(
            "SELECT content, commitment, previous FROM record WHERE record_seq = ?", [place]
        ).fetchone()
        content = content.replace(b"2026", b"2025")
        for seq in range(RECORDS - 1, place - 1, -1):
            file.execute("UPDATE record SET record_seq = ? WHERE record_seq = ?", [seq + 1, seq])
        (transaction,) = file.execute("SELECT transaction_id FROM record WHERE record_seq = ?", [place + 1]).fetchone()
        file.execute(
            "INSERT INTO record VALUES (0, ?, ?, ?, ?, ?, ?)",
            [place, transaction, content, commitment, previous, chain.record_hash(previous, content, commitment)],
        )
    if place < RECORDS - 1:
        assert forger.breaks() == [Inserted(place)]
    else:
        assert forger.findings() != ()


def test_other_sealed_data_are_found(forger: Forger) -> None:
    with forger as file:
        file.execute("UPDATE sealed SET sealed = CAST(replace(sealed, '\"ct\"', '\"tc\"') AS BLOB)")
        (id,) = file.execute("SELECT transaction_id FROM sealed").fetchone()
    assert forger.findings() == (SealedDiffers(id),)


def test_a_state_without_a_record_is_found(forger: Forger) -> None:
    with forger as file:
        (id,) = file.execute("SELECT id FROM transactions WHERE stage = 'drafted'").fetchone()
        file.execute("UPDATE transactions SET stage = 'done' WHERE id = ?", [id])
    assert forger.findings() == (StateDiffers(id),)


def test_a_verdict_the_centre_never_signed_is_found(forger: Forger) -> None:
    """Even if the whole chain is computed anew from there."""
    with forger as file:
        rows = file.execute("SELECT record_seq, content, commitment FROM record ORDER BY record_seq").fetchall()
        previous = chain.NOTHING
        for seq, content, commitment in rows:
            forged = content.replace(b'"receipt_no":"R1"', b'"receipt_no":"R2"')
            digest = chain.record_hash(previous, forged, commitment)
            file.execute(
                "UPDATE record SET content = ?, previous = ?, hash = ? WHERE record_seq = ?",
                [forged, previous, digest, seq],
            )
            previous = digest
    kinds = {type(finding) for finding in forger.findings()}
    assert kinds == {VerdictForged, HeadDiffers}
