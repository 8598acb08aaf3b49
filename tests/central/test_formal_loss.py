"""正式挂失: for good, with a new card ordered, and only with a proof that a stolen wallet does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import contract as c
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import serving, tables
from tests.central.office import START, Office, new_id
from tests.central.pin_visit import Counter

CLERK = "窗口3号"


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


def lost_for_good(counter: Counter, named: str | None = None, **changes: Any) -> c.Verdict:
    """The ID card, and the code on the phone unless another proof is `named`; `changes` to the evidence."""
    named = named or counter.proof(c.Kind.FORMAL_LOSS)
    shown = msgspec.structs.replace(counter.visit.evidence(named), **{"ssc": None, **changes})
    return counter.verdict(counter.visit.work(c.FormalLoss, evidence=shown))


def orders(office: Office) -> list[tuple[str, str]]:
    """Number and reason."""
    with office.centre.store.transaction():
        return [(row.order, row.reason) for row in tables.ReplacementOrder.select()]


@pytest.mark.parametrize("status", [CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST])
def test_a_lost_card_is_lost_for_good_and_a_new_one_ordered(office: Office, status: CardStatus) -> None:
    counter = Counter(office, status=status)
    assert c.Kind.FORMAL_LOSS in counter.operations()
    verdict = lost_for_good(counter)
    assert (verdict.outcome, verdict.card_status) == (c.VerdictOutcome.DONE, CardStatus.FORMALLY_LOST)
    assert verdict.effective_at == START
    assert counter.card_status() is CardStatus.FORMALLY_LOST
    assert orders(office) == [(verdict.receipt_no, "lost")]
    assert counter.operations() == []


def test_a_second_report_is_told_when_the_first_was_made_and_orders_nothing(counter: Counter) -> None:
    first = lost_for_good(counter)
    counter.office.clock.pass_by(hours=3)
    again = lost_for_good(counter)
    assert again.outcome is c.VerdictOutcome.ALREADY
    assert (again.effective_at, again.receipt_no) == (START, first.receipt_no)
    assert len(orders(counter.office)) == 1


def test_one_who_was_told_already_keeps_the_code(counter: Counter) -> None:
    lost_for_good(counter)
    proof = counter.proof(c.Kind.FORMAL_LOSS)
    assert lost_for_good(counter, proof).outcome is c.VerdictOutcome.ALREADY
    assert lost_for_good(counter, proof).outcome is c.VerdictOutcome.ALREADY


def test_a_card_lost_while_its_successor_is_made_needs_no_second_one(office: Office) -> None:
    counter = Counter(office, replacement_filed=True)
    before = orders(office)
    assert lost_for_good(counter).outcome is c.VerdictOutcome.DONE
    assert orders(office) == before


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, "card_sealed"),
        (CardStatus.APPLICATION_LOCKED, "card_locked"),
        (CardStatus.CANCELLED, "card_cancelled"),
    ],
)
def test_other_statuses_stay_as_they_are(office: Office, status: CardStatus, code: str) -> None:
    counter = Counter(office, status=status)
    assert lost_for_good(counter).code == code
    assert counter.card_status() is status
    assert orders(office) == []


def test_the_id_card_alone_is_not_enough(counter: Counter) -> None:
    assert lost_for_good(counter, "none", proof=c.Proof()).code == "proof_missing"
    assert lost_for_good(counter, "none").code == "proof_missing"
    assert lost_for_good(counter, id_card=None).code == "proof_missing"
    assert counter.card_status() is CardStatus.NORMAL


def test_a_code_for_other_work_proves_nothing(counter: Counter) -> None:
    assert lost_for_good(counter, counter.proof(c.Kind.REPLACEMENT)).code == "proof_missing"


def test_a_code_is_good_once(counter: Counter) -> None:
    proof = counter.proof(c.Kind.FORMAL_LOSS)
    lost_for_good(counter, proof)
    with counter.office.centre.store.transaction():
        assert tables.Proof.get_by_id(proof).spent


def test_without_a_card_there_is_nothing_to_lose(office: Office) -> None:
    counter = Counter(office, current=False)
    assert lost_for_good(counter).code == "no_card"


# --- a clerk who vouches ----------------------------------------------------------------------


def vouched(counter: Counter, clerk: str | None, sign_in: str | None = None) -> c.Verdict:
    seen = c.Vouching(c.Whom.PRESENT, (c.PaperSeen.RESIDENT_ID,))
    return lost_for_good(counter, "none", proof=c.Proof(c.ProofKind.CLERK, sign_in), clerk=clerk, vouching=seen)


def signed_in(counter: Counter) -> str:
    """At this terminal, for this visit."""
    id, visit, centre = new_id(), counter.visit, counter.office.centre
    serving.give_credentials(centre, CLERK)
    with centre.store.transaction():
        at, until = tables.instant(START), tables.instant(START.replace(hour=10))
        tables.SignIn.create(
            id=id, clerk=CLERK, terminal=counter.line.box.name, visit=visit.visit, at=at, expires_at=until
        )
    return id


def test_a_clerk_who_signed_in_may_vouch_instead_of_the_code(counter: Counter) -> None:
    assert vouched(counter, CLERK, signed_in(counter)).outcome is c.VerdictOutcome.DONE


def test_nobody_else_may(counter: Counter) -> None:
    assert vouched(counter, CLERK).code == "clerk_unknown"
    assert vouched(counter, None).code == "proof_missing"
    sign_in = signed_in(counter)
    serving.withdraw_clerk(counter.office.centre, CLERK)
    assert vouched(counter, CLERK, sign_in).code == "clerk_unknown"
    assert counter.card_status() is CardStatus.NORMAL


def test_a_terminal_that_does_it_all_day_is_stopped(tmp_path: Path) -> None:
    office = Office(tmp_path, Quotas(card_work_per_terminal_a_day=0))
    counter = Counter(office)
    assert lost_for_good(counter).code == "quota_terminal"
    assert c.Kind.FORMAL_LOSS not in counter.operations()
    office.centre.store.close()
