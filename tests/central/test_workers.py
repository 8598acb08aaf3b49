"""Two workers behind one database: whatever meets at the same instant, it happens once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from kiosk import contract as c
from kiosk.quotas import Quotas
from sync.central import rules, serving, tables
from sync.central.answering import Answer, Request, answer
from sync.central.centre import Centre, SpentInStore
from sync.central.rules.sequence import gaps
from tests.central.office import NUMBER, OTHER_NUMBER, Box, Office

T = TypeVar("T")
ROUNDS = 10


class Workers:
    """An office whose calls are answered by whichever of two workers has them."""

    def __init__(self, folder: Path, limits: Quotas | None = None) -> None:
        self.office = Office(folder, limits)
        beside = serving.open_centre(self.office.url, self.office.state, clock=self.office.clock, limits=limits)
        self.both = (self.office.centre, beside)
        self.office.issue_cards()

    def at_once(self, *calls: Callable[[Centre], T]) -> list[T]:
        """Each at a worker of its own, in the same instant."""
        together = threading.Barrier(len(calls))

        def begin(worker: Centre, call: Callable[[Centre], T]) -> T:
            together.wait()
            return call(worker)

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(begin, self.both, calls))

    def sends(self, box: Box, *items: c.Stamp) -> Callable[[Centre], c.BatchAnswer]:
        body = msgspec.json.encode(c.Batch([box.envelope(item) for item in items]))
        request = Request("items", self.office.certificate(box.name), None, body)

        def call(worker: Centre) -> c.BatchAnswer:
            given: Answer = answer(
                worker,
                request,
                lambda caller: rules.take_items(worker, caller, msgspec.json.decode(body, type=c.Batch)),
            )
            assert given.status == 200, given.body
            return msgspec.json.decode(given.body, type=c.BatchAnswer)

        return call

    def close(self) -> None:
        for worker in self.both:
            worker.store.close()


@pytest.fixture
def workers(on_postgresql: None, tmp_path: Path) -> Iterator[Workers]:
    two = Workers(tmp_path)
    yield two
    two.close()


def test_one_item_at_two_workers_has_one_effect_and_one_verdict(workers: Workers) -> None:
    box = workers.office.pair()
    for number in [NUMBER, OTHER_NUMBER] + [NUMBER] * ROUNDS:
        loss = box.loss(number)
        first, second = workers.at_once(workers.sends(box, loss), workers.sends(box, loss))
        assert first == second
        with workers.office.centre.store.transaction():
            assert tables.Transaction.select().where(tables.Transaction.id == loss.id).count() == 1
    with workers.office.centre.store.transaction():
        assert tables.CardEvent.select().where(tables.CardEvent.what == "temporary_loss").count() <= 2


def test_items_of_one_journal_at_two_workers_are_all_counted(workers: Workers) -> None:
    box = workers.office.pair()
    for _ in range(ROUNDS):
        audits = [box.audit() for _ in range(6)]
        workers.at_once(workers.sends(box, *audits[::2]), workers.sends(box, *audits[1::2]))
    with workers.office.centre.store.transaction():
        assert tables.Journal.get_by_id(box.journal_id).complete_to == 6 * ROUNDS - 1
        assert not gaps(box.journal_id)


def test_the_last_of_a_quota_is_given_once(on_postgresql: None, tmp_path: Path) -> None:
    workers = Workers(tmp_path, Quotas(losses_per_terminal_a_day=1))
    box = workers.office.pair()
    one, other = box.loss(NUMBER), box.loss(OTHER_NUMBER)
    answers = workers.at_once(workers.sends(box, one), workers.sends(box, other))
    outcomes = sorted(box.believe(given.answers[0].verdict).outcome for given in answers)
    assert outcomes == [c.VerdictOutcome.DONE, c.VerdictOutcome.REFUSED]
    workers.close()


def test_a_challenge_is_spent_once(workers: Workers) -> None:
    for number in range(ROUNDS):
        spend = functools.partial(SpentInStore().spend, number.to_bytes(8, "big"))
        assert sorted(workers.at_once(*[lambda worker, spend=spend: worker.store.run(spend)] * 2)) == [False, True]
