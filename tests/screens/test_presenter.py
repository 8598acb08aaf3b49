"""One page, one question, one answer: without a window, on virtual time."""

from __future__ import annotations

import gc
import types

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from kiosk.pin import Pin
from kiosk.prompts import (
    Answer,
    Attract,
    Back,
    Call,
    Chosen,
    Continue,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    OutOfService,
    Prompt,
    Refusal,
    Standing,
    Step,
    StillThere,
    Tile,
    TypedPin,
    TypePin,
)
from kiosk.words import plain
from screens.manner import Manner
from screens.presenter import Move, Presenter, direction

WORD = plain("·")
HOME = Home(tiles=())
REFUSAL = Refusal(title=WORD, why=WORD, where=WORD, hotline="12333")
WARNING = StillThere(seconds=20)
ENGLISH = Manner(language="en")
PIN_PAGE = TypePin(title=WORD, body=WORD, digits=6)


def insert(step: int, trouble: bool = False) -> InsertCard:
    return InsertCard(title=WORD, body=WORD, seconds=30, step=Step(step, 4), trouble=WORD if trouble else None)


class Paper:
    """A face that writes down what it is told to show."""

    def __init__(self) -> None:
        self.pages: list[tuple[Prompt, Manner, Move]] = []
        self.warning: StillThere | None = None
        self.standing: Standing | None = None
        self.cleared = 0

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self.pages.append((prompt, manner, move))

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        self.warning = prompt

    def stand(self, standing: Standing, manner: Manner) -> None:
        self.standing = standing

    def tell_call(self, call: Call, manner: Manner) -> None:
        self.call = call

    def clear(self) -> None:
        self.cleared += 1


class Asking:
    """Questions on their way, and what they were answered."""

    def __init__(self, presenter: Presenter, nursery: trio.Nursery) -> None:
        self.presenter, self.nursery = presenter, nursery
        self.answers: list[Answer] = []

    async def ask(self, prompt: Prompt) -> trio.CancelScope:
        scope = trio.CancelScope()

        async def question() -> None:
            with scope:
                self.answers.append(await self.presenter.ask(prompt))

        self.nursery.start_soon(question)
        await wait_all_tasks_blocked()
        return scope

    async def press(self, answer: Answer) -> None:
        self.presenter.answer(answer)
        await wait_all_tasks_blocked()


@pytest.fixture
def face() -> Paper:
    return Paper()


@pytest.fixture
async def presenter(face: Paper) -> Presenter:
    return Presenter(face)


@pytest.fixture
async def asking(presenter: Presenter, nursery: trio.Nursery) -> Asking:
    return Asking(presenter, nursery)


async def test_the_first_answer_counts_and_the_second_is_nothing(asking: Asking) -> None:
    await asking.ask(HOME)
    asking.presenter.answer(Chosen("report_loss"))
    await asking.press(Chosen("card_status"))
    assert asking.answers == [Chosen("report_loss")]


async def test_a_page_that_was_replaced_cannot_be_answered(asking: Asking) -> None:
    await asking.ask(HOME)
    asking.presenter.show(OutOfService(why=WORD, hotline="12333"))
    await asking.press(Chosen("report_loss"))
    assert asking.answers == []


async def test_a_page_whose_question_was_called_off_stays_and_is_dead(asking: Asking, face: Paper) -> None:
    scope = await asking.ask(HOME)
    scope.cancel()
    await asking.press(Chosen("report_loss"))
    assert asking.answers == []
    assert face.pages[-1][0] is HOME


async def test_a_newer_state_of_the_page_keeps_the_question(asking: Asking, face: Paper) -> None:
    await asking.ask(insert(2))
    asking.presenter.show(insert(2, trouble=True))
    await asking.press(Back())
    assert asking.answers == [Back()]
    assert face.pages[-1][2] is Move.RENEWED


async def test_a_newer_state_with_other_buttons_is_another_page_for_the_finger(asking: Asking, face: Paper) -> None:
    await asking.ask(HOME)
    asking.presenter.show(Home(tiles=(Tile("card_status", WORD, WORD),)))
    assert face.pages[-1][2] is Move.IN_PLACE


