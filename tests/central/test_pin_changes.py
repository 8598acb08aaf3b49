"""修改密码: the chip decided; the centre writes it down, however late, and never refuses what is done."""

from __future__ import annotations

import datetime as dt

import pytest

from kiosk import contract as c
from kiosk.terms import CardStatus
from sync.central import tables
from tests.central.office import START, Office
from tests.central.pin_visit import Counter, problem_code


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


def history(office: Office) -> list[tuple[str, dt.datetime]]:
    with office.centre.store.transaction():
        return [(event.what, tables.moment(event.at)) for event in tables.CardEvent.select()]


def test_it_is_in_the_cards_history(counter: Counter) -> None:
    verdict = counter.verdict(counter.visit.work(c.PinChanged))
    assert (verdict.outcome, verdict.code, verdict.effective_at) == (c.VerdictOutcome.DONE, "stored", START)
    assert history(counter.office) == [("pin_changed", START)]


def test_a_late_one_happened_when_the_chip_did_it(counter: Counter) -> None:
    changed = counter.visit.work(c.PinChanged, time=counter.line.box.item_time(c.Confidence.RTC))
    counter.office.clock.pass_by(days=40)
    assert counter.verdict(changed).effective_at == START
    assert history(counter.office) == [("pin_changed", START)]


def test_without_a_time_to_trust_it_happened_when_the_centre_heard_of_it(counter: Counter) -> None:
    changed = counter.visit.work(c.PinChanged, time=counter.line.box.item_time(c.Confidence.UNKNOWN))
    counter.office.clock.pass_by(days=40)
    counter.verdict(changed)
    assert history(counter.office) == [("pin_changed", START + dt.timedelta(days=40))]


@pytest.mark.parametrize("status", [status for status in CardStatus if status is not CardStatus.UNKNOWN])
def test_nothing_else_changes(office: Office, status: CardStatus) -> None:
    counter = Counter(office, status=status)
    assert counter.verdict(counter.visit.work(c.PinChanged)).outcome is c.VerdictOutcome.DONE
    assert counter.card_status() is status


def test_a_card_of_another_office_is_stored_without_a_history(office: Office) -> None:
    counter = Counter(office)
    changed = counter.visit.work(c.PinChanged)
    unknown = c.Personal(card_number="T99999999", card_identifier="00" * 16)
    verdict = counter.verdict(
        counter.visit.work(c.PinChanged, id=changed.id, sealed=counter.line.box.seal(unknown, changed.id))
    )
    assert verdict.code == "stored"
    assert history(office) == []


def test_what_cannot_be_opened_is_the_items_fault(counter: Counter) -> None:
    changed = counter.visit.work(c.PinChanged, sealed=counter.visit.work(c.PinChanged).sealed)
    assert problem_code(counter.line.item(changed)) == "cannot_open"
    assert history(counter.office) == []


# --- what the terminal did not know ---------------------------------------------------------------

DOUBT, DONE, NOT_DONE = c.ChipResult.UNKNOWN, c.ChipResult.DONE, c.ChipResult.NOT_DONE


@pytest.mark.parametrize("result", [NOT_DONE, DOUBT])
def test_only_what_the_chip_did_is_in_the_cards_history(counter: Counter, result: c.ChipResult) -> None:
    assert counter.verdict(counter.visit.work(c.PinChanged, result=result)).code == "stored"
    assert history(counter.office) == []


@pytest.mark.parametrize("end", [result for result in c.ChipResult if result is not DOUBT])
def test_a_doubt_ends_once(counter: Counter, end: c.ChipResult) -> None:
    """Told days later, it happened when the chip was asked."""
    doubt = counter.visit.work(c.PinChanged, result=DOUBT)
    counter.verdict(doubt)
    counter.office.clock.pass_by(days=3)
    outcome = counter.visit.outcome(doubt, end)
    first = counter.verdict(outcome)
    assert (first.outcome, first.code) == (c.VerdictOutcome.DONE, "stored")
    assert counter.verdict(outcome) == first, "the same bytes"
    for other in c.ChipResult:
        assert problem_code(counter.line.item(counter.visit.outcome(doubt, other))) == "content_differs"
    assert history(counter.office) == ([("pin_changed", START)] if end is DONE else [])


@pytest.mark.parametrize("known", [DONE, NOT_DONE])
def test_what_was_known_has_no_other_end(counter: Counter, known: c.ChipResult) -> None:
    changed = counter.visit.work(c.PinChanged, result=known)
    counter.verdict(changed)
    assert problem_code(counter.line.item(counter.visit.outcome(changed, NOT_DONE))) == "not_authorised"


def test_another_terminal_ends_no_doubt(counter: Counter) -> None:
    doubt = counter.visit.work(c.PinChanged, result=DOUBT)
    counter.verdict(doubt)
    elsewhere = Counter(counter.office, terminal="T-2")
    assert problem_code(elsewhere.line.item(elsewhere.visit.outcome(doubt, DONE))) == "not_authorised"
    assert history(counter.office) == []
