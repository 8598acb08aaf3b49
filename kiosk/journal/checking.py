"""Checks the journal against itself: the chain, the sealed data, the states, the heads the centre has signed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk.contract import Domain, Verdict
from kiosk.journal import chain, checkpoint
from kiosk.journal.archive import Archive
from kiosk.journal.chain import Break, Link
from kiosk.journal.records import (
    OldHead,
    Pruned,
    PukCleared,
    PukSwitchedOff,
    Record,
    VerdictNoted,
    VerdictReceived,
    state_of,
)
from kiosk.journal.store import BreakerRow, CheckpointRow, JournalRow, RecordRow, SealedRow, TransactionRow
from kiosk.journal.transaction import Stage, may_move
from kiosk.seal import Rejected, VerifyKey

TAIL_RECORDS = 1000
"""Checked at every start; all of them by `kiosk journal verify`."""


class ChainBroken(msgspec.Struct, frozen=True, tag="chain"):
    journal_id: str
    where: Break


class SealedDiffers(msgspec.Struct, frozen=True, tag="sealed"):
    """The sealed data are not those that the transaction was drafted with."""

    transaction: str


class StateDiffers(msgspec.Struct, frozen=True, tag="state"):
    """Where the transaction is said to stand is not where its records put it, or they break the rules."""

    transaction: str


class HeadDiffers(msgspec.Struct, frozen=True, tag="head"):
    """The centre has signed, or the terminal has remembered, another record at this place."""

    journal_id: str
    record_seq: int


class HeadMissing(msgspec.Struct, frozen=True, tag="no_head"):
    """There is nothing to compare the journal's end with: the file beside it is gone or cannot be read."""


class BreakerDiffers(msgspec.Struct, frozen=True, tag="breaker"):
    """Whether the unblock key is switched off is not read from all the records that say so."""

    journal_id: str
    record_seq: int


class VerdictForged(msgspec.Struct, frozen=True, tag="verdict"):
    """A verdict on record that the centre's key did not sign."""

    journal_id: str
    record_seq: int


class CheckpointWrong(msgspec.Struct, frozen=True, tag="checkpoint"):
    """From where the journal's records go on is not the terminal's signed word, or not what its last pruning wrote."""

    journal_id: str


Finding = (
    ChainBroken
    | SealedDiffers
    | StateDiffers
    | HeadDiffers
    | HeadMissing
    | BreakerDiffers
    | VerdictForged
    | CheckpointWrong
)


def findings(
    archive: Archive, verdicts: VerifyKey | None, seen: OldHead | None, terminal: VerifyKey | None
) -> Iterator[Finding]:
    """Everything that is wrong; `seen` is the head remembered apart from the journal."""
    for journal in archive.journals():
        first, head = archive.start(journal.number)
        links = list(map(_link, archive.rows(journal.number)))
        yield from (ChainBroken(journal.journal_id, where) for where in chain.breaks(links, head, first))
    yield from _checkpoints(archive, terminal)
    yield from _sealed(archive)
    yield from _states(archive)
    yield from _breaker(archive)
    if verdicts is not None:
        yield from _verdicts(archive, verdicts)
    if seen is not None and not _stands(archive, seen.journal_id, seen.record_seq, seen.head):
        yield HeadDiffers(seen.journal_id, seen.record_seq)


def tail_breaks(archive: Archive) -> list[Break]:
    """The last records of the journal that is written to."""
    for journal in archive.journals()[-1:]:
        last = archive.last(journal.number)
        start, head = archive.start(journal.number)
        first = max(start, last.record_seq - TAIL_RECORDS) if last else start
        head = archive.digest(journal.number, first - 1) if first > start else head
        return chain.breaks(list(map(_link, archive.rows(journal.number, first))), head, first)
    return []


def _link(row: RecordRow) -> Link:
    record, previous, digest = _decoded(row), bytes(row.previous), bytes(row.hash)
    fits = chain.record_hash(previous, bytes(row.content), bytes(row.commitment)) == digest
    if record is None:
        return Link(row.record_seq, row.record_seq, False, previous, digest)
    intact = fits and record.transaction == row.transaction_id
    return Link(row.record_seq, record.record_seq, intact, previous, digest)


