"""When nobody knows whether the chip did it: what settles that, and what does not.

A doubt *about the chip* is one whose command went out: the centre was told `unknown`.  Any other doubt is about the
centre's answer alone, and ends with it.
"""

from __future__ import annotations

import datetime as dt
import itertools

import msgspec

from kiosk.contract import ChipResult, Domain, Kind
from kiosk.journal.archive import View
from kiosk.journal.conclusions import (
    CounterRestored,
    GivenUp,
    LaterReset,
    OwnEvidence,
    PinVerifies,
)
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import ChipFacts, Outbox
from kiosk.journal.records import TransactionSettled
from kiosk.journal.store import IN_DOUBT, TransactionRow
from kiosk.journal.transaction import (
    ON_THE_CHIP,
    SETS_THE_PIN,
    Done,
    IllegalMove,
    InDoubt,
    Moot,
    Registered,
    Stage,
    Unresolvable,
)

GIVE_UP_AFTER = dt.timedelta(days=30)


class TooEarly(Exception):
    """Evidence may still come: the person can come back with the card."""


class Doubts:
    """Every method runs inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger, outbox: Outbox) -> None:
        self._ledger = ledger
        self._archive = ledger.archive
        self._outbox = outbox

    def newest(self, card_ref: str) -> View | None:
        """About this card's chip.  Older ones of the same card are settled by a reset, not by looking at it."""
        for row in reversed(self._of_card(card_ref)):
            if row.stage == Stage.IN_DOUBT and self.about_the_chip(row.id):
                return self._archive.view(row.id)
        return None

    def about_the_chip(self, transaction: str) -> bool:
        return self._row(transaction).kind == Kind.PIN_CHANGED or self._has_outcome(transaction)

    def _has_outcome(self, transaction: str) -> bool:
        return any(item.domain == Domain.OUTCOME for item in self._archive.items(transaction))

    def to_ask_about(self, after: str, limit: int) -> tuple[str, ...]:
        """Ids beyond `after`, in order.  Of what still waits in the outbox the answer will come anyway.

        Of a PIN change the centre knows what it was told here, and no more.
        """
        not_its_word = TransactionRow.kind != Kind.PIN_CHANGED.value
        in_doubt = self._ledger.store.all(TransactionRow.select().where(IN_DOUBT, not_its_word))
        beyond = sorted(row.id for row in in_doubt if row.id > after)
        return tuple(itertools.islice((id for id in beyond if not self._outbox.waits(id)), limit))

    # --- settling ------------------------------------------------------------------------------

    def settle(self, transaction: str, evidence: OwnEvidence) -> None:
        """Evidence that proves nothing leaves the doubt as it is.

        Raises IllegalMove, TooEarly, and msgspec.ValidationError for what no record may say.
        """
        evidence = msgspec.convert(msgspec.to_builtins(evidence), OwnEvidence)
        state = self.state(transaction)
        if isinstance(evidence, GivenUp):
            self._long_enough(transaction)
        elif not self.about_the_chip(transaction):
            raise IllegalMove("no command went out: the card knows nothing of it")
        if self._proves(transaction, state, evidence):
            self._settle(transaction, state, evidence)

    def state(self, transaction: str) -> InDoubt:
        """Raises IllegalMove for a transaction that nobody doubts."""
        state = self._archive.view(transaction).state
        if not isinstance(state, InDoubt):
            raise IllegalMove(f"{state.stage} is no doubt")
        return state

    def reset_done(self, transaction: str) -> None:
        """Whatever was in doubt about a card before it got this PIN, if it did, does not matter any more."""
        reset = self._row(transaction)
        if reset.kind not in SETS_THE_PIN or reset.stage != Stage.DONE or reset.card_ref is None:
            return
        for row in self._of_card(reset.card_ref):
            if row.stage == Stage.IN_DOUBT and _earlier(row, reset) and self.about_the_chip(row.id):
                self._settle(row.id, self.state(row.id), LaterReset(transaction))

    def _settle(self, transaction: str, state: InDoubt, evidence: OwnEvidence) -> None:
        self._ledger.append(TransactionSettled(evidence), transaction)
        if self.about_the_chip(transaction):  # only what was told as unknown can be told again
            self._outbox.tell(transaction, _facts(evidence, state.tries_before))
        self.reset_done(transaction)

    # --- what proves what ------------------------------------------------------------------------

    def _proves(self, transaction: str, state: InDoubt, evidence: OwnEvidence) -> bool:
        match evidence:
            case PinVerifies() if self._row(transaction).kind == Kind.RELOAD_PIN:
                return self._nothing_since(transaction)
            case PinVerifies():
                return self._counter_tells(transaction, state)
            case CounterRestored(tries_after=tries_after):
                return tries_after > 0 and self._counter_tells(transaction, state)
            case LaterReset(of=of):
                return self._was_reset_by(transaction, of)
            case GivenUp():
                return True

    def _counter_tells(self, transaction: str, state: InDoubt) -> bool:
        """It was known to be 0, and this file has everything that was done on this terminal since."""
        restored_since = self._row(transaction).journal != self._ledger.journal.number
        return state.tries_before == 0 and not restored_since and self._nothing_since(transaction)

    def _nothing_since(self, transaction: str) -> bool:
        """Nothing else on record explains what the chip shows now."""
        own = self._row(transaction)
        later = [row for row in self._of_card(own.card_ref) if _earlier(own, row)]
        return not any(self._may_have_changed(row) for row in later)

    def _may_have_changed(self, row: TransactionRow) -> bool:
        if row.kind not in ON_THE_CHIP | {Kind.PIN_CHANGED}:
            return False
        match self._archive.view(row.id).state:
            case Done() | Registered() | Moot() | Unresolvable():
                return True
            case InDoubt():
                return self.about_the_chip(row.id)
        return False

    def _was_reset_by(self, transaction: str, later: str) -> bool:
        own, reset = self._row(transaction), self._row(later)
        same_card = own.card_ref is not None and own.card_ref == reset.card_ref
        return same_card and reset.kind in SETS_THE_PIN and reset.stage == Stage.DONE and _earlier(own, reset)

    def _long_enough(self, transaction: str) -> None:
        row = self._row(transaction)
        since = self._archive.record(row.state_journal, row.state_seq).wall
        if self._ledger.clock.now() < since + GIVE_UP_AFTER:
            raise TooEarly(
                f"存疑未满30天，{since + GIVE_UP_AFTER:%Y-%m-%d}之前持卡人仍可能持卡前来 "
                f"(in doubt for less than {GIVE_UP_AFTER.days} days: the holder may still come with the card)"
            )

    # --- rows --------------------------------------------------------------------------------------

    def _row(self, transaction: str) -> TransactionRow:
        row = self._archive.row(transaction)
        if row is None:
            raise KeyError(transaction)
        return row

    def _of_card(self, card_ref: str | None) -> list[TransactionRow]:
        """Oldest first."""
        if card_ref is None:
            return []
        of_it = TransactionRow.select().where(TransactionRow.card_ref == card_ref)
        return self._ledger.store.all(of_it.order_by(TransactionRow.journal, TransactionRow.drafted_seq))


def _earlier(one: TransactionRow, other: TransactionRow) -> bool:
    earlier: bool = (one.journal, one.drafted_seq) < (other.journal, other.drafted_seq)
    return earlier


def _facts(evidence: OwnEvidence, tries_before: int | None) -> ChipFacts:
    match evidence:
        case PinVerifies():
            return ChipFacts(ChipResult.DONE, tries_before=tries_before, pin_verified=True)
        case CounterRestored(tries_after=tries_after):
            return ChipFacts(ChipResult.DONE, tries_before=tries_before, tries_after=tries_after)
        case LaterReset():
            return ChipFacts(ChipResult.MOOT, tries_before=tries_before)
        case GivenUp():
            return ChipFacts(ChipResult.UNRESOLVABLE, tries_before=tries_before)
