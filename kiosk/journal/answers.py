"""What the centre's answers do.  Only its signed word, on the very bytes that were sent, moves anything."""

from __future__ import annotations

import msgspec
import structlog

from kiosk.contract import Domain, ItemAnswer, Kind, Problem, Signed, Verdict
from kiosk.journal.drafting import Drafter
from kiosk.journal.drafts import Draft, Event
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import (
    AnswerRejected,
    TransactionDoubted,
    TransactionRegistered,
    VerdictNoted,
    VerdictReceived,
)
from kiosk.journal.store import ItemRow
from kiosk.journal.transaction import Stage, Why, may_move, state_by
from kiosk.seal import Rejected

log = structlog.get_logger()

POISONED = frozenset({400, 409, 422})
"""These concern the item: the same bytes would never be taken.  Any other problem leaves it waiting."""


class Accepted(msgspec.Struct, frozen=True):
    item: ItemRow
    verdict: Verdict
    signed: Signed


class Known(msgspec.Struct, frozen=True):
    """A second copy of an answer."""


class Answers:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger, outbox: Outbox, drafter: Drafter, identity: Identity) -> None:
        self._ledger = ledger
        self._outbox = outbox
        self._drafter = drafter
        self._identity = identity
        self.rejected = 0
        """Alarms since the start."""

    def take_in(self, transaction: str, answer: ItemAnswer) -> None:
        items = self._ledger.archive.items(transaction)
        if answer.verdict is not None:
            self._verdict(transaction, items, answer.verdict)
        elif answer.problem is not None and answer.problem.status in POISONED:
            self._problem(items, answer.problem)
        else:
            self._outbox.rest()

    # --- verdicts -------------------------------------------------------------------------

    def _verdict(self, transaction: str, items: list[ItemRow], signed: Signed) -> None:
        match self._judge(transaction, items, signed):
            case Accepted() as accepted:
                self._accept(accepted)
            case Rejected(why=why):
                self._reject(transaction if items else None, why)

    def _judge(self, transaction: str, items: list[ItemRow], signed: Signed) -> Accepted | Known | Rejected:
        verdict = self._identity.verdicts.read(Domain.VERDICT, signed, Verdict)
        if isinstance(verdict, Rejected):
            return verdict
        if verdict.id != transaction or verdict.terminal != self._identity.terminal:
            return Rejected("verdict on something else")
        item = next((item for item in items if self._fits(item, verdict)), None)
        if item is None:
            return Rejected("verdict on other bytes")
        if item.delivery == "acknowledged":
            return self._stored_again(items, verdict, signed)
        return Accepted(item, verdict, signed)

    def _stored_again(self, items: list[ItemRow], verdict: Verdict, signed: Signed) -> Accepted | Known:
        """A void may be answered with the verdict that was already given: it is the void's answer, too."""
        void = next((item for item in items if item.domain == Domain.VOID and item.delivery == "sent"), None)
        return Known() if void is None else Accepted(void, verdict, signed)

    def _fits(self, item: ItemRow, verdict: Verdict) -> bool:
        name, said = self._outbox.name(item), verdict.acknowledged
        head = self._ledger.archive.digest(item.journal, item.head_seq)
        return (said.journal_id, said.seq, said.item_sha256, said.record_seq, said.head) == (
            name.journal_id,
            name.seq,
            item.sha256,
            item.head_seq,
            head.hex(),
        )

    def _accept(self, accepted: Accepted) -> None:
        transaction, name = accepted.item.transaction_id, self._outbox.name(accepted.item)
        self._outbox.acknowledge(accepted.item)
        old, new = self._ledger.archive.stage(transaction), state_by(accepted.verdict).stage
        if may_move(old, new):
            self._ledger.append(VerdictReceived(name, accepted.signed, accepted.verdict), transaction)
            return
        if old != new:
            log.warning("verdict_out_of_place", transaction=transaction, state=old, verdict=new)
        self._ledger.append(VerdictNoted(name, accepted.signed, accepted.verdict), transaction)

    def _reject(self, transaction: str | None, why: str) -> None:
        self.rejected += 1
        self._outbox.rest()
        log.error("answer_rejected", transaction=transaction, why=why)
        self._ledger.append(AnswerRejected(why), transaction)

    # --- problems -------------------------------------------------------------------------

    def _problem(self, items: list[ItemRow], problem: Problem) -> None:
        item = next((item for item in items if item.delivery == "sent"), None)
        if item is None:
            return
        log.error("item_quarantined", transaction=item.transaction_id, code=problem.code)
        self._outbox.quarantine(item, problem)
        if item.domain == Domain.TRANSACTION and self._ledger.archive.stage(item.transaction_id) == Stage.DRAFTED:
            self._ledger.append(TransactionDoubted(Why.QUARANTINED), item.transaction_id)
        self._fill(item, problem)

    def _fill(self, item: ItemRow, problem: Problem) -> None:
        """The centre must not wait for this number.  A filling that is itself refused is not filled again."""
        drafted = self._ledger.archive.drafted(item.transaction_id)
        if isinstance(drafted.matter, Event) and drafted.matter.fills_seq is not None:
            return
        event = Event("item_quarantined", {"transaction": item.transaction_id, "code": problem.code}, item.seq)
        self.report(drafted.visit, event)

    def report(self, visit: str, event: Event) -> str:
        """An audit item: nobody waits for it."""
        transaction = self._drafter.submit(Draft(kind=Kind.AUDIT, visit=visit, matter=event))
        self._ledger.append(TransactionRegistered(handed=False), transaction)
        return transaction
