"""解除临时挂失: back to normal for who shows both cards and knows the PIN, until a new card was ordered."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kiosk import contract as c
from kiosk.terms import CardStatus
from sync.central import tables
from tests.central.office import NUMBER, OTHER_CARD, OTHER_IDENTIFIER, START, Office
from tests.central.pin_visit import Counter

REFUSED = {
    CardStatus.SEALED: "card_sealed",
    CardStatus.FORMALLY_LOST: "card_lost",
    CardStatus.APPLICATION_LOCKED: "card_locked",
    CardStatus.CANCELLED: "card_cancelled",
}


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office, status=CardStatus.TEMPORARILY_LOST)


def found(counter: Counter, **changes: Any) -> c.Verdict:
    """Both cards, and the PIN was right; `changes` to the evidence."""
    shown = msgspec.structs.replace(counter.visit.evidence(None), **{"chip_pin_verified": True, **changes})
    return counter.verdict(counter.visit.work(c.Release, evidence=shown))


def test_a_card_that_was_found_works_again(counter: Counter) -> None:
    counter.read()
    verdict = found(counter)
    assert (verdict.outcome, verdict.code) == (c.VerdictOutcome.DONE, "done")
    assert (verdict.card_status, counter.card_status()) == (CardStatus.NORMAL, CardStatus.NORMAL)
    assert verdict.effective_at == START
    assert verdict.receipt_no


def test_its_loss_is_over_on_record_too(counter: Counter) -> None:
    counter.read()
    found(counter)
    with counter.office.centre.store.transaction():
        card = tables.Card.get(number=counter.visit.card.number)
        assert (card.lost_at, card.loss_receipt, card.loss_expires) == (None, None, None)


def test_a_second_release_is_told_when_the_first_was(counter: Counter) -> None:
    counter.read()
    found(counter)
    counter.office.clock.pass_by(minutes=3)
    again = found(counter)
    assert (again.outcome, again.effective_at) == (c.VerdictOutcome.ALREADY, START)


def test_a_card_that_never_was_lost_is_normal_already(office: Office) -> None:
    counter = Counter(office)
    counter.read()
    again = found(counter)
    assert (again.outcome, again.effective_at) == (c.VerdictOutcome.ALREADY, None)


@pytest.mark.parametrize("status", REFUSED)
def test_other_statuses_stay_as_they_are(office: Office, status: CardStatus) -> None:
    counter = Counter(office, status=status)
    counter.read()
    verdict = found(counter)
    assert (verdict.outcome, verdict.code) == (c.VerdictOutcome.REFUSED, REFUSED[status])
    assert counter.card_status() is status


def test_once_a_new_card_is_ordered_the_loss_stays(office: Office) -> None:
    counter = Counter(office, status=CardStatus.TEMPORARILY_LOST, replacement_filed=True)
    counter.read()
    assert c.Kind.RELEASE not in counter.operations()
    assert found(counter).code == "replacement_filed"
    assert counter.card_status() is CardStatus.TEMPORARILY_LOST


@pytest.mark.parametrize(
    "missing",
    [{"ssc": None}, {"ssc": c.SscEvidence(authenticated=False)}, {"id_card": None}, {"chip_pin_verified": False}],
    ids=lambda missing: next(iter(missing)),
)
def test_without_all_the_evidence_nothing(counter: Counter, missing: dict[str, Any]) -> None:
    counter.read()
    assert found(counter, **missing).code == "proof_missing"
    assert counter.card_status() is CardStatus.TEMPORARILY_LOST


def test_the_terminals_word_that_the_chip_is_genuine_is_not_enough(counter: Counter) -> None:
    assert found(counter).code == "proof_missing"


def test_another_persons_card_beside_the_id_card(counter: Counter) -> None:
    counter.office.issue_cards()
    work = counter.visit.work(c.Release)
    theirs = c.Personal(holder_number=NUMBER, card_number=OTHER_CARD, card_identifier=OTHER_IDENTIFIER)
    work = msgspec.structs.replace(work, sealed=counter.line.box.seal(theirs, work.id))
    assert counter.verdict(work).code == "not_this_holder"


def test_whoever_releases_all_day_is_sent_to_the_window(counter: Counter) -> None:
    counter.read()
    for _ in range(counter.office.centre.limits.card_work_per_person_a_day):
        assert found(counter).outcome is c.VerdictOutcome.DONE
        lost(counter)
    assert found(counter).code == "quota_card_work"
    assert c.Kind.RELEASE not in counter.operations()
    counter.office.clock.pass_by(days=1)
    assert found(counter).outcome is c.VerdictOutcome.DONE


def lost(counter: Counter) -> None:
    """By telephone."""
    with counter.office.centre.store.transaction():
        card = tables.Card.get(number=counter.visit.card.number)
        card.status_code = CardStatus.TEMPORARILY_LOST.value
        card.save()


def test_a_loss_that_was_registered_before_the_release_changes_nothing_more(counter: Counter) -> None:
    """The line was down when it was registered; the card has been found since."""
    late = counter.visit.work(c.TemporaryLoss, time=counter.line.box.item_time(c.Confidence.RTC))
    counter.office.clock.pass_by(hours=1)
    counter.read()
    assert found(counter).outcome is c.VerdictOutcome.DONE
    assert counter.verdict(late).code == "superseded"
    assert counter.card_status() is CardStatus.NORMAL


# --- giving up waiting ------------------------------------------------------------------------


def test_a_release_that_was_given_up_is_never_executed(counter: Counter) -> None:
    counter.read()
    shown = msgspec.structs.replace(counter.visit.evidence(None), chip_pin_verified=True)
    work = counter.visit.work(c.Release, evidence=shown)
    assert counter.verdict(counter.line.box.void(work)).outcome is c.VerdictOutcome.VOID
    assert counter.verdict(work).outcome is c.VerdictOutcome.VOID
    assert counter.card_status() is CardStatus.TEMPORARILY_LOST


def test_a_void_that_comes_too_late_is_told_what_was_done(counter: Counter) -> None:
    counter.read()
    shown = msgspec.structs.replace(counter.visit.evidence(None), chip_pin_verified=True)
    work = counter.visit.work(c.Release, evidence=shown)
    done = counter.verdict(work)
    assert counter.verdict(counter.line.box.void(work)) == done
    assert counter.card_status() is CardStatus.NORMAL


def test_the_same_bytes_after_a_new_loss_release_nothing(counter: Counter) -> None:
    counter.read()
    shown = msgspec.structs.replace(counter.visit.evidence(None), chip_pin_verified=True)
    work = counter.visit.work(c.Release, evidence=shown)
    done = counter.verdict(work)
    lost(counter)
    assert counter.verdict(work) == done
    assert counter.card_status() is CardStatus.TEMPORARILY_LOST
