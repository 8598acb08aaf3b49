"""重置 and 解锁: transactions whose effect is on the chip.

The centre authorises, the HSM gives the chip its cryptograms (`rules.cryptograms`), and the terminal reports what the
chip did.  From the moment the secure message left the HSM only that report can end the transaction.
"""

from __future__ import annotations

from kiosk.contract import ChipResult, Kind, Outcome, Problem, ReloadPin, UnblockPin, VerdictOutcome
from kiosk.terms import CardStatus
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, proofs, quotas, receipts, visits
from sync.central.verdicts import Decision, Ruling

WHAT_HAPPENED = {Kind.RELOAD_PIN: history.PIN_RELOADED, Kind.UNBLOCK_PIN: history.PIN_UNBLOCKED}


def authorise(centre: Centre, transaction: ReloadPin | UnblockPin) -> Decision | Problem:
    """With both cards of one person, a chip that proved itself genuine in this visit, and a further proof."""
    card = visits.card_in_slot(centre, transaction)
    if not isinstance(card, tables.Card):
        return card
    kind = Kind.RELOAD_PIN if isinstance(transaction, ReloadPin) else Kind.UNBLOCK_PIN
    ruling = _judge(centre, transaction.terminal, card, kind)
    if ruling is None and not visits.saw_genuine(transaction.terminal, transaction.visit, card):
        ruling = verdicts.PROOF_MISSING
    ruling = ruling or proofs.spend(centre, transaction, kind, card.person)
    if ruling is not None:
        return Decision(ruling, card.person, card_status=card.status)
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


def judge_reload(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    return _judge(centre, terminal, card, Kind.RELOAD_PIN)


def judge_unblock(centre: Centre, terminal: str, card: tables.Card) -> Ruling | None:
    return _judge(centre, terminal, card, Kind.UNBLOCK_PIN)


def _judge(centre: Centre, terminal: str, card: tables.Card, kind: Kind) -> Ruling | None:
    if not card.current:
        return verdicts.CARD_REPLACED
    if card.status is not CardStatus.NORMAL:
        return verdicts.NO_PIN_WORK[card.status]
    return _over_quota(centre, terminal, kind, card)


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
        history.note(work.card, history.PIN_DIFFERS, tables.moment(issued_at))
        return Decision(verdicts.CHIP_PIN_DIFFERS, work.person, tables.moment(issued_at), work.card.status)
    history.note(work.card, WHAT_HAPPENED[kind], tables.moment(issued_at))
    receipt = receipts.next_number(centre.now())
    return Decision(verdicts.CHIP_DONE[kind], work.person, tables.moment(issued_at), work.card.status, receipt)
