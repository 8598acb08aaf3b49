"""What rests in the journal, and for how long: old records go, from the start on, when everything in them is over.

Over is a run of records that are older than the office keeps them, of transactions that have ended, were acknowledged
and of which nothing later is on record, and beyond which the centre has countersigned the chain.  What is open stays,
and everything after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from kiosk.contract import Confidence
from kiosk.journal import checkpoint
from kiosk.journal.archive import Archive
from kiosk.journal.checkpoint import Checkpoint
from kiosk.journal.errors import JournalBroken
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.records import OldHead, Pruned, PukSwitchedOff, Record, SlipStarted, TransactionDrafted
from kiosk.journal.store import BreakerRow, CheckpointRow, ItemRow, OutgoingRow, SealedRow, SlipRow
from kiosk.journal.transaction import LEGAL, Stage
from kiosk.seal import Rejected, VerifyKey

SHORTEST = dt.timedelta(days=184)
"""Six months, whichever they are."""
PIECE_RECORDS = 250
"""About so many in a commit: whoever comes meanwhile waits for one.  More, if one transaction reaches over more."""

Place = tuple[int, int]
"""A journal's number, and a record's."""


class Run(msgspec.Struct, frozen=True):
    """Everything up to a place, from the first record that is there."""

    last: Place
    transactions: tuple[tuple[int, str], ...]
    """With the number of the journal each was drafted in."""
    slips: tuple[str, ...]


def prune(ledger: Ledger, identity: Identity, keep: dt.timedelta) -> int:
    """Inside `Store.pruning`.  → how many records went.  Days count, so that a day's records go together.

    Nothing goes as long as only the terminal's own clock says how late it is.
    """
    if keep < SHORTEST:
        raise ValueError(f"records are kept for {SHORTEST.days} days at least")
    if ledger.clock.confidence is not Confidence.CENTRE:
        return 0
    today = ledger.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    run = oldest_run(ledger.archive, today - keep)
    return 0 if run is None else _prune(ledger, identity, run)


# --- what is over -------------------------------------------------------------------------


def oldest_run(archive: Archive, before: dt.datetime) -> Run | None:
    """It ends at a record whose time the centre had signed; None: nothing that old is over."""
    countersigned, reaches = _countersigned(archive), (-1, -1)
    transactions: list[tuple[int, str]] = []
    slips: list[str] = []
    run: Run | None = None
    for number, (place, record) in enumerate(_from_the_start(archive), 1):
        dated = record.confidence is Confidence.CENTRE
        until = _over_at(archive, place, record)
        if until is None or place >= countersigned or (dated and record.wall >= before):
            break
        reaches = max(reaches, until)
        match record:
            case Record(body=TransactionDrafted(), transaction=str(id)):
                transactions.append((place[0], id))
            case Record(body=SlipStarted(slip=slip)):
                slips.append(slip)
        if dated and place >= reaches:
            run = Run(place, tuple(transactions), tuple(slips))
        if run is not None and number >= PIECE_RECORDS:
            break
    return run


def _from_the_start(archive: Archive) -> Iterator[tuple[Place, Record]]:
    for journal in archive.journals():
        for row in archive.rows(journal.number):
            yield (journal.number, row.record_seq), msgspec.json.decode(row.content, type=Record)


def _countersigned(archive: Archive) -> Place:
    """The last record whose hash the centre has signed back: everything before it is vouched for."""
    known = ItemRow.select().where(ItemRow.delivery == "acknowledged")
    item = archive.store.first(known.order_by(ItemRow.journal.desc(), ItemRow.seq.desc()))
    return (-1, -1) if item is None else (item.journal, item.head_seq)


def _over_at(archive: Archive, place: Place, record: Record) -> Place | None:
    """Up to where what begins with this record reaches; None: it is open."""
    match record:
        case Record(body=TransactionDrafted(), transaction=str(id)):
            return _ended_at(archive, id)
        case Record(body=SlipStarted(slip=slip)):
            still_open = archive.store.first(SlipRow.select().where(SlipRow.id == slip, SlipRow.open))
            return place if still_open is None else None
        case Record(body=PukSwitchedOff()):
            return None if place == _breaker(archive) else place
    return place


def _ended_at(archive: Archive, transaction: str) -> Place | None:
    row, items = archive.row(transaction), archive.items(transaction)
    if row is None or Stage(row.stage) in LEGAL:
        return None
    if any(item.delivery != "acknowledged" for item in items) or _holds_something(archive, transaction, items):
        return None
    return max([(row.state_journal, row.state_seq), *((item.journal, item.head_seq) for item in items)])


def _holds_something(archive: Archive, transaction: str, items: list[ItemRow]) -> bool:
    """Sealed data, bytes to send, or a slip of which nobody knows how it ends."""
    first = archive.store.first
    return (
        first(SealedRow.select().where(SealedRow.transaction_id == transaction)) is not None
        or first(SlipRow.select().where(SlipRow.transaction_id == transaction, SlipRow.open)) is not None
        or any(
            first(OutgoingRow.select().where(OutgoingRow.journal == item.journal, OutgoingRow.seq == item.seq))
            for item in items
        )
    )


def _breaker(archive: Archive) -> Place | None:
    """The record that says how the unblock key's switch stands."""
    newest = BreakerRow.select().order_by(BreakerRow.journal.desc(), BreakerRow.record_seq.desc())
    row = archive.store.first(newest)
    return None if row is None else (row.journal, row.record_seq)


