"""重置 and 解锁: transactions whose effect is on the chip.

The centre authorises, the HSM gives the chip its cryptograms (`rules.cryptograms`), and the terminal reports what the
chip did.  From the moment the secure message left the HSM only that report can end the transaction.
"""

from __future__ import annotations

from kiosk.contract import ChipResult, Kind, Outcome, Problem, ReloadPin, UnblockPin, VerdictOutcome
from kiosk.seal import Rejected
from kiosk.terms import CardStatus
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import proofs, queries, quotas, receipts
from sync.central.verdicts import Decision, Ruling

WHAT_HAPPENED = {Kind.RELOAD_PIN: "pin_reloaded", Kind.UNBLOCK_PIN: "pin_unblocked"}


def authorise(centre: Centre, transaction: ReloadPin | UnblockPin, kind: Kind) -> Decision | Problem:
    """With both cards of one person, a chip that proved itself genuine in this visit, and a further proof."""
    shown = transaction.evidence
    if shown.id_card is None or shown.ssc is None or not shown.ssc.authenticated or transaction.sealed is None:
        return Decision(verdicts.PROOF_MISSING)
    personal = centre.keys.open_personal(transaction.sealed, transaction.terminal, transaction.id)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    person = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return Decision(verdicts.HOLDER_UNKNOWN)
    card = queries.find_card(personal)
    if card is None:
        return Decision(verdicts.CARD_UNKNOWN, person)
    if card.person != person or not queries.bind_visit(transaction.terminal, transaction.visit, person):
        return Decision(verdicts.NOT_THIS_HOLDER, person)
    return _judge(centre, transaction, kind, card)


def _judge(centre: Centre, transaction: ReloadPin | UnblockPin, kind: Kind, card: tables.Card) -> Decision:
    refusal = _illegal(card) or _over_quota(centre, transaction.terminal, kind, card)
    if refusal is not None:
        return Decision(refusal, card.person, card_status=card.status)
    proof = proofs.find_proof(centre, transaction, kind, card.person)
    if not queries.saw_genuine(transaction.terminal, transaction.visit, card):
        proof = verdicts.PROOF_MISSING
    if not isinstance(proof, tables.Proof):
        return Decision(proof, card.person, card_status=card.status)
    proof.spent = True
    proof.save()
    now = centre.now()
    tables.ChipWork.create(
        transaction_id=transaction.id,
        terminal=transaction.terminal,
        kind=kind.value,
        person=card.person,
        card=card,
        visit=transaction.visit,
        authorised_at=tables.instant(now),
    )
    return Decision(verdicts.AUTHORISED, card.person, now, card.status)


def _illegal(card: tables.Card) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    return None if card.status is CardStatus.NORMAL else verdicts.NO_PIN_WORK[card.status]


def _over_quota(centre: Centre, terminal: str, kind: Kind, card: tables.Card) -> Ruling | None:
    row, limits = tables.ChipWork, centre.limits
    begun = row.select().where(row.authorised_at >= quotas.today(centre))
    if begun.where(row.person == card.person).count() >= limits.pin_work_per_person_a_day:
        return verdicts.QUOTA_PIN_WORK
    if begun.where(row.terminal == terminal).count() >= limits.pin_work_per_terminal_a_day:
        return verdicts.QUOTA_TERMINAL
    if kind is Kind.UNBLOCK_PIN and quotas.unblocked_enough(centre, card):
        return verdicts.QUOTA_UNBLOCK
    return None


# --- how it ends ------------------------------------------------------------------------------


def find_work(transaction: str, terminal: str) -> tables.ChipWork | None:
    """None: never authorised for this terminal."""
    work: tables.ChipWork | None = tables.ChipWork.get_or_none(transaction_id=transaction, terminal=terminal)
    return work


def is_open(work: tables.ChipWork) -> bool:
    """Authorised, and neither voided nor reported on since."""
    return bool(tables.Transaction.get_by_id(work.transaction_id).outcome == VerdictOutcome.AUTHORISED.value)


def settled(work: tables.ChipWork) -> bool:
    """Only `unknown` may still change."""
    return work.result not in (None, ChipResult.UNKNOWN.value)


def void(work: tables.ChipWork) -> Decision:
    """Before anything left the HSM that could change a chip, it can still be burnt."""
    return Decision(verdicts.VOID if work.issued_at is None else verdicts.ISSUED, work.person)


def settle(centre: Centre, work: tables.ChipWork, outcome: Outcome) -> Decision | Problem:
    """Believe what the chip did, as far as it can be: without a secure message it did nothing."""
    if work.issued_at is None and outcome.result is ChipResult.DONE:
        return problems.NEVER_ISSUED
    work.result = outcome.result.value
    work.save()
    if work.issued_at is None or outcome.result is ChipResult.NOT_DONE:
        return Decision(verdicts.CHIP_NOT_DONE, work.person)
    if outcome.result is ChipResult.DONE:
        return _done(centre, work, work.issued_at, outcome)
    return Decision(verdicts.CHIP_DOUBTFUL[outcome.result], work.person)


def _done(centre: Centre, work: tables.ChipWork, issued_at: str, outcome: Outcome) -> Decision:
    """In effect since the message left: the report may come days later, the chip did it within seconds."""
    kind = Kind(work.kind)
    if kind is Kind.RELOAD_PIN and outcome.pin_verified is False:
        tables.CardEvent.create(person=work.person, card=work.card, what="pin_differs", at=issued_at)
        return Decision(verdicts.CHIP_PIN_DIFFERS, work.person, tables.moment(issued_at), work.card.status)
    tables.CardEvent.create(person=work.person, card=work.card, what=WHAT_HAPPENED[kind], at=issued_at)
    receipt = receipts.next_number(centre.now())
    return Decision(verdicts.CHIP_DONE[kind], work.person, tables.moment(issued_at), work.card.status, receipt)
