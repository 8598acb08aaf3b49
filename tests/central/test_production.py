"""How far a new card is: who may know it, how it advances, and what tells somebody who guesses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import contract as c
from kiosk.terms import CardStatus
from sync.central import rules, tables
from sync.central.centre import Limits
from sync.central.rules import production, receipts, replacement
from sync.central.rules.production import CannotAdvance
from tests.central.office import CARD, NUMBER, OTHER_CARD, OTHER_NUMBER, Box, Office, new_id

LAST4 = CARD[-4:]
HALL = c.Text("青秀区社保大厅", "Qingxiu hall")
PHOTO = c.Text("照片不合格，请重新照相。", "The photo cannot be used; a new one is needed.")
STRANGER = "459900190001010018"
WRONG = "9999"


def file_order(office: Office) -> str:
    """As a formal loss does, inside a transaction."""
    number = receipts.next_number(office.clock.now())
    replacement.order(tables.Card.get(number=CARD), replacement.LOST, number, office.clock.now())
    return number


@pytest.fixture
def order(office: Office, box: Box) -> str:
    with office.centre.store.transaction():
        return file_order(office)


def ask(office: Office, box: Box, visit: str | None = None, **personal: str) -> c.ProductionAnswer | c.Problem:
    visit = visit or new_id()
    with office.centre.store.transaction():
        query = c.ProductionQuery(visit, box.seal(c.Personal(**personal), visit))
        return rules.progress(office.centre, box.name, query)


def told(answer: c.ProductionAnswer | c.Problem) -> c.ProductionAnswer:
    assert isinstance(answer, c.ProductionAnswer), answer
    return answer


def code(answer: c.ProductionAnswer | c.Problem) -> str:
    assert isinstance(answer, c.Problem)
    return answer.code


def advance(office: Office, order: str, place: c.Text | None = None) -> c.ProductionStep:
    with office.centre.store.transaction():
        return production.advance(office.centre, order, place)


def fail(office: Office, order: str) -> None:
    with office.centre.store.transaction():
        production.fail(office.centre, order, PHOTO)


# --- who may know ---------------------------------------------------------------------------


def test_with_the_id_card_the_holder_learns_it_with_the_masked_name(office: Office, box: Box, order: str) -> None:
    answer = told(ask(office, box, holder_number=NUMBER))
    assert (answer.masked_name, answer.card_last4, answer.reached) == ("测*", LAST4, [])
    assert answer.ordered_at == office.clock.now()


def test_with_typed_numbers_the_same_without_a_name(office: Office, box: Box, order: str) -> None:
    answer = told(ask(office, box, holder_number=NUMBER, old_card_last4=LAST4))
    assert (answer.masked_name, answer.card_last4) == (None, LAST4)


@pytest.mark.parametrize(
    ("number", "last4"), [(NUMBER, WRONG), (NUMBER, OTHER_CARD[-4:]), (OTHER_NUMBER, LAST4), (STRANGER, LAST4)]
)
def test_numbers_that_do_not_belong_together_tell_nothing(
    office: Office, box: Box, order: str, number: str, last4: str
) -> None:
    """Not even whether anybody has such a number."""
    assert code(ask(office, box, holder_number=number, old_card_last4=last4)) == "numbers_differ"


@pytest.mark.parametrize("personal", [{"holder_number": OTHER_NUMBER}, {"holder_number": STRANGER}, {}])
def test_who_ordered_nothing_is_told_so(office: Office, box: Box, order: str, personal: dict[str, str]) -> None:
    assert code(ask(office, box, **personal)) == "no_production"


def test_right_numbers_without_an_order_too(office: Office, box: Box) -> None:
    assert code(ask(office, box, holder_number=NUMBER, old_card_last4=LAST4)) == "no_production"


def test_a_visit_is_one_persons(office: Office, box: Box, order: str) -> None:
    visit = new_id()
    told(ask(office, box, visit, holder_number=NUMBER))
    assert code(ask(office, box, visit, holder_number=OTHER_NUMBER)) == "not_this_holder"


def test_what_was_sealed_for_another_visit_is_not_opened(office: Office, box: Box, order: str) -> None:
    sealed = box.seal(c.Personal(holder_number=NUMBER), new_id())
    with office.centre.store.transaction():
        answer = rules.progress(office.centre, box.name, c.ProductionQuery(new_id(), sealed))
    assert code(answer) == "cannot_open"


# --- who guesses ----------------------------------------------------------------------------


def test_who_guesses_a_persons_card_is_stopped_until_tomorrow(office: Office, box: Box, order: str) -> None:
    for _ in range(office.centre.limits.wrong_numbers_per_person_a_day):
        ask(office, box, holder_number=NUMBER, old_card_last4=WRONG)
    assert code(ask(office, box, holder_number=NUMBER, old_card_last4=LAST4)) == "too_many"
    assert told(ask(office, box, holder_number=NUMBER)), "with the ID card the holder is served"
    office.clock.pass_by(days=1)
    assert told(ask(office, box, holder_number=NUMBER, old_card_last4=LAST4))


@pytest.fixture
def strict(tmp_path: Path) -> Office:
    office = Office(tmp_path, Limits(wrong_numbers_per_terminal_an_hour=3))
    office.issue_cards(CardStatus.FORMALLY_LOST)
    with office.centre.store.transaction():
        file_order(office)
    return office


def test_who_guesses_at_a_terminal_is_stopped_there_for_an_hour(strict: Office) -> None:
    box, elsewhere = strict.pair("T-1"), strict.pair("T-2")
    for _ in range(3):
        ask(strict, box, holder_number=STRANGER, old_card_last4=WRONG)
    assert code(ask(strict, box, holder_number=NUMBER, old_card_last4=LAST4)) == "too_many"
    assert told(ask(strict, elsewhere, holder_number=NUMBER, old_card_last4=LAST4))
    strict.clock.pass_by(hours=1, seconds=1)
    assert told(ask(strict, box, holder_number=NUMBER, old_card_last4=LAST4))
    strict.centre.store.close()


# --- how it advances ------------------------------------------------------------------------


def test_step_by_step_until_it_is_collected(office: Office, box: Box, order: str) -> None:
    for number, step in enumerate(c.ProductionStep, 1):
        office.clock.pass_by(days=1)
        assert advance(office, order, HALL if step is c.ProductionStep.READY else None) is step
        answer = told(ask(office, box, holder_number=NUMBER))
        assert len(answer.reached) == number
        assert answer.reached[-1] == c.StepReached(step, office.clock.now())
        assert answer.place == (HALL if number >= 4 else None)
    with pytest.raises(CannotAdvance, match="collected"):
        advance(office, order)
    with pytest.raises(CannotAdvance, match="collected"):
        fail(office, order)


def test_what_failed_is_told_until_it_goes_on(office: Office, box: Box, order: str) -> None:
    fail(office, order)
    assert told(ask(office, box, holder_number=NUMBER)).failed == c.ProductionFailed(PHOTO, office.clock.now())
    advance(office, order)
    answer = told(ask(office, box, holder_number=NUMBER))
    assert answer.failed is None
    assert [done.step for done in answer.reached] == [c.ProductionStep.DATA_COLLECTED]


def test_a_place_belongs_to_the_card_that_is_ready_and_to_no_other_step(office: Office, order: str) -> None:
    with pytest.raises(CannotAdvance, match="place"):
        advance(office, order, HALL)
    for _ in range(3):
        advance(office, order)
    with pytest.raises(CannotAdvance, match="place"):
        advance(office, order)


def test_an_order_that_is_not_there_is_named(office: Office, order: str) -> None:
    with pytest.raises(CannotAdvance, match="order 7: there is none"):
        advance(office, "7")


def test_the_newest_order_is_told(office: Office, box: Box, order: str) -> None:
    for place in (None, None, None, HALL, None):
        advance(office, order, place)
    office.clock.pass_by(days=400)
    with office.centre.store.transaction():
        file_order(office)
    answer = told(ask(office, box, holder_number=NUMBER))
    assert (answer.ordered_at, answer.reached) == (office.clock.now(), [])