# --- how it goes ---------------------------------------------------------------------------


def _prune(ledger: Ledger, identity: Identity, run: Run) -> int:
    archive, store = ledger.archive, ledger.store
    ends = _ends(archive, run)
    records = sum(end + 1 - archive.start(journal)[0] for journal, end in ends.items())
    for journal, end in ends.items():
        own = sum(number == journal for number, _ in run.transactions)
        _sign(ledger, identity, (journal, end), own)
    ledger.append(Pruned(_gone(archive), records, len(run.transactions)))
    ids = [(id,) for _, id in run.transactions]
    store.delete("slip", "id = ?", [(slip,) for slip in run.slips])
    store.delete("slip", "transaction_id = ?", ids)
    store.delete("item", "transaction_id = ?", ids)
    store.delete("transactions", "id = ?", ids)
    for table in ("breaker", "record"):
        store.delete(table, "journal = ? AND record_seq <= ?", ends.items())
    return records


def _ends(archive: Archive, run: Run) -> dict[int, int]:
    """By journal the last record of the run."""
    number, seq = run.last
    earlier = [journal.number for journal in archive.journals() if journal.number < number]
    lasts = [last for last in map(archive.last, earlier) if last is not None]
    return {last.journal: last.record_seq for last in lasts} | {number: seq}


def _sign(ledger: Ledger, identity: Identity, last: Place, transactions: int) -> None:
    """Move the checkpoint on, or set the first one."""
    archive, (number, seq) = ledger.archive, last
    journal_id = archive.journals()[number].journal_id
    row, head = archive.checkpoints().get(number), archive.digest(number, seq)
    before = 0 if row is None else _believed(row, journal_id, identity).transactions
    told = Checkpoint(
        terminal=identity.terminal,
        journal_id=journal_id,
        record_seq=seq,
        head=head.hex(),
        records=seq + 1,
        transactions=before + transactions,
        time=ledger.clock.now(),
    )
    values = {"record_seq": seq, "hash": head, "signed": checkpoint.sign(identity.signing, told)}
    if row is None:
        ledger.store.run(CheckpointRow.insert(journal=number, **values))
    else:
        ledger.store.run(CheckpointRow.update(**values).where(CheckpointRow.journal == number))


def _believed(row: CheckpointRow, journal_id: str, identity: Identity) -> Checkpoint:
    told = checkpoint.read(row, journal_id, VerifyKey(identity.signing.public))
    if isinstance(told, Rejected):
        raise JournalBroken(f"清理记录不可信 (the checkpoint is not this terminal's): {told.why}")
    return told


def _gone(archive: Archive) -> tuple[OldHead, ...]:
    ids = {journal.number: journal.journal_id for journal in archive.journals()}
    rows = sorted(archive.checkpoints().items())
    return tuple(OldHead(ids[number], row.record_seq, bytes(row.hash).hex()) for number, row in rows)
