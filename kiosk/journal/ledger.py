"""Appends records to the chain, and keeps where each transaction stands beside them."""

from __future__ import annotations

import msgspec

from kiosk.clock import TrustedClock
from kiosk.journal import chain
from kiosk.journal.archive import Archive
from kiosk.journal.records import Body, Record, TransactionDrafted, state_of
from kiosk.journal.store import JournalRow, Store, TransactionRow
from kiosk.journal.transaction import IllegalMove, Stage, may_move
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


class Ledger:
    """Writes; every method that does runs inside a commit of the store."""

    def __init__(self, store: Store, clock: TrustedClock, journal: JournalRow, boot: str) -> None:
        self.store = store
        self.archive = Archive(store)
        self.clock = clock
        self.journal = journal
        self.boot = boot

    def append(self, body: Body, transaction: str | None = None, commitment: bytes = chain.NOTHING) -> Head:
        """Write one record, and let it move its transaction.  Raises IllegalMove."""
        last_seq, previous = self.store.last(self.journal.number) or (-1, chain.NOTHING)
        record = self._record(body, transaction, last_seq + 1)
        content = canonical(record)
        digest = chain.record_hash(previous, content, commitment)
        self.store.append(
            journal=self.journal.number,
            record_seq=record.record_seq,
            transaction_id=transaction,
            content=content,
            commitment=commitment,
            previous=previous,
            hash=digest,
        )
        self._move(record)
        return Head(self.journal.journal_id, record.record_seq, digest)

    def head(self) -> Head:
        last = self.store.last(self.journal.number)
        if last is None:
            raise LookupError("a journal begins with its opening record")
        return Head(self.journal.journal_id, *last)

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
            self._begin(record, record.transaction, record.body)
        else:
            self._go_on(record, record.transaction, state.stage)

    def _begin(self, record: Record, transaction: str, body: TransactionDrafted) -> None:
        self.store.run(
            TransactionRow.insert(
                id=transaction,
                kind=body.kind,
                journal=self.journal.number,
                drafted_seq=record.record_seq,
                state_journal=self.journal.number,
                state_seq=record.record_seq,
                stage=Stage.DRAFTED,
                card_ref=body.card_ref,
            )
        )

    def _go_on(self, record: Record, transaction: str, new: Stage) -> None:
        old = self.archive.stage(transaction)
        if not may_move(old, new):
            raise IllegalMove(f"{old} → {new}")
        self.store.run(
            TransactionRow.update(state_journal=self.journal.number, state_seq=record.record_seq, stage=new).where(
                TransactionRow.id == transaction
            )
        )
