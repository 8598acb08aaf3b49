"""Anything can happen to a terminal, in any order; afterwards centre and journal agree."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
import trio.testing
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.contract import MAY_WAIT, ChipResult, ItemAnswer, ItemEnvelope, Kind, Signed, Verdict, VerdictOutcome
from kiosk.devices import Printed
from kiosk.journal import (
    CentreSays,
    ChipEvidence,
    Conclusion,
    CounterRestored,
    DidNotHappen,
    GivenUp,
    Happened,
    PinVerifies,
    Report,
    SlipIntent,
    TooEarly,
    Unknown,
    View,
    reading,
)
from kiosk.journal.transaction import (
    ON_THE_CHIP,
    SETS_THE_PIN,
    Acting,
    Authorised,
    Done,
    Drafted,
    IllegalMove,
    InDoubt,
    Moot,
    NotDone,
    Registered,
    Unresolvable,
    Untouched,
    Void,
)
from kiosk.seal import SigningKey, from_text
from tests.journal.centre import item_of, problem
from tests.journal.office import Office, card, chip_draft, loss, person

KINDS = st.sampled_from([Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS, Kind.RELEASE])
CHIP_KINDS = st.sampled_from(sorted(ON_THE_CHIP))
LIMITS = st.integers(1, 4)
TOUCHES_A_CHIP = ON_THE_CHIP | {Kind.PIN_CHANGED}
TRIES = 6
TOLD = {
    Done: ChipResult.DONE,
    NotDone: ChipResult.NOT_DONE,
    InDoubt: ChipResult.UNKNOWN,
    Moot: ChipResult.MOOT,
    Unresolvable: ChipResult.UNRESOLVABLE,
}
"""What the centre was told last, once everything got through."""


class ChipInTheWorld:
    """The truth: nobody but the card itself sees it."""

    def __init__(self) -> None:
        self.tries = 0
        self.reset_by: str | None = None

    def does(self, kind: Kind, id: str) -> None:
        self.tries = TRIES
        if kind in SETS_THE_PIN:
            self.reset_by = id


class Terminal(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="journal-"))
        self.office = Office(self._new_place())
        self.office.random = random.Random(1).randbytes  # ids decide about order: the same run must give the same ones
        self.journal = self._run(self.office.open)
        self.ids: dict[str, Kind] = {}
        self.backup: Path | None = None
        self.restored = False
        self.first_arrivals: list[dict[str, Any]] = []
        self.who: dict[str, int] = {}
        self.chips = [ChipInTheWorld() for _ in range(2)]
        self.really_done: set[str] = set()
        self.late: tuple[tuple[ItemEnvelope, ...], list[ItemAnswer]] | None = None
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
        self._remember(view, who)

    @rule(kind=CHIP_KINDS, who=st.integers(0, 1))
    def put_in_a_card(self, kind: Kind, who: int) -> None:
        view = self._run(self.journal.submit, chip_draft(kind, who))
        assert view.state == Drafted()
        self._remember(view, who)

    @rule(kind=CHIP_KINDS, who=st.integers(0, 1), how_far=st.integers(0, 4), happens=st.booleans())
    def card_is_served(self, kind: Kind, who: int, how_far: int, happens: bool) -> None:
        """Straight on, so that what can happen after it is reached often."""
        view = self._run(self.journal.submit, chip_draft(kind, who))
        self._remember(view, who)
        self._everything_is_delivered()
        if isinstance(self._view(view.id).state, Authorised) and not self.journal.puk_off:
            self._run(self.journal.puk, view.id)
            if how_far:
                self._send_command(view.id, True, happens)
            if how_far > 1:
                self._run(self.journal.conclude, view.id, self._endings(view.id)[how_far % 2])

    @rule(who=st.integers(0, 1), answered=st.booleans(), happens=st.booleans())
    def pin_is_changed(self, who: int, answered: bool, happens: bool) -> None:
        """Nobody is asked for leave; a blocked card does not do it."""
        chip = self.chips[who]
        view = self._run(self.journal.begin_change, chip_draft(Kind.PIN_CHANGED, who), chip.tries)
        assert view.state == Acting(chip.tries)
        self._remember(view, who)
        assert view.id not in self._told(), "nothing goes out before the card has answered"
        if happens and chip.tries:
            chip.does(Kind.PIN_CHANGED, view.id)
            self.really_done.add(view.id)
        if answered:
            self._run(self.journal.conclude, view.id, self._endings(view.id)[0])

    def _everything_is_delivered(self) -> None:
        while items := self._take(100):
            self._answer(items, self._arrive(items))

    def _remember(self, view: View, who: int) -> None:
        self.ids[view.id] = view.kind
        self.who[view.id] = who

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def give_up_waiting(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.ids)))
        give_up = self.journal.register if self.ids[id] in MAY_WAIT else self.journal.void
        assert not isinstance(self._run(give_up, id).state, Drafted)

    # --- what happens to the chip --------------------------------------------------------------

    def _view(self, id: str) -> View:
        view: View = self._run(self.journal.view, id)
        return view

    def _all(self, state: type) -> list[str]:
        return [id for id in sorted(self.ids) if isinstance(self._view(id).state, state)]

    @precondition(lambda self: self._all(Authorised))
    @rule(data=st.data())
    def unblock_key_is_tried(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self._all(Authorised)))
        if self.journal.puk_off or id in self._written("puk"):
            self._raises(self.journal.puk, id)
        else:
            self._run(self.journal.puk, id)

    @precondition(lambda self: self._all(Authorised))
    @rule(data=st.data(), arrives=st.booleans())
    def secure_message(self, data: st.DataObject, arrives: bool) -> None:
        """It leaves the centre; and when it arrives, the intent to act is written and the chip gets it, or not."""
        id = data.draw(st.sampled_from(self._all(Authorised)))
        if id not in self._written("puk"):
            self._raises(self.journal.act, id, 0)
            return
        self.office.centre.issued.add(id)
        if arrives:
            self._send_command(id, data.draw(st.booleans()), data.draw(st.booleans()))

    def _send_command(self, id: str, known: bool, happens: bool) -> None:
        self.office.centre.issued.add(id)
        chip = self.chips[self.who[id]]
        tries_before = chip.tries if known else None
        assert self._run(self.journal.act, id, tries_before).state == Acting(tries_before)
        if happens:
            chip.does(self.ids[id], id)
            self.really_done.add(id)

    @precondition(lambda self: self._all(Acting))
    @rule(data=st.data())
    def chip_answers_or_not(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self._all(Acting)))
        conclusion = data.draw(st.sampled_from(self._endings(id)))
        assert type(self._run(self.journal.conclude, id, conclusion).state) in {Done, NotDone, InDoubt}

    def _endings(self, id: str) -> tuple[Conclusion, Conclusion]:
        """What the card answers; and that its answer is lost."""
        tries_before = self._view(id).state.tries_before
        if id in self.really_done:
            answer: Conclusion = Happened(sw="9000", tries_before=tries_before, tries_after=TRIES, pin_verified=True)
        else:
            answer = DidNotHappen("6988", Untouched.MESSAGE_REFUSED)
        return answer, Unknown(tries_before)

    @precondition(lambda self: self._all(Authorised))
    @rule(data=st.data(), why=st.sampled_from([Untouched.LINE, Untouched.CARD_PULLED, Untouched.PUK_REFUSED]))
    def given_up_before_the_command(self, data: st.DataObject, why: Untouched) -> None:
        id = data.draw(st.sampled_from(self._all(Authorised)))
        assert self._run(self.journal.conclude, id, DidNotHappen(None, why)).state == NotDone(why)
        assert self.journal.puk_off or why is not Untouched.PUK_REFUSED

    @rule()
    def operator_answers_for_the_key(self) -> None:
        self._run(self.journal.puk_cleared, "测试员")
        assert not self.journal.puk_off

    @rule(who=st.integers(0, 1))
    def wrong_pins(self, who: int) -> None:
        """On another terminal, while nothing here is in doubt: what is done elsewhere this terminal cannot know."""
        if self._run(self.journal.open_doubt, card(who)) is None and not self._all(Acting):
            self.chips[who].tries = 0

    @rule(who=st.integers(0, 1), data=st.data())
    def card_comes_back(self, who: int, data: st.DataObject) -> None:
        doubt = self._run(self.journal.open_doubt, card(who))
        if doubt is None:
            return
        assert self.who[doubt.id] == who
        after = self._run(self.journal.settle, doubt.id, data.draw(st.sampled_from(self._seen(doubt))))
        assert type(after.state) in {Done, NotDone, InDoubt, Void}

    def _seen(self, doubt: View) -> list[ChipEvidence]:
        """True evidence; none of it may prove what is not so."""
        chip = self.chips[self.who[doubt.id]]
        seen: list[ChipEvidence] = [CounterRestored(chip.tries)]
        if chip.tries and (doubt.kind is Kind.UNBLOCK_PIN or chip.reset_by == doubt.id):
            seen.append(PinVerifies())
        return seen + self._record_of(doubt.id)

    def _record_of(self, id: str) -> list[ChipEvidence]:
        centre = self.office.centre
        word = VerdictOutcome.DONE if id in self.really_done else VerdictOutcome.VOID
        items = [item for item in centre.arrived if item.id == id]
        return [CentreSays(centre.sign(self._word(item, word))) for item in items[-1:]]

    def _word(self, item: ItemEnvelope, word: VerdictOutcome) -> Any:
        data = self.office.centre.terminal.verify(item.domain, item.signed)
        assert isinstance(data, bytes)
        return self.office.centre.verdict(item.id, data, word)

    @precondition(lambda self: self._all(InDoubt))
    @rule()
    def centre_is_asked(self) -> None:
        for id in self._run(self.journal.to_ask_about, "", 100):
            if id in self.office.centre.record:
                self._hear(id, self.office.centre.record[id])

    def _hear(self, id: str, record: Signed) -> None:
        before = self.journal.head
        after = self._run(self.journal.settle, id, CentreSays(record))
        assert (self.journal.head == before) is isinstance(after.state, InDoubt)

    @precondition(lambda self: self._all(InDoubt))
    @rule(data=st.data(), days=st.sampled_from([0, 31]))
    def operator_gives_up(self, data: st.DataObject, days: int) -> None:
        id = data.draw(st.sampled_from(self._all(InDoubt)))
        self.office.hand.seconds += days * 86_400
        try:
            view = self._run(self.journal.settle, id, GivenUp("测试员"))
        except TooEarly:
            assert not days
        else:
            assert view.state == Unresolvable("测试员")

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def what_is_not_allowed_raises(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.ids)))
        state = self._view(id).state
        if not isinstance(state, Authorised):
            self._raises(self.journal.puk, id)
            self._raises(self.journal.act, id, 0)
        if not isinstance(state, Authorised | Acting):
            self._raises(self.journal.conclude, id, DidNotHappen(None, Untouched.LINE))
            self._raises(
                self.journal.conclude, id, Happened(sw="9000", tries_before=0, tries_after=6, pin_verified=True)
            )
        if not isinstance(state, Acting):
            self._raises(self.journal.conclude, id, Unknown(0))
        if not isinstance(state, InDoubt):
            self._raises(self.journal.settle, id, PinVerifies())

    def _raises(self, call: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> None:
        before = self.journal.head
        with pytest.raises(IllegalMove):
            self._run(call, *args)
        assert self.journal.head == before

    def _written(self, what: str) -> list[str]:
        """The transactions of which records say this, once a record."""
        with sqlite3.connect(self.office.path) as file:
            query = "SELECT transaction_id FROM record WHERE instr(content, ?)"
            return [id for (id,) in file.execute(query, (f'"what":"{what}"'.encode(),))]

    # --- paper and reports ---------------------------------------------------------------------

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
        seen = {item.signed.item for item in self.office.centre.arrived}
        self.first_arrivals += [
            item_of(item) | {"about": item.id, "who": self.who.get(item.id)}
            for item in items
            if item.signed.item not in seen
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
    def answers_are_under_way(self, limit: int) -> None:
        items = self._take(limit)
        self.late = (items, self._arrive(items))

    @precondition(lambda self: self.late is not None)
    @rule()
    def late_answers_come(self) -> None:
        assert self.late is not None
        items, answers = self.late
        known = [number for number, item in enumerate(items) if item.id in self.ids]
        self._answer(tuple(items[number] for number in known), [answers[number] for number in known])
        self.late = None

    @rule(burns=st.booleans())
    def centre_may_burn_what_it_allowed(self, burns: bool) -> None:
        self.office.centre.burns_authorised = burns

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
        left = {type(self._view(id).state) for id in self.ids}
        assert left.isdisjoint({Drafted, Authorised, Acting})

    # --- what is always true -------------------------------------------------------------------

    @invariant()
    def the_chain_holds(self) -> None:
        identity = self.office.identity
        verified = reading.verify(self.office.path, head_file=identity.head_file, verdicts=identity.verdicts)
        assert verified.findings == ()

    @invariant()
    def nothing_is_claimed_that_the_centre_did_not_do(self) -> None:
        for id in self.ids:
            if self.ids[id] in TOUCHES_A_CHIP:
                continue
            match self._view(id).state:
                case Done():
                    assert id in self.office.centre.executed
                case Void():
                    assert id not in self.office.centre.executed
                    assert id in self.office.centre.burnt

    @invariant()
    def nothing_is_claimed_that_the_chip_does_not_know(self) -> None:
        for id in self.ids:
            if self.ids[id] in TOUCHES_A_CHIP:
                match self._view(id).state:
                    case Done():
                        assert id in self.really_done
                    case NotDone() | Void() | Authorised() | Drafted():
                        assert id not in self.really_done
                    case Moot(of=of):
                        assert of in self.really_done

    @invariant()
    def what_was_acted_on_was_acted_on_once_and_has_an_end_and_an_outcome(self) -> None:
        acted = self._written("acting")
        assert len(acted) == len(set(acted))
        told = self._told()
        for id in acted:
            state = self._view(id).state
            assert isinstance(state, Acting) or id in told
            assert not isinstance(state, Drafted | Authorised)

    def _told(self) -> set[str]:
        with sqlite3.connect(self.office.path) as file:
            outcomes = {id for (id,) in file.execute("SELECT transaction_id FROM item WHERE domain = 'outcome'")}
            return outcomes | {id for (id,) in file.execute("SELECT transaction_id FROM item")} & self._pin_changes()

    def _pin_changes(self) -> set[str]:
        return {id for id, kind in self.ids.items() if kind is Kind.PIN_CHANGED}

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
        self._everything_is_delivered()
        for id in set(self.ids) - self.poisoned:
            state = self._view(id).state
            assert not isinstance(state, Registered)
            assert not isinstance(state, InDoubt) or id in self._told()
        self._centre_and_journal_agree_about_the_chips()
        self._no_doubt_is_left_that_the_centre_can_end()
        self._sealed_data_are_gone()
        self._order_was_kept()
        if not self.restored:
            self._nothing_is_missing()

    def _sealed_data_are_gone(self) -> None:
        with sqlite3.connect(self.office.path) as file:
            left = {id for (id,) in file.execute("SELECT transaction_id FROM sealed")}
        under_way, pin_changes = set(self._all(Acting)), self._pin_changes()
        again = pin_changes if self.restored else set()  # signed anew: the centre has the bytes of the lost file
        assert left <= self.poisoned | under_way | again

    def _order_was_kept(self) -> None:
        """Except for what was quarantined: others pass it, and a restored file may hold it again."""
        arrivals = [item for item in self.first_arrivals if item["about"] not in self.poisoned]
        for journal in {item["journal_id"] for item in arrivals}:
            for holder in {item["who"] for item in arrivals} - {None}:
                seqs = [item["seq"] for item in arrivals if item["journal_id"] == journal and item["who"] == holder]
                assert seqs == sorted(seqs)

    def _centre_and_journal_agree_about_the_chips(self) -> None:
        if self.restored:
            return
        centre = self.office.centre
        assert set(centre.wrong_outcomes) <= self.poisoned
        for id in self._told() - self.poisoned - self._pin_changes():
            state = self._view(id).state
            decided = getattr(state, "verdict", None)  # by the centre's own record, which needs no telling
            wanted = ChipResult.UNKNOWN if decided else TOLD[type(state)]
            assert centre.outcomes[id][-1].result is wanted

    def _no_doubt_is_left_that_the_centre_can_end(self) -> None:
        self.centre_is_asked()
        centre = self.office.centre
        for id in set(self._all(InDoubt)) - self.poisoned - self._pin_changes():
            last = msgspec.json.decode(from_text(centre.record[id].item), type=Verdict)
            assert last.outcome in {VerdictOutcome.AUTHORISED, VerdictOutcome.ISSUED}

    def _nothing_is_missing(self) -> None:
        for journal in {journal for journal, _ in self.office.centre.seqs}:
            seqs = {seq for name, seq in self.office.centre.seqs if name == journal}
            unfilled = len(self.poisoned)
            assert len(set(range(max(seqs) + 1)) - seqs) <= unfilled


TestTerminal = Terminal.TestCase
TestTerminal.settings = settings(max_examples=30, stateful_step_count=25)