def _decoded(row: RecordRow) -> Record | None:
    try:
        return msgspec.json.decode(row.content, type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


# --- beside the chain -------------------------------------------------------------------------


def _records(archive: Archive) -> Iterator[tuple[JournalRow, RecordRow, Record]]:
    for journal in archive.journals():
        for row in archive.rows(journal.number):
            record = _decoded(row)
            if record is not None:
                yield journal, row, record


def _sealed(archive: Archive) -> Iterator[SealedDiffers]:
    for row in archive.store.each(SealedRow.select()):
        if _promised(archive, row.transaction_id) != chain.commitment_to(bytes(row.salt), bytes(row.sealed)):
            yield SealedDiffers(row.transaction_id)


def _promised(archive: Archive, transaction: str) -> bytes | None:
    """The commitment of the record that drafted it."""
    row = archive.row(transaction)
    try:
        return archive.commitment(row.journal, row.drafted_seq) if row else None
    except KeyError:
        return None


def _checkpoints(archive: Archive, terminal: VerifyKey | None) -> Iterator[CheckpointWrong]:
    rows, told = archive.checkpoints(), _last_pruning(archive)
    for journal in archive.journals():
        row = rows.get(journal.number)
        stands = None if row is None else (row.record_seq, bytes(row.hash).hex())
        forged = row is not None and terminal is not None and not _signed(row, journal.journal_id, terminal)
        if stands != told.get(journal.journal_id) or forged:
            yield CheckpointWrong(journal.journal_id)


def _signed(row: CheckpointRow, journal_id: str, terminal: VerifyKey) -> bool:
    return not isinstance(checkpoint.read(row, journal_id, terminal), Rejected)


def _last_pruning(archive: Archive) -> dict[str, tuple[int, str]]:
    """What the newest record about a pruning says: each journal's last record that is gone."""
    told: dict[str, tuple[int, str]] = {}
    for _, _, record in _records(archive):
        if isinstance(record.body, Pruned):
            told = {old.journal_id: (old.record_seq, old.head) for old in record.body.journals}
    return told


def _states(archive: Archive) -> Iterator[StateDiffers]:
    stages: dict[str, tuple[int, int, Stage]] = {}
    for journal, row, record in _records(archive):
        state = state_of(record.body)
        if state is None or record.transaction is None:
            continue
        before = stages.get(record.transaction)
        if before is not None and not may_move(before[2], state.stage):
            yield StateDiffers(record.transaction)
        stages[record.transaction] = (journal.number, row.record_seq, state.stage)
    for row in archive.store.each(TransactionRow.select()):
        if stages.pop(row.id, None) != (row.state_journal, row.state_seq, Stage(row.stage)):
            yield StateDiffers(row.id)
    yield from map(StateDiffers, stages)


def _breaker(archive: Archive) -> Iterator[BreakerDiffers]:
    known = {(row.journal, row.record_seq) for row in archive.store.each(BreakerRow.select())}
    for journal, row, record in _records(archive):
        if isinstance(record.body, PukSwitchedOff | PukCleared) != ((journal.number, row.record_seq) in known):
            yield BreakerDiffers(journal.journal_id, row.record_seq)


def _verdicts(archive: Archive, key: VerifyKey) -> Iterator[Finding]:
    for journal, row, record in _records(archive):
        if not isinstance(record.body, VerdictReceived | VerdictNoted):
            continue
        verdict = key.read(Domain.VERDICT, record.body.signed, Verdict)
        if isinstance(verdict, Rejected) or verdict != record.body.verdict:
            yield VerdictForged(journal.journal_id, row.record_seq)
            continue
        told = verdict.acknowledged
        if told.journal_id != journal.journal_id and not archive.holds(told.journal_id, told.seq):
            continue  # on what was lost with a file that stood here before
        if not _stands(archive, told.journal_id, told.record_seq, told.head):
            yield HeadDiffers(told.journal_id, told.record_seq)


def _stands(archive: Archive, journal_id: str, record_seq: int, head: str) -> bool:
    for journal in archive.journals():
        if journal.journal_id == journal_id:
            first, before = archive.start(journal.number)
            if record_seq < first:
                return record_seq < first - 1 or before.hex() == head
            try:
                return archive.digest(journal.number, record_seq).hex() == head
            except KeyError:
                return False
    return False
