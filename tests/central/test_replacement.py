"""换卡: a new card for one that is old or broken; the old one works on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from kiosk import contract as c
from kiosk.terms import CardStatus
from sync.central import tables
from tests.central.office import START, Office
from tests.central.pin_visit import Counter

TODAY = START.date()


def asked(counter: Counter, reason: str = "damaged", **changes: Any) -> c.Verdict:
    """The ID card and the code on the phone; `changes` to the evidence."""
    evidence = counter.visit.evidence(counter.proof(c.Kind.REPLACEMENT))
    shown = msgspec.structs.replace(evidence, **{"ssc": None, **changes})
    return counter.verdict(counter.visit.work(c.Replacement, reason=reason, evidence=shown))


def orders(office: Office) -> list[tuple[str, str, str]]:
    """Number, reason and time."""
    with office.centre.store.transaction():
        return [(row.order, row.reason, row.filed_at) for row in tables.ReplacementOrder.select()]


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


@pytest.mark.parametrize("reason", ["damaged", "worn", "unreadable", "姓名的字换了写法"])
def test_whatever_is_wrong_with_a_card_its_holders_word_counts(counter: Counter, reason: str) -> None:
    verdict = asked(counter, reason)
    assert (verdict.outcome, verdict.card_status) == (c.VerdictOutcome.DONE, CardStatus.NORMAL)
    assert orders(counter.office) == [(verdict.receipt_no, reason, tables.instant(START))]
    assert counter.card_status() is CardStatus.NORMAL, "until it is handed in"


@pytest.mark.parametrize("reason", ["out_of_date", "", "  "])
@pytest.mark.parametrize(("days", "code"), [(-400, "done"), (0, "done"), (60, "done"), (61, "not_due")])
def test_its_age_counts_within_sixty_days_of_the_last(office: Office, reason: str, days: int, code: str) -> None:
    counter = Counter(office, expires=TODAY + dt.timedelta(days=days))
    assert asked(counter, reason).code == code
    assert [row[1] for row in orders(office)] == (["out_of_date"] if code == "done" else [])


def test_a_card_without_a_last_day_is_never_out_of_date(office: Office) -> None:
    assert asked(Counter(office, expires=None), "out_of_date").code == "not_due"


def test_a_second_order_is_told_when_the_first_was_made(counter: Counter) -> None:
    first = asked(counter)
    counter.office.clock.pass_by(days=3)
    again = asked(counter, "worn")
    assert again.outcome is c.VerdictOutcome.ALREADY
    assert (again.effective_at, again.receipt_no) == (START, first.receipt_no)
    assert len(orders(counter.office)) == 1


def test_after_a_formal_loss_the_new_card_is_ordered_already(counter: Counter) -> None:
    evidence = counter.visit.evidence(counter.proof(c.Kind.FORMAL_LOSS))
    lost = counter.verdict(counter.visit.work(c.FormalLoss, evidence=evidence))
    again = asked(counter)
    assert (again.outcome, again.receipt_no) == (c.VerdictOutcome.ALREADY, lost.receipt_no)


def test_what_the_centre_would_accept_is_one_order(counter: Counter) -> None:
    assert c.Kind.REPLACEMENT in counter.operations()
    asked(counter)
    offered = counter.operations()
    assert c.Kind.REPLACEMENT not in offered
    assert {c.Kind.TEMPORARY_LOSS, c.Kind.FORMAL_LOSS, c.Kind.RELOAD_PIN} <= set(offered), "the old card works on"


def test_a_card_on_order_that_is_lost_cannot_be_released(counter: Counter) -> None:
    asked(counter)
    loss = counter.verdict(counter.visit.work(c.TemporaryLoss))
    assert loss.outcome is c.VerdictOutcome.DONE
    assert counter.operations() == [c.Kind.FORMAL_LOSS]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, "card_sealed"),
        (CardStatus.FORMALLY_LOST, "card_lost"),
        (CardStatus.APPLICATION_LOCKED, "card_locked"),
        (CardStatus.TEMPORARILY_LOST, "card_lost"),
        (CardStatus.CANCELLED, "card_cancelled"),
    ],
)
def test_only_a_normal_card(office: Office, status: CardStatus, code: str) -> None:
    counter = Counter(office, status=status)
    assert asked(counter).code == code
    assert orders(office) == []


@pytest.mark.parametrize("missing", [{"id_card": None}, {"proof": c.Proof()}])
def test_without_all_the_evidence_nothing(counter: Counter, missing: dict[str, Any]) -> None:
    assert asked(counter, **missing).code == "proof_missing"
    assert orders(counter.office) == []
