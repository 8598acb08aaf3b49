"""What the centre's answers do.  Only its signed word, on the very bytes that were sent, moves anything."""

from __future__ import annotations

import msgspec
import structlog

from kiosk.contract import Domain, ItemAnswer, Kind, Problem, Signed, Verdict, VerdictOutcome
from kiosk.journal.chip import Chip
from kiosk.journal.doubts import Doubts
from kiosk.journal.drafting import Drafter
from kiosk.journal.drafts import Event
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import (
    AnswerRejected,
    ItemName,
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
        self._alarmed: set[str] = set()
        """Transactions whose record was not the centre's word; each is written down once a start."""

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
            case Known() if self._outbox.waits(transaction):
                self._outbox.rest()  # an old answer, and not to what waits for one

    def _judge(self, transaction: str, items: list[ItemRow], signed: Signed) -> Accepted | Known | Rejected:
        verdict = self._trusted(transaction, items, signed)
        if isinstance(verdict, Rejected):
            return verdict
        item = next((item for item in items if self._fits(item, verdict)), None)
        if item is None or item.delivery == "acknowledged":
            item = self._answered_with_stored(items, lost=item is None)
        return Known() if item is None else Accepted(item, verdict, signed)

    def _trusted(self, transaction: str, items: list[ItemRow], signed: Signed) -> Verdict | Rejected:
        """The centre's word on this transaction: on an item of this file, or on one that was lost with another."""
        verdict = self._identity.verdicts.read(Domain.VERDICT, signed, Verdict)
        if isinstance(verdict, Rejected):
            return verdict
        if verdict.id != transaction or verdict.terminal != self._identity.terminal:
            return Rejected("verdict on something else")
        fits = any(self._fits(item, verdict) for item in items)
        if not items or not (fits or self._lost(verdict)):
            return Rejected("verdict on other bytes")
        kind = self._ledger.archive.kind(transaction)
        if kind not in ON_THE_CHIP and verdict.outcome in _ONLY_ABOUT_A_CHIP:
            return Rejected("a verdict that this kind cannot get")
        return verdict

    def _lost(self, verdict: Verdict) -> bool:
        """On an item that was signed after the backup this file was restored from."""
        archive, journal, said = self._ledger.archive, self._ledger.journal, verdict.acknowledged
        row = archive.row(verdict.id)
        restored_since = row is not None and row.journal != journal.number
        return restored_since and said.journal_id != journal.journal_id and not archive.holds(said.journal_id, said.seq)

    def _answered_with_stored(self, items: list[ItemRow], *, lost: bool) -> ItemRow | None:
        """A void may be answered with the verdict that was already given: it is the void's answer, too.

        So may an outcome, when the verdict was given on one that was lost.
        """
        domains = {Domain.VOID, Domain.OUTCOME} if lost else {Domain.VOID}
        return next((item for item in items if item.domain in domains and item.delivery == "sent"), None)

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
        kind = self._ledger.archive.kind(accepted.item.transaction_id)
        if accepted.item.domain == Domain.OUTCOME or kind is Kind.PIN_CHANGED:
            self._note(accepted)  # the centre has it; what the chip did is not its to decide
        elif kind in ON_THE_CHIP:
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
        """The centre's record of a doubt, asked for by id.  Only what ends the doubt is written down.

        Nothing is left to hear about one that has ended meanwhile.
        """
        if self._ledger.archive.stage(transaction) is not Stage.IN_DOUBT:
            return
        match self._trusted(transaction, self._ledger.archive.items(transaction), signed):
            case Rejected(why=why):
                self._distrust(transaction, why)
            case Verdict() as verdict if self._decides(verdict):
                said = verdict.acknowledged
                self._ledger.append(VerdictReceived(ItemName(said.journal_id, said.seq), signed, verdict), transaction)
                self._doubts.reset_done(transaction)

    def _distrust(self, transaction: str, why: str) -> None:
        """It is asked for again and again: the journal must not grow with every answer."""
        if transaction not in self._alarmed:
            self._alarmed.add(transaction)
            self._reject(transaction, why)

    def _decides(self, verdict: Verdict) -> bool:
        """Not by allowing it; and nobody can have done to a chip what was never sent to it."""
        said, view = state_by(verdict).stage, self._ledger.archive.view(verdict.id)
        if view.kind is Kind.PIN_CHANGED:
            return False
        if said is Stage.DONE and view.kind in ON_THE_CHIP:
            maybe_sent_since = isinstance(view.state, InDoubt) and view.state.why is Why.RESTORED
            return maybe_sent_since or self._doubts.about_the_chip(verdict.id)
        return said in {Stage.DONE, Stage.REFUSED, Stage.VOID}

    # --- problems -------------------------------------------------------------------------

    def _problem(self, items: list[ItemRow], problem: Problem) -> None:
        item = next((item for item in items if item.delivery == "sent" and not item.burnt), None)
        if item is None:
            return
        log.error("item_quarantined", transaction=item.transaction_id, code=problem.code)
        self._outbox.quarantine(item, problem)
        if item.domain == Domain.TRANSACTION and self._ledger.archive.stage(item.transaction_id) == Stage.DRAFTED:
            self._not_taken(item.transaction_id)
        self._fill(item, problem)

    def _not_taken(self, transaction: str) -> None:
        """Nothing was sent to a chip without the centre's leave; what the centre itself may have done, nobody knows."""
        if self._ledger.archive.kind(transaction) in ON_THE_CHIP:
            self._chip.not_taken(transaction)
        else:
            self._ledger.append(TransactionDoubted(Why.QUARANTINED), transaction)

    def _fill(self, item: ItemRow, problem: Problem) -> None:
        """The centre must not wait for this number.  A filling that is itself refused is not filled again."""
        drafted = self._ledger.archive.drafted(item.transaction_id)
        if isinstance(drafted.matter, Event) and drafted.matter.fills_seq is not None:
            return
        event = Event("item_quarantined", {"transaction": item.transaction_id, "code": problem.code}, item.seq)
        self._drafter.report(drafted.visit, event)
