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
from kiosk.journal.ledger import Head, Ledger
from kiosk.journal.outbox import Outbox, rank_of
from kiosk.journal.records import TransactionDrafted, TransactionRegistered
from kiosk.journal.store import SealedRow
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
        """Draft, seal, sign; returns the transaction's id."""
        transaction = names.uuid7(self._ledger.clock.now(), self._random)
        sealed = self._seal(draft.personal, transaction)
        body = self._body(draft)
        head = self._draft(transaction, body, sealed)
        item = self._item(transaction, body, sealed, head)
        self._outbox.put(transaction, Domain.TRANSACTION, item, rank_of(draft.kind), body.holder_ref)
        return transaction

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
        )

    def _draft(self, transaction: str, body: TransactionDrafted, sealed: Sealed | None) -> Head:
        if sealed is None:
            return self._ledger.append(body, transaction)
        salt, data = self._random(_SALT_BYTES), canonical(sealed)
        head = self._ledger.append(body, transaction, chain.commitment_to(salt, data))
        self._ledger.store.run(SealedRow.insert(transaction_id=transaction, salt=salt, sealed=data))
        return head

    def _item(self, transaction: str, body: TransactionDrafted, sealed: Sealed | None, head: Head) -> TransactionBase:
        return _TYPES[body.kind](
            **self._outbox.stamp(head),  # type: ignore[arg-type]
            id=transaction,
            visit=body.visit,
            holder_ref=body.holder_ref,
            card_ref=body.card_ref,
            sealed=sealed,
            evidence=body.evidence,
            consent=body.consent,
            time=body.time,
            **_own_fields(body.matter),
        )


def _own_fields(matter: Matter) -> dict[str, Any]:
    """The fields that only this kind of item has."""
    match matter:
        case Plain():
            return {}
        case Reason() | Event():
            return msgspec.structs.asdict(matter)