async def test_asked_again_the_newer_state_is_not_undone(asking: Asking, face: Paper) -> None:
    newer = Home(tiles=(Tile("card_status", WORD, WORD),))
    scope = await asking.ask(HOME)
    asking.presenter.show(newer)
    scope.cancel()
    await asking.ask(HOME)
    assert face.pages[-1][0] is newer


async def test_the_warning_takes_the_touches_and_gives_the_page_back(asking: Asking, face: Paper) -> None:
    await asking.ask(HOME)
    await asking.ask(WARNING)
    await asking.press(Continue())
    assert asking.answers == [Continue()]
    assert face.warning is None
    await asking.press(Chosen("report_loss"))
    assert asking.answers == [Continue(), Chosen("report_loss")]


async def test_a_warning_nobody_answered_goes_when_it_is_called_off(asking: Asking, face: Paper) -> None:
    scope = await asking.ask(WARNING)
    assert face.warning is WARNING
    scope.cancel()
    await wait_all_tasks_blocked()
    assert face.warning is None


async def test_the_language_changes_page_and_standing_but_not_the_question(asking: Asking, face: Paper) -> None:
    await asking.ask(REFUSAL)
    asking.presenter.switch(ENGLISH)
    assert face.pages[-1] == (REFUSAL, ENGLISH, Move.IN_PLACE)
    await asking.press(Done())
    assert asking.answers == [Done()]
    assert asking.presenter.manner == ENGLISH


async def test_the_next_person_begins_in_the_first_language_with_nothing_left(asking: Asking, face: Paper) -> None:
    await asking.ask(REFUSAL)
    asking.presenter.switch(ENGLISH)
    asking.presenter.forget()
    await asking.press(Done())
    assert asking.answers == []
    assert face.cleared == 1
    assert face.pages[-1][:2] == (Attract(), Manner())


def typed() -> TypedPin:
    return TypedPin(Pin((3, 9, 4, 8, 5, 7)))


async def test_a_pin_goes_to_whoever_asked_and_nobody_keeps_it(asking: Asking) -> None:
    answer = typed()
    await asking.ask(PIN_PAGE)
    await asking.press(answer)
    assert asking.answers == [answer]
    assert list(answer.pin) == [3, 9, 4, 8, 5, 7]
    asking.answers.clear()
    running = types.FrameType | types.CoroutineType
    held = [type(thing) for thing in gc.get_referrers(answer) if not isinstance(thing, running)]
    assert held == []


async def test_a_pin_nobody_asks_for_is_wiped(asking: Asking) -> None:
    unasked, second = typed(), typed()
    await asking.press(unasked)
    await asking.ask(PIN_PAGE)
    asking.presenter.answer(typed())
    await asking.press(second)
    assert len(unasked.pin) == len(second.pin) == 0


async def test_a_pin_that_comes_while_its_question_is_called_off_is_wiped(asking: Asking) -> None:
    answer = typed()
    scope = await asking.ask(PIN_PAGE)
    scope.cancel()
    await asking.press(answer)
    assert asking.answers == []
    assert len(answer.pin) == 0


async def test_the_warning_takes_no_pin(asking: Asking, face: Paper) -> None:
    answer = typed()
    await asking.ask(WARNING)
    await asking.press(answer)
    assert asking.answers == []
    assert face.warning is WARNING
    assert len(answer.pin) == 0


async def test_any_touch_is_a_sign_of_life(presenter: Presenter, mock_clock: MockClock) -> None:
    mock_clock.jump(30)
    presenter.touched()
    assert presenter.last_touch == trio.current_time()


def test_pages_go_on_and_come_back() -> None:
    lay = LayIdCard(title=WORD, body=WORD, seconds=30, step=Step(1, 4))
    assert direction(Attract(), HOME, back=False) is Move.ON
    assert direction(HOME, lay, back=False) is Move.ON
    assert direction(lay, insert(2), back=False) is Move.ON
    assert direction(insert(2), lay, back=False) is Move.BACK
    assert direction(insert(2), REFUSAL, back=True) is Move.BACK
    assert direction(REFUSAL, HOME, back=False) is Move.BACK
    assert direction(insert(2), insert(2, trouble=True), back=False) is Move.IN_PLACE
