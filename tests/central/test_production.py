"""How far a new card is: who may know it, how it advances, and what tells somebody who guesses nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kiosk import contract as c
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import rules, tables
from sync.central.rules import production, receipts, replacement
from sync.central.rules.production import CannotAdvance, MadeCard
from tests.central.office import CARD, IDENTIFIER, NUMBER, OTHER_CARD, OTHER_NUMBER, Box, Office, new_id

LAST4 = CARD[-4:]
HALL = c.Text("青秀区社保大厅", "Qingxiu hall")
PHOTO = c.Text("照片不合格，请重新照相。", "The photo cannot be used; a new one is needed.")
STRANGER = "459900190001010018"
WRONG = "9999"
NEW_CARD, NEW_IDENTIFIER = "T00000991", "459900D15600000500000099FFFFFFFF"
MADE = MadeCard(NEW_CARD, NEW_IDENTIFIER, dt.date(2036, 3, 2))
TOLD = {c.ProductionStep.CARD_MADE: MADE, c.ProductionStep.READY: HALL}


def file_order(office: Office, card: str = CARD) -> str:
    """As a formal loss does, inside a transaction."""
    number = receipts.next_number(office.clock.now())
    replacement.order(tables.Card.get(number=card), replacement.LOST, number, office.clock.now())
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


def advance(office: Office, order: str, told: c.Text | MadeCard | None = None) -> c.ProductionStep:
    with office.centre.store.transaction():
        return production.advance(office.centre, order, told)


def advance_to(office: Office, order: str, last: c.ProductionStep) -> None:
    for step in c.ProductionStep:
        advance(office, order, TOLD.get(step))
        if step is last:
            return


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
    office = Office(tmp_path, Quotas(wrong_numbers_per_terminal_an_hour=3))
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
        assert advance(office, order, TOLD.get(step)) is step
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


def test_a_place_belongs_to_the_card_that_is_ready_and_a_card_to_the_one_that_is_made(
    office: Office, order: str
) -> None:
    for step in c.ProductionStep:
        for wrong in {None, HALL, MADE} - {TOLD.get(step)}:
            with pytest.raises(CannotAdvance, match=f"next step is {step}; a place belongs to ready alone, a card to"):
                advance(office, order, wrong)
        advance(office, order, TOLD.get(step))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (MadeCard(CARD, NEW_IDENTIFIER, MADE.expires), "on record already"),
        (MadeCard(NEW_CARD, IDENTIFIER, MADE.expires), "on record already"),
        (MadeCard("T0000", NEW_IDENTIFIER, MADE.expires), "9 figures and capital letters"),
        (MadeCard(NEW_CARD, NEW_IDENTIFIER[:-1], MADE.expires), "32 hex digits"),
    ],
)
def test_a_card_that_cannot_be_the_new_one_is_not_made(office: Office, order: str, made: MadeCard, why: str) -> None:
    advance_to(office, order, c.ProductionStep.ACCOUNT_OPENED)
    with pytest.raises(CannotAdvance, match=why) as refused:
        advance(office, order, made)
    assert made.number not in str(refused.value)
    assert advance(office, order, MADE) is c.ProductionStep.CARD_MADE


# --- whose card it is -----------------------------------------------------------------------


def cards(office: Office, box: Box, **personal: str) -> list[c.CardFacts]:
    visit = new_id()
    with office.centre.store.transaction():
        query = c.CardsQuery(visit, box.seal(c.Personal(**personal), visit))
        answer = rules.cards(office.centre, box.name, query)
    assert isinstance(answer, c.CardsAnswer)
    return answer.cards


def test_a_new_card_is_nobodys_until_it_is_handed_over(office: Office, box: Box, order: str) -> None:
    before = cards(office, box, holder_number=NUMBER)
    advance_to(office, order, c.ProductionStep.READY)
    assert cards(office, box, holder_number=NUMBER) == before
    assert cards(office, box, card_number=NEW_CARD, card_identifier=NEW_IDENTIFIER) == []


@pytest.mark.parametrize("was", [CardStatus.NORMAL, CardStatus.TEMPORARILY_LOST, CardStatus.FORMALLY_LOST])
def test_who_has_the_new_card_has_no_other(tmp_path: Path, was: CardStatus) -> None:
    """The new one waits to be activated; the old one is cancelled, whatever it was, and stays so."""
    office = Office(tmp_path)
    office.issue_cards(was)
    box = office.pair()
    with office.centre.store.transaction():
        number = file_order(office)
    advance_to(office, number, c.ProductionStep.COLLECTED)
    new, old = cards(office, box, holder_number=NUMBER)
    assert (new.current, new.status, new.operations) == (True, CardStatus.SEALED, [c.Kind.ACTIVATION])
    assert (new.card_last4, new.expires, new.replacement_filed) == (NEW_CARD[-4:], MADE.expires, False)
    assert (new.region, new.bank_code) == (old.region, old.bank_code)
    assert (old.current, old.status, old.operations) == (False, CardStatus.CANCELLED, [])
    assert [card.status for card in cards(office, box, holder_number=OTHER_NUMBER)] == [CardStatus.NORMAL]
    office.centre.store.close()


def test_a_loss_that_was_meant_for_the_old_card_does_not_reach_the_new_one(
    office: Office, box: Box, order: str
) -> None:
    """Registered without a line, and brought when the holder has the new card already."""
    loss = box.loss()
    office.clock.pass_by(days=1)
    advance_to(office, order, c.ProductionStep.COLLECTED)
    with office.centre.store.transaction():
        verdict = box.believe(rules.put_transaction(office.centre, box.name, loss.id, box.sign(loss)))
    assert (verdict.outcome, verdict.code) == (c.VerdictOutcome.REFUSED, "superseded")
    assert office.card_status(NEW_CARD) is CardStatus.SEALED


def test_an_order_that_is_not_there_is_named(office: Office, order: str) -> None:
    with pytest.raises(CannotAdvance, match="order 7: there is none"):
        advance(office, "7")


def test_the_newest_order_is_told(office: Office, box: Box, order: str) -> None:
    advance_to(office, order, c.ProductionStep.COLLECTED)
    office.clock.pass_by(days=400)
    with office.centre.store.transaction():
        file_order(office, NEW_CARD)
    answer = told(ask(office, box, holder_number=NUMBER))
    assert (answer.ordered_at, answer.reached) == (office.clock.now(), [])
