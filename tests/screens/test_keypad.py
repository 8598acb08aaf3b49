"""The keypad, by ear: which key does what on which page; without a window, on virtual time."""

from __future__ import annotations

import re
from typing import cast

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from kiosk.prompts import (
    Agreed,
    Answer,
    Attract,
    Back,
    Chosen,
    Continue,
    Declined,
    Home,
    Prompt,
    StillThere,
    Touched,
)
from kiosk.terms import PadKey
from kiosk.words import CHINESE, language
from screens.gallery.samples import samples
from screens.gallery.written import written
from screens.gate import SETTLE_S, Gate
from screens.keypad import Key, Keypad
from screens.keys import KEYS, PAD, Keys, PadKeys
from screens.manner import Manner, Speed
from screens.presenter import Move, Presenter
from screens.speech.menu import Sheet
from screens.speech.narrator import Narrator
from tests.screens.listening import Blank, Ears

PAGES = samples(CHINESE)
HOME_ALL = cast(Home, written(CHINESE)["home-all"])
SERVICES = [tile.service for tile in HOME_ALL.tiles]
KP_1, KP_ENTER, LETTER_A = 257, 271, 97


class Panel(Blank):
    """The glass without glass: the gate turns with every page, and the help sheet lies there or not."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.presenter: Presenter
        self.typing = False
        self.sheet: Sheet | None = None
        self.typed: list[int | str] = []
        self.takes_x = False
        self.calls = self.confirmed = 0

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self.gate.turn()

    def figure(self, figure: int) -> None:
        if self.gate.act():
            self.typed.append(figure)

    def x(self) -> None:
        if self.gate.act():
            self.typed.append("X")

    def delete(self) -> None:
        if self.gate.act():
            self.typed.pop()

    def delete_all(self) -> None:
        if self.gate.act():
            self.typed.clear()

    def confirm(self) -> None:
        self.confirmed += self.gate.act()

    def answer(self, answer: Answer) -> None:
        if self.gate.act():
            self.presenter.answer(answer)

    def open_help(self) -> None:
        if self.gate.act():
            self.sheet = Sheet.HELP

    def close_sheet(self) -> None:
        if self.gate.act():
            self.sheet = None

    def call_staff(self) -> None:
        self.calls += self.gate.act()


class Visit:
    def __init__(self, nursery: trio.Nursery, manner: Manner) -> None:
        self.ears, self.gate = Ears(), Gate(trio.current_time)
        self.panel = Panel(self.gate)
        self.narrator = Narrator(self.panel, self.ears, "12333", manner)
        self.presenter = self.panel.presenter = Presenter(self.narrator, manner, self.ears)
        self.keypad = Keypad(self.presenter, self.narrator, self.panel, self.gate)
        self.answers: list[Answer] = []
        self._nursery = nursery
        nursery.start_soon(self.narrator.run)

    async def ask(self, prompt: Prompt) -> None:
        async def question() -> None:
            self.answers.append(await self.presenter.ask(prompt))

        self._nursery.start_soon(question)
        await trio.sleep(SETTLE_S + 0.1)

    async def press(self, *keys: Key | int) -> None:
        for key in keys:
            self.keypad.press(key)
            await trio.sleep(SETTLE_S + 0.1)


@pytest.fixture
async def visit(nursery: trio.Nursery) -> Visit:
    return Visit(nursery, Manner(spoken=True))


@pytest.mark.parametrize(
    ("page", "key", "answer"),
    [
        ("attract", 1, Touched()),
        ("home-four", 3, Chosen("report_loss")),
        ("privacy", 1, Agreed()),
        ("confirm", 1, Agreed()),
        ("confirm", 2, Declined()),
        ("confirm", Key.BACK, Back()),
        ("type-pin", Key.BACK, Back()),
        ("still-there", 1, Continue()),
    ],
)
async def test_a_key_answers_what_the_voice_has_numbered(
    autojump_clock: MockClock, visit: Visit, page: str, key: Key | int, answer: Answer
) -> None:
    await visit.ask(PAGES[page])
    await visit.press(key)
    assert visit.answers == [answer]


@pytest.mark.parametrize("wanted", SERVICES)
async def test_every_service_is_reached_by_keys_alone_as_the_voice_says(
    autojump_clock: MockClock, visit: Visit, wanted: str
) -> None:
    """Listens to the end, and presses what was said for it, or for the others."""
    title = next(language(CHINESE).say(tile.title) for tile in HOME_ALL.tiles if tile.service == wanted)
    await visit.ask(HOME_ALL)
    for _ in range(2):
        await trio.sleep(90)
        said = {
            words.rstrip("。"): int(key) for key, words in re.findall(r"按 (\d)，(.*)", "\n".join(visit.ears.heard))
        }
        own = next((key for words, key in said.items() if words.split("，")[0] == title), None)
        visit.ears.forget()
        await visit.press(said["其他选项"] if own is None else own)
        if own is not None:
            break
    assert visit.answers == [Chosen(wanted)]


async def test_after_the_last_choices_come_the_first_again_and_a_page_begins_with_them(
    autojump_clock: MockClock, visit: Visit
) -> None:
    await visit.ask(HOME_ALL)
    await visit.press(0, 0, 1)
    await visit.ask(PAGES["privacy"])
    await visit.press(1)
    await visit.ask(HOME_ALL)
    await visit.press(0)
    await visit.ask(msgspec.structs.replace(HOME_ALL))
    await visit.press(1)
    assert visit.answers == [Chosen(SERVICES[0]), Agreed(), Chosen(SERVICES[0])]


async def test_the_warning_has_its_own_figure_among_the_others(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(HOME_ALL)
    await visit.press(0)
    await visit.ask(StillThere(seconds=20))
    await visit.press(1, 1)
    assert visit.answers == [Continue(), Chosen(SERVICES[9])]


@pytest.mark.parametrize("key", [0, 3, 9])
async def test_a_number_nobody_has_said_does_nothing_and_is_told(
    autojump_clock: MockClock, visit: Visit, key: int
) -> None:
    await visit.ask(PAGES["confirm"])
    visit.ears.forget()
    await visit.press(key)
    assert visit.answers == []
    assert visit.ears.begun[0] == "没有这个选项。"


@pytest.mark.parametrize("page", ["home", "working", "take-cards"])
async def test_there_is_no_way_back_where_a_finger_has_none(autojump_clock: MockClock, visit: Visit, page: str) -> None:
    await visit.ask(PAGES[page])
    await visit.press(Key.BACK)
    assert visit.answers == []


async def test_a_new_page_takes_no_key_for_a_moment(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["refusal"])
    visit.keypad.press(1)
    await wait_all_tasks_blocked()
    await visit.ask(PAGES["confirm"])
    visit.presenter.show(PAGES["confirm"])
    visit.keypad.press(1)
    await trio.sleep(1)
    assert len(visit.answers) == 1


async def test_no_key_counts_while_a_finger_is_on_the_glass(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    assert visit.gate.press("finger")
    await visit.press(1)
    assert visit.answers == []


async def test_the_first_key_turns_the_voice_on_and_chooses_nothing(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    visit = Visit(nursery, Manner())
    await visit.ask(PAGES["confirm"])
    await visit.press(1)
    assert visit.answers == []
    assert visit.ears.begun[0] == "挂失这张卡？"
    await visit.press(1)
    assert visit.answers == [Agreed()]


async def test_a_pin_is_typed_on_the_keypad_also_by_whoever_wants_no_voice(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    visit = Visit(nursery, Manner())
    await visit.ask(PAGES["type-pin"])
    visit.panel.typing = True
    await visit.press(3, 9, 4, Key.DELETE, 0)
    assert visit.panel.typed == [3, 9, 0]
    assert visit.ears.begun == []


async def test_the_last_character_of_a_number_can_be_an_x_and_the_star_goes_back_before(
    autojump_clock: MockClock, visit: Visit
) -> None:
    await visit.ask(PAGES["type-number"])
    visit.panel.typing = True
    await visit.press(3, 4)
    visit.panel.takes_x = True
    await visit.press(Key.BACK)
    assert (visit.panel.typed, visit.answers) == ([3, 4, "X"], [])
    visit.panel.takes_x = False
    await visit.press(Key.BACK)
    assert visit.answers == [Back()]


async def test_the_dark_panel_wakes_and_greets_and_nothing_is_pressed(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    visit = Visit(nursery, Manner())
    await visit.ask(Attract(dim=True))
    await visit.press(5)
    assert visit.answers == [Touched()]
    assert visit.presenter.manner.spoken
    assert visit.ears.begun


async def test_one_key_silences_a_page_and_one_says_it_again(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    visit.keypad.press(Key.DELETE)
    visit.ears.forget()
    await trio.sleep(60)
    assert visit.ears.begun == []
    await visit.press(Key.AGAIN)
    assert visit.ears.begun[0] == "挂失这张卡？"


async def test_help_is_opened_read_and_closed(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    await visit.press(Key.HELP)
    assert visit.panel.sheet is Sheet.HELP
    await visit.press(2)
    assert (visit.panel.calls, visit.answers) == (1, [])
    await visit.press(1)
    assert visit.panel.sheet is None
    await visit.press(Key.HELP, Key.BACK)
    assert visit.panel.sheet is None


async def test_speed_language_and_darkness_are_chosen_from_help(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    for number in (3, 4, 5):
        await visit.press(Key.HELP, number)
    assert visit.presenter.manner == Manner(spoken=True, speed=Speed.FAST, language="en", dark=True)
    assert visit.panel.sheet is None


async def test_volume_has_five_steps_and_ends_with_the_visit(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    await visit.press(*[Key.LOUDER] * 9)
    assert visit.presenter.manner.volume == 5
    await visit.press(*[Key.SOFTER] * 9)
    assert visit.presenter.manner.volume == 1
    visit.presenter.forget()
    assert visit.presenter.manner == Manner(spoken=True)


async def test_the_warning_hides_help_and_the_page(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["confirm"])
    await visit.ask(StillThere(seconds=20))
    await visit.press(Key.HELP, Key.BACK, 2)
    assert (visit.answers, visit.panel.sheet) == ([], None)
    await visit.press(1)
    assert visit.answers == [Continue()]


@pytest.mark.parametrize("sheet", list(Sheet))
async def test_the_warning_is_answered_also_while_a_sheet_lies_under_it(
    autojump_clock: MockClock, visit: Visit, sheet: Sheet
) -> None:
    await visit.ask(PAGES["confirm"])
    visit.panel.sheet = sheet
    await visit.ask(StillThere(seconds=20))
    await visit.press(1)
    assert (visit.answers, visit.panel.sheet) == ([Continue()], sheet)


async def test_the_look_is_switched_by_ear_and_the_page_under_it_is_not_pressed(
    autojump_clock: MockClock, visit: Visit
) -> None:
    await visit.ask(PAGES["confirm"])
    visit.panel.sheet = Sheet.LOOK
    for number in (2, 3, 4):
        await visit.press(number)
    assert visit.presenter.manner == Manner(spoken=True, look="large-contrast", low=True)
    assert visit.panel.sheet is Sheet.LOOK
    await visit.press(9, Key.BACK)
    assert (visit.answers, visit.panel.sheet) == ([], None)


async def test_every_key_is_a_sign_of_life(autojump_clock: MockClock, visit: Visit) -> None:
    await trio.sleep(30)
    visit.keypad.press(Key.AGAIN)
    assert visit.presenter.last_touch == trio.current_time()


async def test_a_held_key_counts_once(autojump_clock: MockClock, visit: Visit) -> None:
    keys = Keys(visit.keypad)
    await visit.ask(PAGES["type-pin"])
    visit.panel.typing = True
    for _ in range(20):
        assert keys.down(None, KP_1)
    keys.up(None, KP_1)
    keys.down(None, KP_1)
    assert visit.panel.typed == [1, 1]


async def test_letters_are_nobodys(autojump_clock: MockClock, visit: Visit) -> None:
    keys = Keys(visit.keypad)
    await visit.ask(PAGES["confirm"])
    assert not keys.down(None, LETTER_A)
    assert visit.answers == []


def test_every_key_is_on_a_keypad() -> None:
    assert {key for key in KEYS.values() if isinstance(key, Key)} == set(Key) - (set(PAD.values()) - {Key.DELETE})
    assert {key for key in KEYS.values() if isinstance(key, int)} == set(range(10))
    assert KEYS[KP_ENTER] is Key.AGAIN


# --- the keys of a PIN pad --------------------------------------------------------------------


def pad_of(visit: Visit) -> PadKeys:
    """As the window serves it; a mistake fails the test."""

    def fail(fault: Exception) -> None:
        raise fault

    pad = PadKeys(visit.keypad, fail)
    visit.presenter.serve_keys(pad.press)
    return pad


async def presses(visit: Visit, *keys: PadKey | int) -> None:
    for key in keys:
        visit.presenter.press(key)
        await trio.sleep(SETTLE_S + 0.1)


async def test_a_pin_is_typed_on_the_pad_without_the_voice(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    visit = Visit(nursery, Manner())
    pad_of(visit)
    await visit.ask(PAGES["type-pin"])
    visit.panel.typing = True
    await presses(visit, 1, 2, PadKey.CLEAR, 3, 9, 4, PadKey.DELETE, 0, PadKey.CONFIRM)
    assert visit.panel.typed == [3, 9, 0]
    assert visit.panel.confirmed == 1
    assert not visit.presenter.manner.spoken


@pytest.mark.parametrize("spoken", [False, True])
@pytest.mark.parametrize("page", ["confirm", "privacy", "refusal", "home", "attract"])
async def test_confirm_on_the_pad_agrees_to_nothing(
    autojump_clock: MockClock, nursery: trio.Nursery, page: str, spoken: bool
) -> None:
    visit = Visit(nursery, Manner(spoken=spoken))
    pad_of(visit)
    await visit.ask(PAGES[page])
    await presses(visit, PadKey.CONFIRM, PadKey.CONFIRM)
    assert visit.answers == []
    assert visit.presenter.manner.spoken is spoken


async def test_cancel_on_the_pad_goes_back_without_the_voice(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    visit = Visit(nursery, Manner())
    pad_of(visit)
    await visit.ask(PAGES["confirm"])
    await presses(visit, PadKey.CANCEL)
    assert visit.answers == [Back()]
    assert not visit.presenter.manner.spoken


async def test_cancel_on_the_pad_goes_back_also_where_the_star_is_an_x(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    visit = Visit(nursery, Manner())
    pad_of(visit)
    await visit.ask(PAGES["type-number"])
    visit.panel.typing = visit.panel.takes_x = True
    await presses(visit, PadKey.CANCEL)
    assert (visit.panel.typed, visit.answers) == ([], [Back()])


async def test_the_point_of_the_pad_is_the_x_where_one_may_stand_and_clears_before(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    visit = Visit(nursery, Manner())
    pad_of(visit)
    await visit.ask(PAGES["type-number-on-pad"])
    visit.panel.typing = True
    await presses(visit, 3, PadKey.CLEAR, 4)
    visit.panel.takes_x = True
    await presses(visit, PadKey.CLEAR)
    assert visit.panel.typed == [4, "X"]


async def test_figures_of_the_pad_choose_what_the_voice_has_numbered(autojump_clock: MockClock, visit: Visit) -> None:
    pad_of(visit)
    await visit.ask(PAGES["home-four"])
    await presses(visit, 3)
    assert visit.answers == [Chosen("report_loss")]


async def test_a_mistake_behind_a_key_is_the_windows(autojump_clock: MockClock, visit: Visit) -> None:
    faults: list[Exception] = []
    visit.presenter.serve_keys(PadKeys(visit.keypad, faults.append).press)
    await visit.ask(PAGES["type-pin"])
    visit.panel.typing = True
    await presses(visit, PadKey.DELETE)
    assert [type(fault) for fault in faults] == [IndexError]


async def test_keys_are_wanted_while_something_is_asked(autojump_clock: MockClock, visit: Visit) -> None:
    turns: list[bool] = []

    async def watch() -> None:
        while True:
            await visit.presenter.asks()
            turns.append(True)
            await visit.presenter.asks_nothing()
            turns.append(False)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(watch)
        await visit.ask(PAGES["confirm"])
        assert turns == [True]
        await visit.ask(StillThere(seconds=20))
        await visit.press(1)
        assert turns == [True]
        await visit.press(1)
        assert turns == [True, False]
        visit.presenter.show(PAGES["working"])
        await wait_all_tasks_blocked()
        assert turns == [True, False]
        await visit.ask(PAGES["type-pin"])
        visit.presenter.forget()
        await wait_all_tasks_blocked()
        assert turns == [True, False, True, False]
        nursery.cancel_scope.cancel()


async def test_the_keys_are_announced_where_a_visit_begins(autojump_clock: MockClock, visit: Visit) -> None:
    await visit.ask(PAGES["attract"])
    await visit.press(Key.AGAIN)
    await trio.sleep(60)
    said = "".join(visit.ears.heard)
    assert all(word in said for word in ("回车键", "星号键", "斜杠键", "加减键"))
    assert msgspec.structs.asdict(visit.presenter.manner)["spoken"]
