"""Transactions, outcomes and voids: from a signed item to a signed verdict.

An item is believed only after its signature was verified, is stored exactly as it was signed, and is answered the
same way for ever: the same bytes get the stored verdict, other bytes under its id get 409.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from kiosk.contract import (
    CLERK_SIGNED_OUT,
    MAY_WAIT,
    Acknowledged,
    Audit,
    Batch,
    BatchAnswer,
    Domain,
    ItemAnswer,
    ItemEnvelope,
    Kind,
    Outcome,
    Problem,
    Signed,
    Stamp,
    Transaction,
    Verdict,
    Void,
)
from kiosk.seal import Rejected, VerifyKey, canonical, from_text
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import (
    activation,
    chip_work,
    clerks,
    formal_loss,
    losses,
    pin_changes,
    release,
    replacement,
    sequence,
)
from sync.central.rules.age import fresh
from sync.central.verdicts import Decision

T = TypeVar("T", bound=Stamp)

_decoders: dict[Domain, msgspec.json.Decoder[Transaction] | msgspec.json.Decoder[Outcome] | msgspec.json.Decoder[Void]]
_decoders = {
    Domain.TRANSACTION: msgspec.json.Decoder(Transaction),
    Domain.OUTCOME: msgspec.json.Decoder(Outcome),
    Domain.VOID: msgspec.json.Decoder(Void),
}


class Arrival(msgspec.Struct, frozen=True):
    """A verified and decoded item, with what it was made of."""

    domain: Domain
    transaction: str
    item: Transaction | Outcome | Void
    signed: Signed
    sha256: str


# --- the calls ----------------------------------------------------------------------------


def put_transaction(centre: Centre, terminal: str, id: str, signed: Signed) -> Signed | Problem:
    return take(centre, terminal, ItemEnvelope(Domain.TRANSACTION, id, signed))


def put_outcome(centre: Centre, terminal: str, id: str, signed: Signed) -> Signed | Problem:
    return take(centre, terminal, ItemEnvelope(Domain.OUTCOME, id, signed))


def put_void(centre: Centre, terminal: str, id: str, signed: Signed) -> Signed | Problem:
    return take(centre, terminal, ItemEnvelope(Domain.VOID, id, signed))


def take_items(centre: Centre, terminal: str, batch: Batch) -> BatchAnswer:
    """In order; one bad item fails alone, for every rule looks before it writes."""
    answers = [take(centre, terminal, envelope) for envelope in batch.items]
    return BatchAnswer(
        [ItemAnswer(problem=answer) if isinstance(answer, Problem) else ItemAnswer(answer) for answer in answers]
    )


def get_transaction(terminal: str, id: str) -> Signed | Problem:
    """The last verdict; another terminal's transaction does not exist for this one."""
    row = tables.Transaction.get_or_none(id=id, terminal=terminal)
    return problems.NEVER_SEEN if row is None else msgspec.json.decode(row.verdict, type=Signed)


def take(centre: Centre, terminal: str, envelope: ItemEnvelope) -> Signed | Problem:
    """One item; nothing is written when the answer is a problem."""
    arrival = _verified(terminal, envelope)
    if isinstance(arrival, Problem):
        return arrival
    stored = _stored(arrival)
    if stored is not None:
        return stored
    if sequence.taken(arrival.item):
        return problems.SEQ_TAKEN
    match arrival.item:
        case Void() as void:
            return _void(centre, arrival, void)
        case Outcome() as outcome:
            return _outcome(centre, arrival, outcome)
        case transaction:
            return _transaction(centre, arrival, transaction)


# --- before anything is believed --------------------------------------------------------------


def _verified(terminal: str, envelope: ItemEnvelope) -> Arrival | Problem:
    content = _content(terminal, envelope)
    if isinstance(content, Problem):
        return content
    try:
        item = _decoders[envelope.domain].decode(content)
    except msgspec.MsgspecError:
        return problems.NOT_AN_ITEM
    if item.terminal != terminal or not sequence.own_journal(item):
        return problems.OTHER_TERMINAL
    id = item.transaction if isinstance(item, Outcome | Void) else item.id
    if id != envelope.id:
        return problems.ID_DIFFERS
    return Arrival(envelope.domain, id, item, envelope.signed, hashlib.sha256(content).hexdigest())


def _content(terminal: str, envelope: ItemEnvelope) -> bytes | Problem:
    """What was signed, once it is known that this terminal signed it, for this purpose."""
    key = tables.TerminalKey.get_or_none(key_id=envelope.signed.key_id)
    if key is None or envelope.domain not in _decoders:
        return problems.SIGNATURE_WRONG
    if key.terminal_id != terminal:
        return problems.OTHER_TERMINAL
    content = VerifyKey(from_text(key.public)).verify(envelope.domain, envelope.signed)
    return problems.SIGNATURE_WRONG if isinstance(content, Rejected) else content


def _stored(arrival: Arrival) -> Signed | Problem | None:
    """What the same id was answered before; None if it is new."""
    row = tables.Item
    known = list(row.select().where(row.transaction_id == arrival.transaction, row.domain == arrival.domain.value))
    same = next((item for item in known if item.sha256 == arrival.sha256), None)
    if same is not None:
        return msgspec.json.decode(same.verdict, type=Signed)
    # A second outcome may follow an unknown one: `_outcome` decides.
    return problems.CONTENT_DIFFERS if known and arrival.domain is not Domain.OUTCOME else None


# --- decisions --------------------------------------------------------------------------------


def _transaction(centre: Centre, arrival: Arrival, transaction: Transaction) -> Signed | Problem:
    burnt = tables.Transaction.get_or_none(id=transaction.id)
    if burnt is not None and burnt.terminal_id != transaction.terminal:
        return problems.OTHER_TERMINAL
    decision = Decision(verdicts.VOID) if burnt else decide(centre, transaction)
    if isinstance(decision, Problem):
        return decision
    return _answer(centre, arrival, decision)


