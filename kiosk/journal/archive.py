"""Reads the journal back: records, and transactions as anybody on the terminal may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from kiosk.contract import Domain, Kind, Problem
from kiosk.journal import chain
from kiosk.journal.records import Record, StandIn, TransactionDrafted, state_of
from kiosk.journal.schema import WITH_CHECKPOINTS
from kiosk.journal.store import CheckpointRow, ItemRow, JournalRow, RecordRow, Store, TransactionRow
from kiosk.journal.transaction import Acknowledged, Delivery, Pending, Quarantined, Sent, Stage, State, Unsigned


class View(msgspec.Struct, frozen=True):
    """A transaction as anybody on the terminal may see it."""

    id: str
    kind: Kind
    state: State
    delivery: Delivery
    reference: str
    """Random; printed on the slip, asked for at the window."""
    drafted_at: dt.datetime
    chain_code: str
    """Of the record that drafted it: what the centre countersigns."""
    masked_name: str | None
    holder_last4: str | None
    card_last4: str | None
    clerk: str | None = None
    """Who vouched."""
    stand_in: StandIn | None = None


class Archive:
    def __init__(self, store: Store) -> None:
        self.store = store

    # --- records ---------------------------------------------------------------------------

    def journals(self) -> list[JournalRow]:
        """Oldest first; the last one is written to."""
        return self.store.all(JournalRow.select().order_by(JournalRow.number))

    def checkpoints(self) -> dict[int, CheckpointRow]:
        """By the journal's number, of those that were pruned: none in a file that an older program left."""
        if self.store.version() < WITH_CHECKPOINTS:
            return {}
        return {row.journal: row for row in self.store.all(CheckpointRow.select())}

    def start(self, journal: int) -> tuple[int, bytes]:
        """Number of the first record that is not pruned, and the hash before it."""
        row = self.checkpoints().get(journal)
        return (0, chain.NOTHING) if row is None else (row.record_seq + 1, bytes(row.hash))

    def record(self, journal: int, record_seq: int) -> Record:
        """Raises KeyError, as the next two do."""
        content, _, _ = self.store.record(journal, record_seq)
        return msgspec.json.decode(content, type=Record)

    def digest(self, journal: int, record_seq: int) -> bytes:
        _, _, digest = self.store.record(journal, record_seq)
        return digest

    def commitment(self, journal: int, record_seq: int) -> bytes:
        _, commitment, _ = self.store.record(journal, record_seq)
        return commitment

    def since_state(self, transaction: str) -> list[Record]:
        """What was written about it after the record that put it where it stands.  For one that has just moved."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        later = RecordRow.select().where(RecordRow.journal == row.state_journal, RecordRow.record_seq > row.state_seq)
        about_it = later.where(RecordRow.transaction_id == transaction)
        return [msgspec.json.decode(record.content, type=Record) for record in self.store.all(about_it)]

    def rows(self, journal: int, first: int = 0) -> Iterator[RecordRow]:
        """From record `first` on, one at a time."""
        of_this = RecordRow.select().where(RecordRow.journal == journal, RecordRow.record_seq >= first)
        return self.store.each(of_this.order_by(RecordRow.record_seq))

    def last(self, journal: int) -> RecordRow | None:
        of_this = RecordRow.select().where(RecordRow.journal == journal)
        row: RecordRow | None = self.store.first(of_this.order_by(RecordRow.record_seq.desc()))
        return row

    # --- transactions ------------------------------------------------------------------------

    def row(self, transaction: str) -> TransactionRow | None:
        row: TransactionRow | None = self.store.first(TransactionRow.select().where(TransactionRow.id == transaction))
        return row

    def stage(self, transaction: str) -> Stage:
        """Raises KeyError for an id this journal never drafted."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        return Stage(row.stage)

    def kind(self, transaction: str) -> Kind:
        """Raises KeyError, as the next two do."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        return Kind(row.kind)

    def drafted(self, transaction: str) -> TransactionDrafted:
        """The intent as it was written.  Raises KeyError."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        body = self.record(row.journal, row.drafted_seq).body
        if not isinstance(body, TransactionDrafted):
            raise TypeError(f"record {row.drafted_seq} does not draft a transaction")
        return body

    def view(self, transaction: str) -> View:
        """Raises KeyError for an id this journal never drafted."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        body = self.drafted(transaction)
        state = state_of(self.record(row.state_journal, row.state_seq).body)
        if state is None:
            raise TypeError(f"record {row.state_seq} moves no transaction")
        return View(
            id=transaction,
            kind=body.kind,
            state=state,
            delivery=self.delivery(transaction),
            reference=body.reference,
            drafted_at=body.time.wall,
            chain_code=chain.short_code(self.digest(row.journal, row.drafted_seq)),
            masked_name=body.masked_name,
            holder_last4=body.holder_last4,
            card_last4=body.card_last4,
            clerk=body.evidence.clerk,
            stand_in=body.stand_in,
        )

    def delivery(self, transaction: str) -> Delivery:
        """How far the transaction's own item came; a void on its way is not told here."""
        own = [item for item in self.items(transaction) if item.domain == Domain.TRANSACTION]
        if not own:
            return Unsigned()
        match own[0].delivery:
            case "pending":
                return Pending()
            case "sent":
                return Sent()
            case "acknowledged":
                return Acknowledged()
        return Quarantined(msgspec.json.decode(own[0].problem or "", type=Problem))

    def items(self, transaction: str) -> list[ItemRow]:
        """A transaction's items in the order they were signed."""
        of_it = ItemRow.select().where(ItemRow.transaction_id == transaction)
        return self.store.all(of_it.order_by(ItemRow.journal, ItemRow.seq))

    def holds(self, journal_id: str, seq: int) -> bool:
        """Whether this file has the item with this number, whatever it is about."""
        journals = [journal.number for journal in self.journals() if journal.journal_id == journal_id]
        item = ItemRow.select().where(ItemRow.journal.in_(journals), ItemRow.seq == seq)
        return self.store.first(item) is not None

    def in_stage(self, stage: Stage) -> list[View]:
        """Cheap for the stages that are still open; oldest first."""
        rows = self.store.all(TransactionRow.select().where(TransactionRow.stage == stage).order_by(TransactionRow.id))
        return [self.view(row.id) for row in rows]

    def newest(self, limit: int) -> Iterator[View]:
        for row in self.store.all(TransactionRow.select().order_by(TransactionRow.id.desc()).limit(limit)):
            yield self.view(row.id)
