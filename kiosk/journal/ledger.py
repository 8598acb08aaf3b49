"""Appends records to the chain, and keeps where each transaction stands beside them."""

from __future__ import annotations

import msgspec

from kiosk.clock import TrustedClock
from kiosk.contract import Kind, Problem
from kiosk.journal import chain
from kiosk.journal.records import Body, Record, TransactionDrafted, state_of
from kiosk.journal.store import ItemRow, JournalRow, RecordRow, Store, TransactionRow
from kiosk.journal.transaction import (
    Acknowledged,
    Delivery,
    IllegalMove,
    Pending,
    Quarantined,
    Sent,
    Stage,
    State,
    Unsigned,
    may_move,
)
from kiosk.seal import canonical


class Head(msgspec.Struct, frozen=True):
    """The last record of a journal."""

    journal_id: str
    record_seq: int
    hash: bytes

    @property
    def code(self) -> str:
        """Short form, as on a slip."""
        return chain.short_code(self.hash)


class View(msgspec.Struct, frozen=True):
    """A transaction as anybody on the terminal may see it."""

    id: str
    kind: Kind
    state: State
    delivery: Delivery
    reference: str
    """Random; printed on the slip, asked for at the window."""
    drafted_at: str
    chain_code: str
    """Of the record that drafted it: what the centre countersigns."""
    masked_name: str | None
    holder_last4: str | None
    card_last4: str | None


class Ledger:
    """Every method runs inside a commit of the store, and reads what it needs from it."""

    def __init__(self, store: Store, clock: TrustedClock, journal: JournalRow, boot: str) -> None:
        self.store = store
        self.clock = clock
        self.journal = journal
        self.boot = boot

    # --- the chain ---------------------------------------------------------------------

    def append(self, body: Body, transaction: str | None = None, commitment: bytes = chain.NOTHING) -> Head:
        """Write one record, and let it move its transaction.  Raises IllegalMove."""
        last = self._last()
        record = self._record(body, transaction, 0 if last is None else last.record_seq + 1)
        content = canonical(record)
        previous = chain.NOTHING if last is None else last.hash
        digest = chain.record_hash(previous, content, commitment)
        self.store.run(
            RecordRow.insert(
                journal=self.journal.number,
                record_seq=record.record_seq,
                transaction_id=transaction,
                content=content,
                commitment=commitment,
                previous=previous,
                hash=digest,
            )
        )
        self._move(record)
        return Head(self.journal.journal_id, record.record_seq, digest)

    def head(self) -> Head:
        last = self._last()
        assert last is not None, "a journal begins with its opening record"  # noqa: S101
        return Head(self.journal.journal_id, last.record_seq, last.hash)

    def record(self, journal: int, record_seq: int) -> tuple[Record, bytes]:
        """A record and its hash."""
        row = self.store.first(
            RecordRow.select().where(RecordRow.journal == journal, RecordRow.record_seq == record_seq)
        )
        return msgspec.json.decode(row.content, type=Record), row.hash

    def _last(self) -> RecordRow | None:
        of_this = RecordRow.select().where(RecordRow.journal == self.journal.number)
        row: RecordRow | None = self.store.first(of_this.order_by(RecordRow.record_seq.desc()))
        return row

    def _record(self, body: Body, transaction: str | None, record_seq: int) -> Record:
        return Record(
            journal_id=self.journal.journal_id,
            record_seq=record_seq,
            boot=self.boot,
            monotonic_ms=int(self.clock.monotonic() * 1000),
            wall=self.clock.now(),
            confidence=self.clock.confidence,
            transaction=transaction,
            body=body,
        )

    # --- where transactions stand --------------------------------------------------------

    def _move(self, record: Record) -> None:
        state = state_of(record.body)
        if state is None or record.transaction is None:
            return
        if isinstance(record.body, TransactionDrafted):
            self._begin(record, record.transaction, record.body.kind)
            return
        old = self.stage(record.transaction)
        if old is None or not may_move(old, state.stage):
            raise IllegalMove(f"{old} → {state.stage}")
        self.store.run(
            TransactionRow.update(
                state_journal=self.journal.number, state_seq=record.record_seq, stage=state.stage
            ).where(TransactionRow.id == record.transaction)
        )

    def _begin(self, record: Record, transaction: str, kind: Kind) -> None:
        self.store.run(
            TransactionRow.insert(
                id=transaction,
                kind=kind,
                journal=self.journal.number,
                drafted_seq=record.record_seq,
                state_journal=self.journal.number,
                state_seq=record.record_seq,
                stage=Stage.DRAFTED,
            )
        )

    def row(self, transaction: str) -> TransactionRow | None:
        row: TransactionRow | None = self.store.first(
            TransactionRow.select().where(TransactionRow.id == transaction)
        )
        return row

    def stage(self, transaction: str) -> Stage | None:
        row = self.row(transaction)
        return None if row is None else Stage(row.stage)

    def view(self, transaction: str) -> View:
        """Raises KeyError for an id this journal never drafted."""
        row = self.row(transaction)
        if row is None:
            raise KeyError(transaction)
        drafted, digest = self.record(row.journal, row.drafted_seq)
        current, _ = self.record(row.state_journal, row.state_seq)
        body, state = drafted.body, state_of(current.body)
        assert isinstance(body, TransactionDrafted), "drafted_seq points at the drafting record"  # noqa: S101
        assert state is not None, "state_seq points at a record that moved it"  # noqa: S101
        return View(
            id=transaction,
            kind=body.kind,
            state=state,
            delivery=self.delivery(transaction),
            reference=body.reference,
            drafted_at=drafted.wall.isoformat(),
            chain_code=chain.short_code(digest),
            masked_name=body.masked_name,
            holder_last4=body.holder_last4,
            card_last4=body.card_last4,
        )

    def delivery(self, transaction: str) -> Delivery:
        """How far the transaction's own item came; a void on its way is not told here."""
        of_it = ItemRow.select().where(ItemRow.transaction_id == transaction, ItemRow.domain == "transaction")
        row = self.store.first(of_it)
        if row is None:
            return Unsigned()
        match row.delivery:
            case "pending":
                return Pending()
            case "sent":
                return Sent()
            case "acknowledged":
                return Acknowledged()
        return Quarantined(msgspec.json.decode(row.problem, type=Problem))
