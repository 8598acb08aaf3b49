"""Whatever happened, and whenever old records went: the journal is whole, what is open is there, numbers run on."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import trio
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.contract import Kind
from kiosk.devices import Printed
from kiosk.journal import DidNotHappen, Happened, Journal, Report, SlipIntent, Unknown, View, reading
from kiosk.journal.retention import SHORTEST
from kiosk.journal.transaction import LEGAL, Untouched, Why
from tests.journal.half_year import a_day_later, begun, prune_all, whole
from tests.journal.office import Office, card, change_pin, chip_draft, loss, person

T = TypeVar("T")

PEOPLE = st.integers(0, 3)
ENDINGS = st.sampled_from(
    [
        Happened(sw="9000", tries_before=0, tries_after=6, pin_verified=True),
        DidNotHappen("6985", Untouched.MESSAGE_REFUSED),
        DidNotHappen("6982", Untouched.PUK_REFUSED),
        Unknown(0, Why.CHIP_SILENT),
    ]
)


class AnyHistory(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.office = Office(Path(tempfile.mkdtemp(prefix="history-")))
        self.slips: list[str] = []
        self.known: dict[str, View] = {}
        """Every transaction there ever was, as it stood last."""

    def run(self, act: Callable[[], Awaitable[T]]) -> T:
        return trio.run(act)

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.run(self.journal.close)
        shutil.rmtree(self.office.folder)

    @initialize()
    def start(self) -> None:
        self.journal: Journal = trio.run(begun, self.office)

    @rule(who=PEOPLE, kind=st.sampled_from([Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS]), ends=st.booleans())
    def a_loss(self, who: int, kind: Kind, ends: bool) -> None:
        view = self.run(lambda: self.journal.submit(loss(person(who), kind)))
        if ends:
            give_up = self.journal.register if kind is Kind.TEMPORARY_LOSS else self.journal.void
            view = self.run(lambda: give_up(view.id))
        self.known[view.id] = view

    @rule(who=PEOPLE, ending=ENDINGS)
    def a_change(self, who: int, ending: Happened | DidNotHappen | Unknown) -> None:
        view = self.run(lambda: change_pin(self.journal, chip_draft(Kind.PIN_CHANGED, who), ending))
        self.known[view.id] = view

    @rule(who=PEOPLE, ending=ENDINGS)
    def a_reset(self, who: int, ending: Happened | DidNotHappen | Unknown) -> None:
        view = self.run(lambda: self.journal.submit(chip_draft(Kind.RELOAD_PIN, who)))
        self.known[view.id] = view
        self.deliver(500)
        if self.journal.puk_off or self.run(lambda: self.journal.view(view.id)).state.stage != "authorised":
            return
        self.run(lambda: self.journal.puk(view.id))
        self.run(lambda: self.journal.act(view.id, 0))
        self.run(lambda: self.journal.conclude(view.id, ending))

    @rule(ends=st.booleans())
    def a_slip(self, ends: bool) -> None:
        about = next(reversed(self.known), None)
        if about is not None and about not in self.there():
            about = None
        self.slips.append(self.run(lambda: self.journal.printing(SlipIntent(name="loss", transaction=about))))
        if ends:
            self.run(lambda: self.journal.printed(self.slips.pop(), Printed()))

    @rule(limit=st.sampled_from([1, 2, 500]))
    def deliver(self, limit: int) -> None:
        if self.run(self.journal.counts).queue_depth:
            self.run(lambda: self.office.deliver(self.journal, limit))

    @rule()
    def the_key_is_seen_to(self) -> None:
        self.run(lambda: self.journal.puk_cleared("测试员"))

    @rule(days=st.sampled_from([1, 40, SHORTEST.days + 1]))
    def time_passes(self, days: int) -> None:
        a_day_later(self.office, self.journal, days)
        self.run(lambda: self.journal.note(Report(event="paper_replaced")))

    @rule()
    def a_start(self) -> None:
        self.run(self.journal.close)
        self.journal = trio.run(begun, self.office)

    @rule()
    def an_old_copy_is_put_back(self) -> None:
        backup = self.office.back_up()
        self.run(lambda: self.journal.note(Report(event="lost_with_the_file")))
        self.journal = self.run(lambda: self.office.restore(self.journal, backup))
        a_day_later(self.office, self.journal, 0)

    @rule()
    def old_records_go(self) -> None:
        open_before, key_before = self.open(), self.journal.puk_off
        doubts = [self.run(lambda number=number: self.journal.open_doubt(card(number))) for number in range(4)]
        counts = self.run(self.journal.counts)
        head = self.journal.head
        went = self.run(lambda: prune_all(self.journal))
        event("records went" if went else "nothing was over")
        assert self.run(lambda: prune_all(self.journal)) == 0, "a second time nothing more goes"
        assert self.open() == open_before
        assert [self.run(lambda n=number: self.journal.open_doubt(card(n))) for number in range(4)] == doubts
        assert self.run(self.journal.counts) == counts
        assert (self.journal.head == head) == (went == 0)
        self.run(self.journal.close)
        self.journal = trio.run(begun, self.office)
        assert self.journal.puk_off == key_before

    @rule(key_is_seen_to=st.booleans(), line=st.sampled_from([1, 500]))
    def half_a_year_later(self, key_is_seen_to: bool, line: int) -> None:
        """With a line that was good, or not good enough."""
        self.deliver(line)
        if key_is_seen_to:
            self.the_key_is_seen_to()
        self.time_passes(SHORTEST.days + 1)
        self.deliver(500)
        self.old_records_go()

    @invariant()
    def it_is_whole(self) -> None:
        if hasattr(self, "journal"):
            assert whole(self.office) == ()
            with closing(sqlite3.connect(self.office.path)) as file:
                told = file.execute("SELECT name, number FROM tally WHERE name <> 'in_doubt'").fetchall()
                there = dict(file.execute("SELECT place, count(*) FROM item GROUP BY place").fetchall())
            assert {name: number for name, number in told if number} == there

    def there(self) -> set[str]:
        return {view.id for view in reading.newest(self.office.path, 10_000)}

    def open(self) -> dict[str, View]:
        """What has no end yet, or waits for the centre."""
        views = reading.newest(self.office.path, 10_000)
        waits = {"pending", "sent", "quarantined"}
        return {
            view.id: view for view in views if view.state.stage in LEGAL or view.delivery.__struct_config__.tag in waits
        }


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
