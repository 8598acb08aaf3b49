"""Whatever order the calls of a reload come in, once or repeated: one proof, one PUK, one secure message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import contract as c
from kiosk.quotas import Quotas
from tests.central.office import Office
from tests.central.pin_visit import NEW_PIN, OK, Counter

NO_QUOTA = Quotas(*[10**9] * len(Quotas.__struct_fields__))


class Muddle:
    """A terminal that does the steps of one visit in any order; what the centre gave is counted here."""

    def __init__(self, counter: Counter) -> None:
        counter.next_visit()
        self.counter, self.line, self.visit = counter, counter.line, counter.visit
        self.sent: c.ProofSent | None = None
        self.proved: set[str] = set()
        self.works: list[c.ReloadPin] = [self.visit.work()]
        self.authorised: set[str] = set()
        self.authenticated: list[str] = []
        self.issued: list[str] = []
        self.asked: list[c.ExternalAuth | c.SecureMessage] = []
        self.over: set[str] = set()

    # --- steps

    def read(self) -> None:
        self.line.cryptogram(self.visit.reading())

    def send_code(self) -> None:
        self.sent = self.line.prove(self.visit.proof_request())

    def type_code(self) -> None:
        if self.sent is not None:
            checked = self.line.check(self.sent.id, self.visit.code_on_phone())
            if isinstance(checked, c.ProofChecked) and checked.ok:
                self.proved.add(self.sent.id)

    def type_wrong(self) -> None:
        if self.sent is not None:
            self.line.check(self.sent.id, "no code")

    def draft(self) -> None:
        self.works.append(self.visit.work(proof=self.sent.id if self.sent else None))

    def submit(self) -> None:
        for work in self.works[-2:]:
            answer = self.line.item(work)
            if isinstance(answer, c.Verdict) and answer.outcome is c.VerdictOutcome.AUTHORISED:
                self.authorised.add(work.id)

    def puk(self) -> None:
        self._ask(self.visit.external_auth(self.works[-1]), self.authenticated)

    def message(self) -> None:
        self._ask(self.visit.secure_message(self.works[-1]), self.issued)

    def replay(self) -> None:
        """Everything that was ever asked, under a new request id."""
        for request in list(self.asked):
            assert isinstance(self.line.cryptogram(request), c.Problem)

    def old_challenge(self) -> None:
        """One that was answered before, for the transaction that is open now."""
        for request in list(self.asked):
            asked = self.visit.external_auth(self.works[-1], factor=request.factor)
            assert isinstance(self.line.cryptogram(asked), c.Problem)

    def void(self) -> None:
        self._end(self.line.box.void(self.works[-1]))

    def not_done(self) -> None:
        self._end(self.visit.outcome(self.works[-1], c.ChipResult.NOT_DONE))

    def done(self) -> None:
        work = self.works[-1]
        answer = self.line.item(self.visit.outcome(work, c.ChipResult.DONE))
        if isinstance(answer, c.Verdict) and answer.outcome is c.VerdictOutcome.DONE:
            assert work.id in self.issued

    def wait(self) -> None:
        self.counter.office.clock.pass_by(seconds=15)

    def _end(self, item: c.Void | c.Outcome) -> None:
        answer = self.line.item(item)
        if isinstance(answer, c.Verdict) and answer.outcome is c.VerdictOutcome.VOID:
            self.over.add(answer.id)

    def _ask(self, request: Any, given: list[str]) -> None:
        answer = self.line.cryptogram(request)
        if isinstance(answer, c.ExternalAuthentication):
            assert self.visit.authenticate(answer) == OK
        elif isinstance(answer, c.SecuredMessage):
            assert request.transaction in self.authenticated
        else:
            return
        assert request.transaction not in self.over, "nothing comes after the end"
        given.append(request.transaction)
        self.asked.append(request)

    # --- what must be so

    def check(self) -> None:
        assert len(self.authorised) <= len(self.proved), "a proof for each"
        for served in (self.authenticated, self.issued):
            assert len(served) == len(set(served)), "once a transaction"
            assert set(served) <= self.authorised
        assert set(self.issued) <= set(self.authenticated)


RIGHT: list[Callable[[Muddle], None]] = [
    Muddle.read,
    Muddle.send_code,
    Muddle.type_code,
    Muddle.draft,
    Muddle.submit,
    Muddle.puk,
    Muddle.message,
]
ONCE_MORE = [Muddle.not_done, *RIGHT[:5], Muddle.old_challenge, *RIGHT[5:]]
"""A second transaction in the same visit, with the first one's challenges before its own."""
MORE = [Muddle.type_wrong, Muddle.replay, Muddle.old_challenge, Muddle.void, Muddle.not_done, Muddle.done, Muddle.wait]

disorder = st.lists(st.sampled_from([*RIGHT, *MORE]), max_size=2)
"""What goes wrong between two right steps."""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """One for all orders: each is a visit of its own."""
    office = Office(tmp_path_factory.mktemp("orders"), NO_QUOTA)
    yield Counter(office, "normal_v2")
    office.centre.store.close()


def test_the_right_order_is_one_of_them(counter: Counter) -> None:
    muddle = Muddle(counter)
    for step in RIGHT:
        step(muddle)
    muddle.check()
    assert len(muddle.issued) == 1
    assert muddle.visit.verify(NEW_PIN) != OK, "the message is still in the terminal's hand"


@settings(max_examples=60)
@given(before=st.tuples(*[disorder] * len(RIGHT)), left_out=st.sets(st.sampled_from(RIGHT), max_size=1), after=disorder)
def test_no_order_gives_too_much(
    counter: Counter,
    before: tuple[list[Callable[[Muddle], None]], ...],
    left_out: set[Callable[[Muddle], None]],
    after: list[Callable[[Muddle], None]],
) -> None:
    muddle = Muddle(counter)
    for wrong, right in zip(before, RIGHT, strict=True):
        for step in (*wrong, *([] if right in left_out else [right])):
            step(muddle)
            muddle.check()
    for step in (*after, *ONCE_MORE, Muddle.replay, Muddle.message):
        step(muddle)
        muddle.check()
