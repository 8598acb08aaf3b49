"""What the centre's answers do.  Only its signed word, on the very bytes that were sent, moves anything."""

from __future__ import annotations

import msgspec
import structlog

from kiosk.contract import Domain, ItemAnswer, Problem, Signed, Verdict, VerdictOutcome
from kiosk.journal.chip import Chip
from kiosk.journal.doubts import Doubts
from kiosk.journal.drafting import Drafter
from kiosk.journal.drafts import Event
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import (
    AnswerRejected,
    TransactionDoubted,
    VerdictNoted,
    VerdictReceived,
)
from kiosk.journal.store import ItemRow
from kiosk.journal.transaction import ON_THE_CHIP, Drafted, InDoubt, Stage, Why, may_move, state_by
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


_ONLY_ABOUT_A_CHIP = {VerdictOutcome.AUTHORISED, VerdictOutcome.ISSUED}


class Answers:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(
        self, ledger: Ledger, outbox: Outbox, drafter: Drafter, chip: Chip, doubts: Doubts, identity: Identity
    ) -> None:
        self._ledger = ledger
        self._outbox = outbox
        self._drafter = drafter
        self._chip = chip
        self._doubts = doubts
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
                self._outbox.rest()
                self._reject(transaction if items else None, why)

    def _judge(self, transaction: str, items: list[ItemRow], signed: Signed) -> Accepted | Known | Rejected:
        trusted = self._trusted(transaction, items, signed)
        if isinstance(trusted, Accepted) and trusted.item.delivery == "acknowledged":
            return self._stored_again(items, trusted.verdict, signed)
        return trusted

    def _trusted(self, transaction: str, items: list[ItemRow], signed: Signed) -> Accepted | Rejected:
        verdict = self._identity.verdicts.read(Domain.VERDICT, signed, Verdict)
        if isinstance(verdict, Rejected):
            return verdict
        if verdict.id != transaction or verdict.terminal != self._identity.terminal:
            return Rejected("verdict on something else")
        item = next((item for item in items if self._fits(item, verdict)), None)
        if item is None:
            return Rejected("verdict on other bytes")
        kind = self._ledger.archive.view(transaction).kind
        if kind not in ON_THE_CHIP and verdict.outcome in _ONLY_ABOUT_A_CHIP:
            return Rejected("a verdict that this kind cannot get")
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
        self._outbox.acknowledge(accepted.item)
        if accepted.item.domain == Domain.OUTCOME:  # the centre has it; what the chip did is not its to decide
            self._note(accepted)
        elif self._ledger.archive.view(accepted.item.transaction_id).kind in ON_THE_CHIP:
            self._accept_for_chip(accepted)
        else:
            self._move(accepted)

    def _accept_for_chip(self, accepted: Accepted) -> None:
        """Whether the chip was touched this terminal knows itself: only an intent that still waits is authorised."""
        transaction, outcome = accepted.item.transaction_id, accepted.verdict.outcome
        match self._ledger.archive.view(transaction).state:
            case _ if outcome in {VerdictOutcome.REFUSED, VerdictOutcome.VOID}:
                self._move(accepted)
            case Drafted() if outcome == VerdictOutcome.AUTHORISED:
                self._move(accepted)
            case Drafted():
                self._note(accepted)
                self._ledger.append(TransactionDoubted(Why.ISSUED), transaction)
                self._chip.never_acted(transaction)
            case InDoubt(why=Why.RESTORED) if state_by(accepted.verdict).stage is Stage.DONE:
                self._move(accepted)
            case InDoubt() if accepted.item.domain == Domain.VOID:
                self._note(accepted)
                self._chip.not_burnt(transaction)
            case _:  # only the void's answer decides about what nobody waits for
                self._note(accepted)

    def _move(self, accepted: Accepted) -> None:
        transaction = accepted.item.transaction_id
        old, new = self._ledger.archive.stage(transaction), state_by(accepted.verdict).stage
        if may_move(old, new):
            self._receive(accepted)
            return
        if old != new:
            log.warning("verdict_out_of_place", transaction=transaction, state=old, verdict=new)
        self._note(accepted)

    def _receive(self, accepted: Accepted) -> None:
        body = VerdictReceived(self._outbox.name(accepted.item), accepted.signed, accepted.verdict)
        self._ledger.append(body, accepted.item.transaction_id)

    def _note(self, accepted: Accepted) -> None:
        body = VerdictNoted(self._outbox.name(accepted.item), accepted.signed, accepted.verdict)
        self._ledger.append(body, accepted.item.transaction_id)

    def _reject(self, transaction: str | None, why: str) -> None:
        self.rejected += 1
        log.error("answer_rejected", transaction=transaction, why=why)
        self._ledger.append(AnswerRejected(why), transaction)

    def hear(self, transaction: str, signed: Signed) -> None:
        """The centre's record about a doubt, asked for by id.  Raises IllegalMove when there is no doubt."""
        doubt = self._doubts.state(transaction)
        match self._trusted(transaction, self._ledger.archive.items(transaction), signed):
            case Rejected(why=why):
                self._reject(transaction, why)
            case Accepted() as accepted if self._decides(accepted):
                self._receive(accepted)
                self._doubts.decided(transaction, doubt)
            case accepted:
                self._note(accepted)

    def _decides(self, accepted: Accepted) -> bool:
        """Not by allowing it; and nobody can have done to a chip what was never sent to it."""
        transaction, said = accepted.item.transaction_id, state_by(accepted.verdict).stage
        if said is Stage.DONE and self._ledger.archive.view(transaction).kind in ON_THE_CHIP:
            return self._doubts.about_the_chip(transaction)
        return said in {Stage.DONE, Stage.REFUSED, Stage.VOID}

    # --- problems -------------------------------------------------------------------------

    def _problem(self, items: list[ItemRow], problem: Problem) -> None:
        item = next((item for item in items if item.delivery == "sent" and not item.burnt), None)
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
        self._drafter.report(drafted.visit, event)
