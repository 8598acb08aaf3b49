"""Anything can happen to a terminal, in any order; afterwards centre and journal agree."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import trio
import trio.testing
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.contract import MAY_WAIT, Domain, ItemAnswer, ItemEnvelope, Kind
from kiosk.devices import Printed
from kiosk.journal import Report, SlipIntent, reading
from kiosk.journal.transaction import Done, Drafted, InDoubt, Registered, Void
from kiosk.seal import SigningKey
from tests.journal.centre import item_of, problem
from tests.journal.office import Office, loss, person

KINDS = st.sampled_from([Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS, Kind.RELEASE, Kind.PIN_CHANGED])
LIMITS = st.integers(1, 4)


class Terminal(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="journal-"))
        self.office = Office(self._new_place())
        self.journal = self._run(self.office.open)
        self.ids: dict[str, Kind] = {}
        self.backup: Path | None = None
        self.restored = False
        self.first_arrivals: list[dict[str, Any]] = []
        self.poisoned: set[str] = set()

    def _run(self, call: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Any:
        return trio.run(call, *args, clock=trio.testing.MockClock(autojump_threshold=0))

    def _new_place(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    # --- what people do ------------------------------------------------------------------------

    @rule(kind=KINDS, who=st.integers(0, 2))
    def submit(self, kind: Kind, who: int) -> None:
        view = self._run(self.journal.submit, loss(person(who), kind))
        assert view.state == Drafted()
        self.ids[view.id] = kind

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def give_up_waiting(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.ids)))
        give_up = self.journal.register if self.ids[id] in MAY_WAIT else self.journal.void
        assert not isinstance(self._run(give_up, id).state, Drafted)

    @rule(finished=st.booleans())
    def print(self, finished: bool) -> None:
        slip = self._run(self.journal.printing, SlipIntent(name="loss"))
        if finished:
            self._run(self.journal.printed, slip, Printed())

    @rule()
    def report(self) -> None:
        self._run(self.journal.note, Report(event="paper_replaced"))

    # --- what the line does --------------------------------------------------------------------

    def _take(self, limit: int) -> tuple[ItemEnvelope, ...]:
        self.office.hand.seconds += 61  # a rest after a bad answer is over

        async def take() -> tuple[ItemEnvelope, ...]:
            with trio.move_on_after(1):
                return await self.journal.take(limit)
            return ()

        items: tuple[ItemEnvelope, ...] = self._run(take)
        return items

    def _arrive(self, items: tuple[ItemEnvelope, ...]) -> list[ItemAnswer]:
        seen = {(item.id, item.domain) for item in self.office.centre.arrived}
        self.first_arrivals += [
            item_of(item) for item in items if item.domain is Domain.TRANSACTION and (item.id, item.domain) not in seen
        ]
        return [self.office.centre.receive(item) for item in items]

    def _answer(self, items: tuple[ItemEnvelope, ...], answers: list[ItemAnswer]) -> None:
        self._run(self.journal.answer, tuple(item.id for item in items), tuple(answers))

    @rule(limit=LIMITS)
    def deliver(self, limit: int) -> None:
        items = self._take(limit)
        self._answer(items, self._arrive(items))

    @rule(limit=LIMITS)
    def answer_is_lost(self, limit: int) -> None:
        self._arrive(self._take(limit))

    @rule(limit=LIMITS)
    def request_is_lost(self, limit: int) -> None:
        self._take(limit)

    @rule(limit=LIMITS)
    def not_a_byte_left(self, limit: int) -> None:
        self._run(self.journal.keep, tuple(item.id for item in self._take(limit)))

    @rule(limit=LIMITS)
    def answers_come_twice_and_backwards(self, limit: int) -> None:
        items = self._take(limit)
        answers = self._arrive(items)
        self._answer(items[::-1], answers[::-1])
        self._answer(items, answers)

    @rule()
    def poisonous_item(self) -> None:
        items = self._take(1)
        self.poisoned.update(item.id for item in items)
        self._answer(items, [problem(422, "unreadable") for _ in items])

    @rule()
    def centre_in_trouble(self) -> None:
        items = self._take(3)
        self._answer(items, [problem(503, "later") for _ in items])

    @rule()
    def forged_answers(self) -> None:
        items, true_key = self._take(3), self.office.centre.signing
        before = [self._run(self.journal.view, item.id) for item in items]
        self.office.centre.signing = SigningKey.generate()
        answers = [self.office.centre.answer(self._lie(item)) for item in items]
        self.office.centre.signing = true_key
        self._answer(items, answers)
        assert [self._run(self.journal.view, item.id) for item in items] == before

    def _lie(self, item: ItemEnvelope) -> Any:
        data = self.office.centre.terminal.verify(item.domain, item.signed)
        assert isinstance(data, bytes)
        return self.office.centre.verdict(item.id, data, self.office.centre.outcome)

    # --- what happens to the machine -----------------------------------------------------------

    @rule()
    def plug_is_kicked(self) -> None:
        """Another process finds the files as they are on the disk in this moment."""
        place = self._new_place()
        shutil.copytree(self.office.folder, place, dirs_exist_ok=True)
        self._start_in(place)

    @rule()
    def back_up(self) -> None:
        self.backup = self._new_place()
        shutil.copytree(self.office.folder, self.backup, dirs_exist_ok=True)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def restore(self) -> None:
        """The journal is put back; what lies beside the keys is not."""
        assert self.backup is not None
        place = self._new_place()
        shutil.copytree(self.backup, place, dirs_exist_ok=True)
        shutil.copy(self.office.head_file, place / self.office.head_file.name)
        self.restored = (
            self.restored
            or self.office.head_file.read_bytes() != (self.backup / self.office.head_file.name).read_bytes()
        )
        known = {view.id for view in reading.newest(place / self.office.path.name, 10_000)}
        self.ids = {id: kind for id, kind in self.ids.items() if id in known}
        self._start_in(place)

    def _start_in(self, place: Path) -> None:
        self._run(self.journal.close)
        self.office.folder = place
        self.journal = self._run(self.office.open)
        left = [self._run(self.journal.view, id).state for id in self.ids]
        assert Drafted() not in left

    # --- what is always true -------------------------------------------------------------------

    @invariant()
    def the_chain_holds(self) -> None:
        identity = self.office.identity
        verified = reading.verify(self.office.path, head_file=identity.head_file, verdicts=identity.verdicts)
        assert verified.findings == ()

    @invariant()
    def nothing_is_claimed_that_the_centre_did_not_do(self) -> None:
        for id in self.ids:
            match self._run(self.journal.view, id).state:
                case Done():
                    assert id in self.office.centre.executed
                case Void():
                    assert id not in self.office.centre.executed
                    assert id in self.office.centre.burnt

    @invariant()
    def the_tally_is_right(self) -> None:
        with sqlite3.connect(self.office.path) as file:
            counted = dict(file.execute("SELECT place, count(*) FROM item GROUP BY place"))
            doubts = file.execute("SELECT stage, count(*) FROM transactions WHERE stage = 'in_doubt' GROUP BY stage")
            counted |= dict(doubts)
            assert dict(file.execute("SELECT name, number FROM tally WHERE number")) == counted

    def teardown(self) -> None:
        try:
            self._everything_gets_through()
            self._run(self.journal.close)
        finally:
            shutil.rmtree(self.folder)

    def _everything_gets_through(self) -> None:
        while items := self._take(100):
            self._answer(items, self._arrive(items))
        for id in set(self.ids) - self.poisoned:
            assert not isinstance(self._run(self.journal.view, id).state, Registered | InDoubt)
        self._sealed_data_are_gone()
        self._order_was_kept()
        if not self.restored:
            self._nothing_is_missing()

    def _sealed_data_are_gone(self) -> None:
        with sqlite3.connect(self.office.path) as file:
            left = {id for (id,) in file.execute("SELECT transaction_id FROM sealed")}
            assert left <= self.poisoned

    def _order_was_kept(self) -> None:
        for journal in {item["journal_id"] for item in self.first_arrivals}:
            for holder in {item["holder_ref"] for item in self.first_arrivals} - {None}:
                seqs = [
                    item["seq"]
                    for item in self.first_arrivals
                    if item["journal_id"] == journal and item["holder_ref"] == holder
                ]
                assert seqs == sorted(seqs)

    def _nothing_is_missing(self) -> None:
        for journal in {journal for journal, _ in self.office.centre.seqs}:
            seqs = {seq for name, seq in self.office.centre.seqs if name == journal}
            unfilled = len(self.poisoned)
            assert len(set(range(max(seqs) + 1)) - seqs) <= unfilled


TestTerminal = Terminal.TestCase
TestTerminal.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
