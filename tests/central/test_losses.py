"""A lost card stops working when its holder says so, at once or after the line comes back, and never by mistake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import contract as c
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import rules, tables
from sync.central.rules import age
from tests.central.office import NUMBER, START, Box, Office, sha256_of


def report(office: Office, box: Box, loss: c.TemporaryLoss) -> c.Verdict:
    with office.centre.store.transaction():
        return box.believe(rules.put_transaction(office.centre, box.name, loss.id, box.sign(loss)))


def staff_changes(office: Office, what: str, status: CardStatus) -> None:
    """Somebody at a window changes the card."""
    with office.centre.store.transaction():
        card = tables.Card.get(number="T00000036")
        card.status_code = status.value
        card.save()
        at = tables.instant(office.clock.now())
        tables.CardEvent.create(person=card.person, card=card, what=what, at=at)


def test_a_normal_card_is_lost_at_once(office: Office, box: Box) -> None:
    loss = box.loss()
    verdict = report(office, box, loss)
    assert (verdict.outcome, verdict.card_status) == (c.VerdictOutcome.DONE, CardStatus.TEMPORARILY_LOST)
    assert verdict.effective_at == START
    assert verdict.receipt_no == "20260302-000001"
    assert office.card_status() is CardStatus.TEMPORARILY_LOST


def test_the_verdict_names_the_very_item(office: Office, box: Box) -> None:
    loss = box.loss()
    said = report(office, box, loss).acknowledged
    assert (said.journal_id, said.seq, said.item_sha256) == (box.journal_id, loss.seq, sha256_of(box.sign(loss)))
    assert (said.record_seq, said.head) == (loss.record_seq, loss.head)


def test_a_second_report_is_told_when_the_first_was_made(office: Office, box: Box) -> None:
    first = report(office, box, box.loss())
    office.clock.pass_by(hours=3)
    second = report(office, box, box.loss())
    assert second.outcome is c.VerdictOutcome.ALREADY
    assert (second.effective_at, second.receipt_no) == (START, first.receipt_no)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, "card_sealed"),
        (CardStatus.FORMALLY_LOST, "already"),
        (CardStatus.APPLICATION_LOCKED, "card_locked"),
        (CardStatus.TEMPORARILY_LOST, "already"),
        (CardStatus.CANCELLED, "card_cancelled"),
    ],
)
def test_other_statuses_stay_as_they_are(office: Office, status: CardStatus, code: str) -> None:
    office.issue_cards(status)
    box = office.pair()
    assert report(office, box, box.loss()).code == code
    assert office.card_status() is status


def test_without_an_id_card_nothing_is_lost(office: Office, box: Box) -> None:
    assert report(office, box, box.loss(evidence=c.Evidence())).code == "proof_missing"
    assert office.card_status() is CardStatus.NORMAL


def test_a_stranger_is_told_so(office: Office, box: Box) -> None:
    assert report(office, box, box.loss(number="459900190001010018")).code == "holder_unknown"


def test_data_sealed_for_another_transaction_are_not_opened(office: Office, box: Box) -> None:
    stolen = box.loss().sealed
    loss = box.loss(sealed=stolen)
    with office.centre.store.transaction():
        answer = rules.put_transaction(office.centre, box.name, loss.id, box.sign(loss))
    assert isinstance(answer, c.Problem)
    assert answer.code == "cannot_open"


# --- the line was down --------------------------------------------------------------------


def test_a_loss_from_last_night_takes_effect_when_it_arrives(office: Office, box: Box) -> None:
    loss = box.loss(time=box.item_time(c.Confidence.RTC))
    office.clock.pass_by(hours=14)
    verdict = report(office, box, loss)
    assert verdict.outcome is c.VerdictOutcome.DONE
    assert verdict.effective_at == START + dt.timedelta(hours=14), "not before the centre knew of it"


def test_a_card_found_and_released_since_is_not_lost_again(office: Office, box: Box) -> None:
    loss = box.loss(time=box.item_time(c.Confidence.RTC))
    office.clock.pass_by(hours=1)
    staff_changes(office, "temporary_loss", CardStatus.TEMPORARILY_LOST)
    office.clock.pass_by(hours=1)
    staff_changes(office, "released", CardStatus.NORMAL)
    office.clock.pass_by(hours=1)
    assert report(office, box, loss).code == "superseded"
    assert office.card_status() is CardStatus.NORMAL


def test_a_card_lost_by_telephone_meanwhile_was_lost_already(office: Office, box: Box) -> None:
    loss = box.loss(time=box.item_time(c.Confidence.RTC))
    office.clock.pass_by(hours=1)
    staff_changes(office, "temporary_loss", CardStatus.TEMPORARILY_LOST)
    assert report(office, box, loss).outcome is c.VerdictOutcome.ALREADY


def test_a_release_of_last_year_hinders_nobody(office: Office, box: Box) -> None:
    staff_changes(office, "released", CardStatus.NORMAL)
    office.clock.pass_by(days=300)
    assert report(office, box, box.loss()).outcome is c.VerdictOutcome.DONE


@pytest.mark.parametrize("confidence", [c.Confidence.FLOOR, c.Confidence.UNKNOWN])
def test_a_time_nobody_can_trust_needs_a_person(office: Office, box: Box, confidence: c.Confidence) -> None:
    loss = box.loss(time=box.item_time(confidence))
    office.clock.pass_by(minutes=5)
    assert report(office, box, loss).code == "needs_person"
    assert office.card_status() is CardStatus.NORMAL


def test_a_loss_of_more_than_a_week_ago_needs_a_person(office: Office, box: Box) -> None:
    loss = box.loss()
    office.clock.pass_by(days=7, seconds=1)
    assert report(office, box, loss).code == "needs_person"


def test_a_report_from_the_future_is_not_believed(office: Office, box: Box) -> None:
    ahead = c.ItemTime(START + dt.timedelta(days=400), c.Confidence.RTC, None, None)
    assert report(office, box, box.loss(time=ahead)).code == "needs_person"


@settings(max_examples=200)
@given(
    since=st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=30)),
    error=st.timedeltas(min_value=-dt.timedelta(days=9000), max_value=dt.timedelta(days=9000)),
)
def test_freshness_never_asks_the_wall_clock(since: dt.timedelta, error: dt.timedelta) -> None:
    drafted = c.ItemTime(START + error, c.Confidence.UNKNOWN, START, 0)
    assert age.fresh(drafted, START + since) == (since <= age.LIVE_LIMIT)


# --- quotas -----------------------------------------------------------------------------------


def test_somebody_who_loses_and_releases_all_day_is_sent_to_the_window(office: Office, box: Box) -> None:
    for _ in range(office.centre.limits.losses_per_person_a_day):
        assert report(office, box, box.loss()).outcome is c.VerdictOutcome.DONE
        office.clock.pass_by(minutes=1)
        staff_changes(office, "released", CardStatus.NORMAL)
        office.clock.pass_by(minutes=1)
    assert report(office, box, box.loss()).code == "quota_person"
    office.clock.pass_by(days=1)
    assert report(office, box, box.loss()).outcome is c.VerdictOutcome.DONE


def test_a_terminal_that_reports_losses_all_day_needs_a_person(tmp_path: Path) -> None:
    office = Office(tmp_path, Quotas(losses_per_terminal_a_day=1))
    office.issue_cards()
    box = office.pair()
    assert report(office, box, box.loss()).outcome is c.VerdictOutcome.DONE
    assert report(office, box, box.loss(number="459900199111030352")).code == "needs_person"
    office.centre.store.close()


def test_nobodys_number_or_name_is_kept_in_the_clear_with_the_items(office: Office, box: Box) -> None:
    report(office, box, box.loss())
    with office.centre.store.transaction():
        kept = [row.signed + row.verdict for row in tables.Item.select()]
    assert kept
    assert NUMBER not in "".join(kept)
