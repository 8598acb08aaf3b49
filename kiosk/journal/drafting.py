"""From a draft to a signed item: intent, sealed data and item come to the disk in one commit."""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk.contract import (
    Activation,
    Audit,
    Domain,
    FormalLoss,
    Kind,
    Personal,
    PinChanged,
    Release,
    ReloadPin,
    Replacement,
    Sealed,
    TemporaryLoss,
    TransactionBase,
    UnblockPin,
)
from kiosk.journal import chain, names
from kiosk.journal.drafts import Draft, Event, Matter, Plain, Reason
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import ChipFacts, Outbox, rank_of
from kiosk.journal.records import StandIn, TransactionDrafted, TransactionRegistered
from kiosk.journal.store import SealedRow
from kiosk.journal.transaction import IllegalMove
from kiosk.seal import canonical, seal_personal

_TYPES: dict[Kind, type[TransactionBase]] = {
    Kind.TEMPORARY_LOSS: TemporaryLoss,
    Kind.FORMAL_LOSS: FormalLoss,
    Kind.RELEASE: Release,
    Kind.ACTIVATION: Activation,
    Kind.REPLACEMENT: Replacement,
    Kind.RELOAD_PIN: ReloadPin,
    Kind.UNBLOCK_PIN: UnblockPin,
    Kind.PIN_CHANGED: PinChanged,
    Kind.AUDIT: Audit,
}
_SALT_BYTES = 32


class Drafter:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger, outbox: Outbox, identity: Identity, random: names.RandomBytes) -> None:
        self._ledger = ledger
        self._outbox = outbox
        self._identity = identity
        self._random = random

    def submit(self, draft: Draft) -> str:
        """Draft, seal, sign; returns the transaction's id.

        Raises IllegalMove for a PIN change: it has no result yet.
        """
        if draft.kind is Kind.PIN_CHANGED:
            raise IllegalMove("a PIN change enters the outbox with its result")
        transaction = self.draft(draft)
        self._sign(transaction, {})
        return transaction

    def draft(self, draft: Draft) -> str:
        """Draft and seal; nothing of it goes out yet.  Returns the transaction's id."""
        transaction = names.uuid7(self._ledger.clock.now(), self._random)
        self._write(transaction, self._body(draft), self._seal(draft.personal, transaction))
        return transaction

    def tell(self, transaction: str, facts: ChipFacts) -> None:
        """The item of a PIN change, with what the chip did.  Its head is the record that says so."""
        self._sign(transaction, {"result": facts.result, "sw": facts.sw, "tries_before": facts.tries_before})

    def report(self, visit: str, event: Event) -> str:
        """An audit item: nobody waits for it."""
        transaction = self.submit(Draft(kind=Kind.AUDIT, visit=visit, matter=event))
        self._ledger.append(TransactionRegistered(handed=False), transaction)
        return transaction

    def _seal(self, personal: Personal | None, transaction: str) -> Sealed | None:
        if personal is None:
            return None
        return seal_personal(self._identity.seal, personal, self._identity.terminal, transaction)

    def _body(self, draft: Draft) -> TransactionDrafted:
        key, holder, card = self._identity.recognition_key, draft.holder, draft.card
        other = draft.stand_in
        return TransactionDrafted(
            kind=draft.kind,
            visit=draft.visit,
            reference=names.reference(self._random),
            holder_ref=names.holder_ref(key, holder.number) if holder else None,
            card_ref=names.card_ref(key, card.identifier) if card else None,
            masked_name=holder.masked_name if holder else None,
            holder_last4=holder.last4 if holder else None,
            card_last4=card.last4 if card else None,
            evidence=draft.evidence,
            consent=draft.consent,
            time=self._ledger.clock.item_time(),
            matter=draft.matter,
            stand_in=StandIn(names.holder_ref(key, other.number), other.masked_name, other.last4) if other else None,
        )

    def _write(self, transaction: str, body: TransactionDrafted, sealed: Sealed | None) -> None:
        if sealed is None:
            self._ledger.append(body, transaction)
            return
        salt, data = self._random(_SALT_BYTES), canonical(sealed)
        self._ledger.append(body, transaction, chain.commitment_to(salt, data))
        self._ledger.store.run(SealedRow.insert(transaction_id=transaction, salt=salt, sealed=data))

    def _sealed(self, transaction: str) -> Sealed | None:
        row = self._ledger.store.first(SealedRow.select().where(SealedRow.transaction_id == transaction))
        return None if row is None else msgspec.json.decode(row.sealed, type=Sealed)

    def _sign(self, transaction: str, result: dict[str, Any]) -> None:
        body = self._ledger.archive.drafted(transaction)
        item = _TYPES[body.kind](
            **self._outbox.stamp(self._ledger.head()),  # type: ignore[arg-type]
            id=transaction,
            visit=body.visit,
            holder_ref=body.holder_ref,
            card_ref=body.card_ref,
            sealed=self._sealed(transaction),
            evidence=body.evidence,
            consent=body.consent,
            time=body.time,
            **_own_fields(body.matter),
            **result,
        )
        self._outbox.put(transaction, Domain.TRANSACTION, item, rank_of(body.kind), body.holder_ref)


def _own_fields(matter: Matter) -> dict[str, Any]:
    """The fields that only this kind of item has."""
    match matter:
        case Plain():
            return {}
        case Reason() | Event():
            return msgspec.structs.asdict(matter)