def decide(centre: Centre, transaction: Transaction) -> Decision | Problem:
    if kind(transaction) not in MAY_WAIT and not fresh(transaction.time, centre.now()):
        return Decision(verdicts.TOO_LATE)
    return RULES[kind(transaction)](centre, transaction)


def _stored_event(centre: Centre, audit: Audit) -> Decision:
    """Whatever a terminal tells; but a clerk's name on it is believed only of one who signed in there."""
    if audit.evidence.clerk is not None and not clerks.at_terminal(audit):
        return Decision(verdicts.CLERK_UNKNOWN)
    if audit.event == CLERK_SIGNED_OUT:
        clerks.sign_out(audit)
    return Decision(verdicts.STORED, effective_at=centre.now())


RULES: dict[Kind, Callable[[Centre, Any], Decision | Problem]] = {
    Kind.TEMPORARY_LOSS: losses.temporary_loss,
    Kind.FORMAL_LOSS: formal_loss.formal_loss,
    Kind.RELEASE: release.release,
    Kind.ACTIVATION: activation.activate,
    Kind.REPLACEMENT: replacement.replace,
    Kind.RELOAD_PIN: chip_work.authorise,
    Kind.UNBLOCK_PIN: chip_work.authorise,
    Kind.PIN_CHANGED: pin_changes.pin_changed,
    Kind.AUDIT: _stored_event,
}
"""For each kind a function of the transaction's own type."""


def _void(centre: Centre, arrival: Arrival, void: Void) -> Signed | Problem:
    """Burn a transaction that never came, or whose work on the chip has not begun; else the verdict stays."""
    row = tables.Transaction.get_or_none(id=void.transaction)
    if row is not None and row.terminal_id != void.terminal:
        return problems.OTHER_TERMINAL
    if row is None:
        return _answer(centre, arrival, Decision(verdicts.VOID))
    work = chip_work.find_work(void.transaction, void.terminal)
    if work is not None and chip_work.is_open(work):
        return _answer(centre, arrival, chip_work.void(work))
    return _store(centre, arrival, msgspec.json.decode(row.verdict, type=Signed))


def _outcome(centre: Centre, arrival: Arrival, outcome: Outcome) -> Signed | Problem:
    work = chip_work.find_work(outcome.transaction, outcome.terminal)
    if work is None:
        return _end_of_doubt(centre, arrival, outcome)
    if chip_work.settled(work):
        return problems.CONTENT_DIFFERS
    decision = chip_work.settle(centre, work, outcome)
    return decision if isinstance(decision, Problem) else _answer(centre, arrival, decision)


def _end_of_doubt(centre: Centre, arrival: Arrival, outcome: Outcome) -> Signed | Problem:
    doubt = pin_changes.find_doubt(outcome.transaction, outcome.terminal)
    if doubt is None:
        return problems.NOT_AUTHORISED
    decision = pin_changes.settle(centre, doubt, outcome)
    return decision if isinstance(decision, Problem) else _answer(centre, arrival, decision)


def kind(transaction: Transaction) -> Kind:
    return Kind(str(transaction.__struct_config__.tag))


# --- the answer -------------------------------------------------------------------------------


def _answer(centre: Centre, arrival: Arrival, decision: Decision) -> Signed:
    """Sign a new verdict, and keep it with the item and as the transaction's last."""
    item, now = arrival.item, centre.now()
    verdict = Verdict(
        id=arrival.transaction,
        terminal=item.terminal,
        outcome=decision.ruling.outcome,
        code=decision.ruling.code,
        reason=decision.ruling.reason,
        effective_at=decision.effective_at,
        card_status=decision.card_status,
        receipt_no=decision.receipt_no,
        acknowledged=Acknowledged(item.journal_id, item.seq, arrival.sha256, item.record_seq, item.head, now),
    )
    signed = centre.keys.verdict.sign(Domain.VERDICT, canonical(verdict))
    _keep(verdict, signed, item, decision)
    return _store(centre, arrival, signed)


def _keep(verdict: Verdict, signed: Signed, item: Transaction | Outcome | Void, decision: Decision) -> None:
    """As the transaction's last verdict; its kind and person stay once they are known."""
    known: dict[str, object] = {} if isinstance(item, Outcome | Void) else {"kind": kind(item).value}
    known |= {} if decision.person is None else {"person": decision.person}
    said = {
        "outcome": verdict.outcome.value,
        "code": verdict.code,
        "decided_at": tables.instant(verdict.acknowledged.time),
        "verdict": canonical(signed).decode(),
    }
    row = tables.Transaction
    if row.update(**known, **said).where(row.id == verdict.id).execute() == 0:
        row.create(id=verdict.id, terminal=verdict.terminal, **known, **said)


def _store(centre: Centre, arrival: Arrival, verdict: Signed) -> Signed:
    item = arrival.item
    sequence.enter(item, _accounts_for(item), centre.now())
    tables.Item.create(
        domain=arrival.domain.value,
        transaction_id=arrival.transaction,
        terminal=item.terminal,
        journal=item.journal_id,
        seq=item.seq,
        sha256=arrival.sha256,
        signed=canonical(arrival.signed).decode(),
        verdict=canonical(verdict).decode(),
        received_at=tables.instant(centre.now()),
    )
    return verdict


def _accounts_for(item: Transaction | Outcome | Void) -> int | None:
    """The other sequence number that nobody needs to wait for any more."""
    match item:
        case Void(burns_seq=seq) | Audit(fills_seq=seq):
            return seq
        case _:
            return None
