"""Whatever is sent, in whatever order, with or without evidence: a card makes legal moves only, told by verdicts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk import contract as c
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import tables
from tests.central.office import Office
from tests.central.pin_visit import Counter

MOVES = {
    c.TemporaryLoss: ({CardStatus.NORMAL}, CardStatus.TEMPORARILY_LOST),
    c.FormalLoss: ({CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST}, CardStatus.FORMALLY_LOST),
    c.Release: ({CardStatus.TEMPORARILY_LOST}, CardStatus.NORMAL),
    c.Activation: ({CardStatus.SEALED}, CardStatus.NORMAL),
    c.Replacement: ({CardStatus.NORMAL}, CardStatus.NORMAL),
}
"""From where, and where to: nothing else moves a card."""
KIND = {type_: c.Kind(str(type_.__struct_config__.tag)) for type_ in MOVES}
MANY = Quotas(
    losses_per_person_a_day=1000,
    readings_per_card_an_hour=1000,
    codes_per_person_a_day=1000,
    card_work_per_person_a_day=1000,
)

TYPES = st.sampled_from(list(MOVES))
STATUSES = st.sampled_from([status for status in CardStatus if status is not CardStatus.UNKNOWN])
MISSING: list[dict[str, Any]] = [{"ssc": None}, {"id_card": None}, {"proof": c.Proof()}, {"chip_pin_verified": False}]


class CardAtTheCentre(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.office = Office(Path(self.folder.name), MANY)
        self.counter = Counter(self.office)
        self.counter.read()
        self.status = CardStatus.NORMAL
        self.sent: list[tuple[c.TransactionBase, c.Verdict]] = []

    def teardown(self) -> None:
        self.office.centre.store.close()
        self.folder.cleanup()

    # --- what may come --------------------------------------------------------------------

    @rule(type_=TYPES)
    def everything_is_shown(self, type_: type[c.TransactionBase]) -> None:
        filed, offered = self.on_order(), self.counter.operations()
        verdict = self.send(self.work(type_))
        before, after = MOVES[type_]
        if KIND[type_] in offered:
            assert verdict.outcome is c.VerdictOutcome.DONE
            assert self.status in before
            assert not (filed and type_ in {c.Release, c.Replacement})
            self.status = after
        else:
            assert verdict.outcome in {c.VerdictOutcome.ALREADY, c.VerdictOutcome.REFUSED}
        assert verdict.card_status is self.status

    @rule(type_=TYPES, missing=st.sampled_from(MISSING))
    def something_is_missing(self, type_: type[c.TransactionBase], missing: dict[str, Any]) -> None:
        needed = {"id_card": MOVES, "ssc": {c.Release, c.Activation}, "chip_pin_verified": {c.Release}}
        needed["proof"] = {c.FormalLoss, c.Replacement, c.Activation}
        if type_ in needed[next(iter(missing))]:
            assert self.send(self.work(type_, **missing)).outcome is not c.VerdictOutcome.DONE

    @rule(type_=TYPES)
    def it_comes_too_late(self, type_: type[c.TransactionBase]) -> None:
        work = self.work(type_)
        self.office.clock.pass_by(minutes=1)
        if type_ is not c.TemporaryLoss:
            assert self.send(work).code == "too_late"

    @rule(type_=TYPES)
    def it_is_given_up_before_it_comes(self, type_: type[c.TransactionBase]) -> None:
        work = self.work(type_)
        assert self.counter.verdict(self.counter.line.box.void(work)).outcome is c.VerdictOutcome.VOID
        assert self.counter.verdict(work).outcome is c.VerdictOutcome.VOID

    @rule(data=st.data())
    def an_old_item_comes_again(self, data: st.DataObject) -> None:
        if self.sent:
            work, verdict = data.draw(st.sampled_from(self.sent))
            assert self.counter.verdict(work) == verdict

    @rule(data=st.data())
    def an_old_item_is_voided(self, data: st.DataObject) -> None:
        if self.sent:
            work, verdict = self.sent.pop(data.draw(st.integers(0, len(self.sent) - 1)))
            assert self.counter.verdict(self.counter.line.box.void(work)) == verdict

    @rule(type_=TYPES)
    def asked_twice_it_is_already_so(self, type_: type[c.TransactionBase]) -> None:
        first = self.send(self.work(type_))
        if first.outcome is c.VerdictOutcome.DONE:
            self.status = MOVES[type_][1]
        if first.outcome in {c.VerdictOutcome.DONE, c.VerdictOutcome.ALREADY}:
            second, third = (self.send(self.work(type_)) for _ in range(2))
            assert second.outcome is c.VerdictOutcome.ALREADY
            told = [(told.effective_at, told.receipt_no, told.card_status) for told in (second, third)]
            assert told[0] == told[1]

    @rule(status=STATUSES)
    def a_window_decides(self, status: CardStatus) -> None:
        """Orders stay: nobody at a window takes one back."""
        with self.office.centre.store.transaction():
            tables.Card.update(status_code=status.value).execute()
        self.status = status

    # --- what must hold -------------------------------------------------------------------

    @invariant()
    def the_card_is_where_the_verdicts_say(self) -> None:
        assert self.counter.card_status() is self.status

    @invariant()
    def one_new_card_at_most_is_on_order(self) -> None:
        with self.office.centre.store.transaction():
            orders = tables.ReplacementOrder.select().count()
            assert orders == int(tables.Card.get().replacement_filed)

    # --- pieces ---------------------------------------------------------------------------

    def work(self, type_: type[c.TransactionBase], **missing: Any) -> Any:
        kind = KIND[type_]
        proof = self.counter.proof(kind) if type_ in {c.FormalLoss, c.Replacement, c.Activation} else None
        shown = {"chip_pin_verified": True, **missing}
        evidence = msgspec.structs.replace(self.counter.visit.evidence(proof), **shown)
        reason = {"reason": "damaged"} if type_ is c.Replacement else {}
        return self.counter.visit.work(type_, evidence=evidence, **reason)

    def send(self, work: c.TransactionBase) -> c.Verdict:
        verdict = self.counter.verdict(work)
        self.sent.append((work, verdict))
        return verdict

    def on_order(self) -> bool:
        with self.office.centre.store.transaction():
            return bool(tables.Card.get().replacement_filed)


TestCardAtTheCentre = CardAtTheCentre.TestCase
TestCardAtTheCentre.settings = settings(max_examples=12, stateful_step_count=15)
