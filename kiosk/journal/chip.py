"""A transaction whose effect is on the chip: what is written down while the card is in the slot.

Authorised by the centre, it is acted on at most once, and ends in done, not done or in doubt; the centre is told
which in the same commit.  For a PIN change nobody is asked: it begins by acting.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import ChipResult, Kind
from kiosk.journal.breaker import Breaker
from kiosk.journal.conclusions import Conclusion, DidNotHappen, Happened, Unknown
from kiosk.journal.doubts import Doubts
from kiosk.journal.drafting import Drafter
from kiosk.journal.drafts import Draft, Event
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import ChipFacts, Outbox
from kiosk.journal.records import PukTried, TransactionActing, TransactionConcluded
from kiosk.journal.transaction import (
    AFTER_ACTING,
    ON_THE_CHIP,
    WEARS_OUT_CARDS,
    Acting,
    Authorised,
    IllegalMove,
    Stage,
    Untouched,
    Why,
)


class Chip:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger, outbox: Outbox, drafter: Drafter, doubts: Doubts) -> None:
        self._ledger = ledger
        self._archive = ledger.archive
        self._outbox = outbox
        self._drafter = drafter
        self._doubts = doubts
        self.breaker = Breaker(ledger)

    # --- the steps ---------------------------------------------------------------------------

    def puk(self, transaction: str) -> None:
        """Once, and never while the breaker is off.  Raises IllegalMove."""
        self._must_be_authorised(transaction)
        if self.breaker.off():
            raise IllegalMove("the unblock key is switched off on this terminal")
        if self._puk_tried(transaction):
            raise IllegalMove("the unblock key is tried once a transaction")
        self._ledger.append(PukTried(), transaction)

    def act(self, transaction: str, tries_before: int | None) -> None:
        """Raises IllegalMove."""
        self._must_be_authorised(transaction)
        if not self._puk_tried(transaction):
            raise IllegalMove("no card takes the command before EXTERNAL AUTHENTICATE")
        self._ledger.append(TransactionActing(tries_before), transaction)

    def begin_change(self, draft: Draft, tries_before: int | None) -> str:
        """Intent and act in one commit; the item waits for the result.  Raises IllegalMove."""
        if draft.kind is not Kind.PIN_CHANGED:
            raise IllegalMove(f"{draft.kind} does not begin by acting")
        transaction = self._drafter.draft(draft)
        self._ledger.append(TransactionActing(tries_before), transaction)
        return transaction

    def conclude(self, transaction: str, conclusion: Conclusion) -> None:
        """Raises IllegalMove; msgspec.ValidationError for what no record may say."""
        conclusion = msgspec.convert(msgspec.to_builtins(conclusion), Conclusion)
        stage = self._archive.stage(transaction)
        if stage not in {Stage.AUTHORISED, Stage.ACTING}:
            raise IllegalMove(f"{stage} is not concluded by the chip")
        if isinstance(conclusion, Unknown) and (stage is not Stage.ACTING or conclusion.why not in AFTER_ACTING):
            raise IllegalMove(f"{stage} does not end in doubt because of {conclusion.why}")
        self._conclude(transaction, conclusion)

    def switch_off(self, transaction: str) -> None:
        if self.breaker.trip(transaction):
            self._drafter.report(
                self._archive.drafted(transaction).visit, Event("puk_off", {"transaction": transaction})
            )

    def switch_on(self, by: str) -> None:
        if self.breaker.clear(by):
            self._drafter.report(self._ledger.boot, Event("puk_cleared", {"by": by}))

    # --- when it never came so far ----------------------------------------------------------------

    def not_taken(self, transaction: str) -> None:
        """The centre cannot take it, so there is nothing to tell the centre of its end either."""
        self._ledger.append(TransactionConcluded(DidNotHappen(None, Untouched.NOT_TAKEN)), transaction)

    def never_acted(self, transaction: str) -> None:
        """The centre allowed it too late.  This terminal knows that it sent nothing to the card."""
        self._conclude(transaction, DidNotHappen(None, Untouched.NEVER_ACTED))

    def not_burnt(self, transaction: str) -> None:
        """The void came after the centre had allowed it."""
        if self._doubts.state(transaction).why is Why.RESTORED:
            self._outbox.tell(transaction, ChipFacts(ChipResult.UNKNOWN))
        else:
            self.never_acted(transaction)

    def recover(self, restored: bool) -> None:
        """At every start.  `restored`: this file may be older than what the terminal did, a refused key included."""
        if restored:
            self.breaker.trip(None)
        for left in self._archive.in_stage(Stage.AUTHORISED):
            self._conclude(
                left.id, Unknown(None, Why.RESTORED) if restored else DidNotHappen(None, Untouched.RESTARTED)
            )
        for left in self._archive.in_stage(Stage.ACTING):
            self._conclude(left.id, Unknown(self._tries_before(left.id), Why.RESTORED if restored else Why.INTERRUPTED))

    # --- how -----------------------------------------------------------------------------------

    def _must_be_authorised(self, transaction: str) -> None:
        view = self._archive.view(transaction)
        if not isinstance(view.state, Authorised) or view.kind not in ON_THE_CHIP:
            raise IllegalMove(f"{view.kind}, {view.state.stage}: nothing may be sent to the card")

    def _puk_tried(self, transaction: str) -> bool:
        since = self._archive.since_state(transaction)
        return any(isinstance(record.body, PukTried) for record in since)

    def _tries_before(self, transaction: str) -> int | None:
        state = self._archive.view(transaction).state
        return state.tries_before if isinstance(state, Acting) else None

    def _conclude(self, transaction: str, conclusion: Conclusion) -> None:
        facts = _facts(conclusion, self._tries_before(transaction))
        self._ledger.append(TransactionConcluded(conclusion), transaction)
        self._tell(transaction, facts)
        if isinstance(conclusion, DidNotHappen) and conclusion.why in WEARS_OUT_CARDS:
            self.switch_off(transaction)
        if isinstance(conclusion, Happened):
            self._doubts.reset_done(transaction)

    def _tell(self, transaction: str, facts: ChipFacts) -> None:
        """In an outcome; of a PIN change the centre has heard nothing yet: its own item says it."""
        if self._archive.drafted(transaction).kind is Kind.PIN_CHANGED:
            self._drafter.tell(transaction, facts)
        else:
            self._outbox.tell(transaction, facts)


def _facts(conclusion: Conclusion, tries_before: int | None) -> ChipFacts:
    match conclusion:
        case Happened():
            return ChipFacts(
                ChipResult.DONE,
                sw=conclusion.sw,
                tries_before=conclusion.tries_before,
                tries_after=conclusion.tries_after,
                pin_verified=conclusion.pin_verified,
            )
        case DidNotHappen(sw=sw):
            return ChipFacts(ChipResult.NOT_DONE, sw=sw, tries_before=tries_before)
        case Unknown(tries_before=before):
            return ChipFacts(ChipResult.UNKNOWN, tries_before=before)
