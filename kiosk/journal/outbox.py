"""The one road to the centre: items are signed into it, and leave it when the centre has acknowledged them.

Order is kept per holder.  A loss goes first, then what a citizen waits for, each with the older items of
the same holder before it.  A quarantined item holds up nobody.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import math
from collections.abc import Iterable

import msgspec
from peewee import ModelSelect

from kiosk.contract import MAY_WAIT, ChipResult, Domain, ItemEnvelope, Kind, Outcome, Problem, Signed, Stamp, Void
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Head, Ledger
from kiosk.journal.records import ItemName, ItemQuarantined, ItemsHanded, ItemSigned, ItemsKept
from kiosk.journal.store import WAITING, ItemRow, OutgoingRow, SealedRow, TallyRow
from kiosk.seal import canonical

REST_S = 60
"""After an answer that settled nothing, such as a forged one: the same items would only meet it again."""


class Rank(enum.IntEnum):
    LOSS = 0
    LIVE = 1
    ROUTINE = 2


def rank_of(kind: Kind) -> Rank:
    if kind in {Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS}:
        return Rank.LOSS
    return Rank.ROUTINE if kind in MAY_WAIT else Rank.LIVE


class ChipFacts(msgspec.Struct, frozen=True):
    """What an outcome tells the centre."""

    result: ChipResult
    sw: str | None = None
    tries_before: int | None = None
    tries_after: int | None = None
    pin_verified: bool | None = None


class Outbox:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger, identity: Identity) -> None:
        self._ledger = ledger
        self._store = ledger.store
        self._identity = identity
        self._rests_until = -math.inf
        self._fresh: set[tuple[int, int]] = set()
        """Handed over for the first time, in the last hand-over."""

    # --- in ------------------------------------------------------------------------------

    def stamp(self, head: Head) -> dict[str, str | int]:
        """Where the next item stands: the fields of `Stamp`."""
        return {
            "terminal": self._identity.terminal,
            "journal_id": head.journal_id,
            "seq": self._next_seq(),
            "record_seq": head.record_seq,
            "head": head.hash.hex(),
        }

    def put(self, transaction: str, domain: Domain, item: Stamp, rank: Rank, holder_ref: str | None) -> None:
        """Sign, and write to the disk with everything that must stay the same for ever."""
        data = canonical(item)
        signed = self._identity.signing.sign(domain, data)
        digest = hashlib.sha256(data).hexdigest()
        number = self._ledger.journal.number
        self._store.run(
            ItemRow.insert(
                journal=number,
                seq=item.seq,
                transaction_id=transaction,
                domain=domain,
                rank=rank,
                holder_ref=holder_ref,
                head_seq=item.record_seq,
                sha256=digest,
                wall=self._ledger.clock.now().isoformat(),
                delivery="pending",
                burnt=False,
            )
        )
        self._store.run(OutgoingRow.insert(journal=number, seq=item.seq, signed=msgspec.json.encode(signed)))
        burns = item.burns_seq if isinstance(item, Void) else None
        name = ItemName(item.journal_id, item.seq)
        self._ledger.append(ItemSigned(domain, name, digest, burns), transaction)

    def burn(self, transaction: str) -> None:
        """Queue a void.  It goes instead of its item: a late copy of that one will find its id burnt."""
        item = self._ledger.archive.items(transaction)[0]
        stamp = self.stamp(self._ledger.head())
        void = msgspec.convert({**stamp, "transaction": transaction, "burns_seq": item.seq}, Void)
        self.put(transaction, Domain.VOID, void, Rank.LIVE, item.holder_ref)
        self._update([item], burnt=True)

    def tell(self, transaction: str, facts: ChipFacts) -> None:
        """Queue an outcome: what the chip did.  Its head is the record that says so."""
        head, at = self._ledger.head(), self._ledger.clock.now()
        fields = self.stamp(head) | msgspec.structs.asdict(facts)
        outcome = msgspec.convert({**fields, "transaction": transaction, "at": at}, Outcome)
        holder_ref = self._ledger.archive.drafted(transaction).holder_ref
        self.put(transaction, Domain.OUTCOME, outcome, Rank.LIVE, holder_ref)

    def _next_seq(self) -> int:
        of_this = ItemRow.select(ItemRow.seq).where(ItemRow.journal == self._ledger.journal.number)
        last = self._store.first(of_this.order_by(ItemRow.seq.desc()))
        return 0 if last is None else int(last.seq) + 1

    # --- out -----------------------------------------------------------------------------

    def hand_over(self, limit: int) -> tuple[ItemEnvelope, ...]:
        """The next items, marked as handed to the line.  Whoever asks has nothing in hand any more."""
        rows = self._next(limit)
        fresh = [row for row in rows if row.delivery == "pending"]
        self._fresh = {(row.journal, row.seq) for row in fresh}
        if fresh:
            self._ledger.append(ItemsHanded(self._names(fresh)))
            self._update(fresh, delivery="sent")
        return tuple(self._envelope(row) for row in rows)

    def keep(self, ids: Iterable[str]) -> None:
        """Not a byte of them left the terminal.

        One that an earlier hand-over had already marked as sent stays so: whoever had it then may have sent it.
        """
        wanted = ItemRow.transaction_id.in_(list(ids))
        sent = self._store.all(ItemRow.select().where(wanted, ItemRow.delivery == "sent"))
        rows = [row for row in sent if (row.journal, row.seq) in self._fresh]
        if rows:
            self._ledger.append(ItemsKept(self._names(rows)))
            self._update(rows, delivery="pending")

    def rest(self) -> None:
        """What is with the line now is not handed out again for a while; other holders' items are."""
        self._rests_until = self._ledger.clock.monotonic() + REST_S

    def rests_for_s(self) -> float:
        """Seconds until everything is handed out again; 0 if it is now."""
        return max(0.0, self._rests_until - self._ledger.clock.monotonic())

    def _offered(self) -> ModelSelect[ItemRow]:
        waiting = ItemRow.select().where(WAITING)
        if not self.rests_for_s():
            return waiting
        resting = {row.holder_ref for row in self._store.all(waiting.where(ItemRow.delivery == "sent"))}
        elsewhere = ItemRow.holder_ref.is_null() | ItemRow.holder_ref.not_in([ref for ref in resting if ref])
        return waiting.where(ItemRow.delivery == "pending", elsewhere)

    def _next(self, limit: int) -> list[ItemRow]:
        chosen: dict[tuple[int, int], ItemRow] = {}
        waiting = self._offered()
        urgent = waiting.where(ItemRow.rank < Rank.ROUTINE).order_by(ItemRow.rank, ItemRow.journal, ItemRow.seq)
        for row in self._store.all(urgent.limit(limit)):
            chosen.update(self._up_to(row))
        for row in self._store.all(waiting.order_by(ItemRow.journal, ItemRow.seq).limit(limit)):
            chosen.setdefault((row.journal, row.seq), row)
        return _one_at_a_time(chosen.values())[:limit]

    def _up_to(self, row: ItemRow) -> dict[tuple[int, int], ItemRow]:
        """The item, after the older ones of its holder."""
        of_holder = ItemRow.select().where(WAITING, ItemRow.holder_ref == row.holder_ref)
        older = (ItemRow.journal < row.journal) | ((ItemRow.journal == row.journal) & (ItemRow.seq <= row.seq))
        lane = (
            [row]
            if row.holder_ref is None
            else self._store.all(of_holder.where(older).order_by(ItemRow.journal, ItemRow.seq))
        )
        return {(item.journal, item.seq): item for item in lane}

    def _envelope(self, row: ItemRow) -> ItemEnvelope:
        outgoing = OutgoingRow.select().where(OutgoingRow.journal == row.journal, OutgoingRow.seq == row.seq)
        signed = msgspec.json.decode(self._store.first(outgoing).signed, type=Signed)  # type: ignore[union-attr]
        return ItemEnvelope(Domain(row.domain), row.transaction_id, signed)

    def waits(self, transaction: str) -> bool:
        """Something about it is still without an answer."""
        of_it = ItemRow.select().where(ItemRow.transaction_id == transaction, WAITING)
        return self._store.first(of_it) is not None

    def tally(self) -> dict[str, int]:
        """How many items are in each place, and how many transactions in doubt."""
        return {row.name: row.number for row in self._store.all(TallyRow.select())}

    def oldest(self) -> dt.datetime | None:
        """When the oldest item without an answer was signed."""
        row = self._store.first(ItemRow.select().where(WAITING).order_by(ItemRow.journal, ItemRow.seq))
        return None if row is None else dt.datetime.fromisoformat(row.wall)

    # --- answered -------------------------------------------------------------------------

    def acknowledge(self, item: ItemRow) -> None:
        """Nothing of it needs to be readable any more.  A void's answer settles what it burnt."""
        gone = [item]
        if item.domain == Domain.VOID:
            gone += [other for other in self._ledger.archive.items(item.transaction_id) if other.burnt]
        self._update(gone, delivery="acknowledged", burnt=False)
        for row in gone:
            self._store.run(OutgoingRow.delete().where(OutgoingRow.journal == row.journal, OutgoingRow.seq == row.seq))
            if row.domain == Domain.TRANSACTION:
                self._store.run(SealedRow.delete().where(SealedRow.transaction_id == row.transaction_id))

    def quarantine(self, item: ItemRow, problem: Problem) -> None:
        self._update([item], delivery="quarantined", problem=msgspec.json.encode(problem).decode())
        self._ledger.append(ItemQuarantined(self._names([item])[0], problem), item.transaction_id)

    def name(self, item: ItemRow) -> ItemName:
        return self._names([item])[0]

    def _names(self, rows: list[ItemRow]) -> tuple[ItemName, ...]:
        journals = {row.number: row.journal_id for row in self._ledger.archive.journals()}
        return tuple(ItemName(journals[row.journal], row.seq) for row in rows)

    def _update(self, rows: list[ItemRow], **values: object) -> None:
        for row in rows:
            where = (ItemRow.journal == row.journal) & (ItemRow.seq == row.seq)
            self._store.run(ItemRow.update(**values).where(where))


def _one_at_a_time(rows: Iterable[ItemRow]) -> list[ItemRow]:
    """One item a transaction, because an answer names only the transaction.  Its next one holds up its holder's."""
    chosen: dict[str, ItemRow] = {}
    held: set[str] = set()
    for row in rows:
        if row.transaction_id in chosen or row.holder_ref in held:
            held |= {row.holder_ref} if row.holder_ref is not None else set()
        else:
            chosen[row.transaction_id] = row
    return list(chosen.values())
