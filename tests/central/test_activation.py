"""启用: a sealed card begins to work, in the city that issued it, for who is proved to be its holder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import contract as c
from kiosk.terms import CardStatus
from sync.central import serving
from tests.central.office import START, Office
from tests.central.pin_visit import Counter, on_record, person

ELSEWHERE = "459800"


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office, status=CardStatus.SEALED)


def activated(counter: Counter, **changes: Any) -> c.Verdict:
    """Both cards and the code on the phone; `changes` to the evidence."""
    evidence = counter.visit.evidence(counter.proof(c.Kind.ACTIVATION))
    shown = msgspec.structs.replace(evidence, **changes)
    return counter.verdict(counter.visit.work(c.Activation, evidence=shown))


def test_a_sealed_card_begins_to_work(counter: Counter) -> None:
    assert counter.operations() == [c.Kind.ACTIVATION]
    counter.read()
    verdict = activated(counter)
    assert (verdict.outcome, verdict.card_status) == (c.VerdictOutcome.DONE, CardStatus.NORMAL)
    assert verdict.effective_at == START
    assert verdict.receipt_no
    assert counter.card_status() is CardStatus.NORMAL
    assert {c.Kind.PIN_CHANGED, c.Kind.RELOAD_PIN} <= set(counter.operations()), "its initial PIN can be changed"


def test_a_second_activation_is_told_when_the_first_was(counter: Counter) -> None:
    counter.read()
    activated(counter)
    counter.office.clock.pass_by(minutes=3)
    again = activated(counter)
    assert (again.outcome, again.effective_at) == (c.VerdictOutcome.ALREADY, START)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.FORMALLY_LOST, "card_lost"),
        (CardStatus.APPLICATION_LOCKED, "card_locked"),
        (CardStatus.TEMPORARILY_LOST, "card_lost"),
        (CardStatus.CANCELLED, "card_cancelled"),
    ],
)
def test_other_statuses_stay_as_they_are(office: Office, status: CardStatus, code: str) -> None:
    counter = Counter(office, status=status)
    counter.read()
    assert activated(counter).code == code
    assert counter.card_status() is status


@pytest.mark.parametrize(
    "missing",
    [{"ssc": None}, {"ssc": c.SscEvidence(authenticated=False)}, {"id_card": None}, {"proof": c.Proof()}],
    ids=lambda missing: next(iter(missing)),
)
def test_without_all_the_evidence_nothing(counter: Counter, missing: dict[str, Any]) -> None:
    counter.read()
    assert activated(counter, **missing).code == "proof_missing"
    assert counter.card_status() is CardStatus.SEALED


def test_the_terminals_word_that_the_chip_is_genuine_is_not_enough(counter: Counter) -> None:
    assert activated(counter).code == "proof_missing"


# --- where --------------------------------------------------------------------------------------


def test_another_citys_card_is_sent_back_there_in_words(office: Office) -> None:
    counter = Counter(office, status=CardStatus.SEALED, region=ELSEWHERE)
    assert counter.operations() == []
    counter.read()
    verdict = activated(counter)
    assert verdict.code == "other_city"
    assert "发卡地" in verdict.reason.zh
    assert counter.card_status() is CardStatus.SEALED


def test_another_county_of_the_same_city_is_no_other_city(office: Office) -> None:
    counter = Counter(office, status=CardStatus.SEALED, region="459931")
    counter.read()
    assert activated(counter).outcome is c.VerdictOutcome.DONE


def test_a_terminal_whose_place_nobody_said_activates_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, place=None)
    counter = Counter(office, status=CardStatus.SEALED)
    assert counter.operations() == []
    counter.read()
    assert activated(counter).code == "place_unknown"
    office.centre.store.close()


def test_a_new_code_without_a_place_leaves_the_terminal_where_it_stands(counter: Counter) -> None:
    serving.give_code(counter.office.centre, counter.line.box.name)
    assert counter.operations() == [c.Kind.ACTIVATION]


def test_the_sealed_person_on_file_can_be_activated_here(office: Office) -> None:
    somebody = person("sealed")
    serving.add_people(office.centre, [on_record(somebody)])
    counter = Counter(office, "sealed")
    counter.read()
    assert activated(counter).outcome is c.VerdictOutcome.DONE
