"""Days at one terminal: people come for whatever they like, again and again, and whatever befalls them, a card makes
legal moves only, and nobody is told of a success that is none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import trio
import trio.testing
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from drivers.virtual.card import Chip, issue
from drivers.virtual.printer import Printer, Voice
from kiosk.contract import Kind, VerdictOutcome
from kiosk.journal import View
from kiosk.journal.transaction import SETS_THE_PIN, Done, Stage
from kiosk.pin import Pin
from kiosk.services import SERVICES
from kiosk.terms import CardStatus
from tests.stories.hall import PEOPLE, Hall, Weather, switched_on
from tests.stories.moves import FITTING, MANY, MOVES, ORDERS, WRONG
from tests.stories.truth import is_told_at_the_centre, told_the_truth_at_last
from tests.stories.visits import OWN, TO_THE_END, VISITS, Visit, truth_comes_back
from tests.stories.walk import Act, Digits, Walk

PINS: tuple[Digits, ...] = ((3, 9, 4, 8, 5, 7), (4, 0, 7, 2, 9, 5))

VERIFY, CHANGE_PIN, SECURE_MESSAGE = 0x20, 0x5E, 0x24
CHANGES_THE_CHIP = {
    Kind.RELOAD_PIN: SECURE_MESSAGE,
    Kind.UNBLOCK_PIN: SECURE_MESSAGE,
    Kind.PIN_CHANGED: CHANGE_PIN,
}

WALKS = {visit.service: visit for visit in VISITS if visit.site and not visit.offline}


# --- what befalls somebody ------------------------------------------------------------------------------


class Way(NamedTuple):
    """How somebody walks."""

    before: dict[int, Act] = {}  # noqa: RUF012 - read only
    instead: dict[int, Act] = {}  # noqa: RUF012 - read only
    remembers: bool = True
    """The PIN of their card."""


def from_the_end(visit: Visit, pages: int) -> int:
    """So many pages before the last one that asks for something."""
    return max(len(visit.pages) - 2 - pages, 0)


def command_of(visit: Visit, at: int) -> int:
    """The one that changes the chip, or the one that tries its PIN."""
    return CHANGES_THE_CHIP.get(visit.kind, VERIFY) if at % 2 == 0 and visit.kind else VERIFY


def goes_well(_visit: Visit, _at: int) -> Way:
    return Way()


def goes_away(visit: Visit, at: int) -> Way:
    return Way(instead={from_the_end(visit, at): lambda _hall: None})


def pulls_the_card(visit: Visit, at: int) -> Way:
    return Way(instead={from_the_end(visit, at): lambda hall: hall.hardware.pull()})


def loses_the_card_before_a_command(visit: Visit, at: int) -> Way:
    return Way({from_the_end(visit, 0): lambda hall: setattr(hall.hardware, "pull_before_ins", command_of(visit, at))})


def loses_the_card_after_a_command(visit: Visit, at: int) -> Way:
    return Way({from_the_end(visit, 0): lambda hall: setattr(hall.hardware, "pull_after_ins", command_of(visit, at))})


def loses_the_line(visit: Visit, at: int) -> Way:
    return Way({from_the_end(visit, at): lambda hall: hall.wire.turns(Weather.CUT, after=0)})


def loses_the_answers(visit: Visit, at: int) -> Way:
    return Way({from_the_end(visit, at): lambda hall: hall.wire.turns(Weather.ANSWERS_LOST, after=0)})


def loses_the_line_while_the_centre_computes(visit: Visit, at: int) -> Way:
    return Way({from_the_end(visit, 0): lambda hall: hall.wire.turns(Weather.SILENT, after=at)})


def loses_the_printer(_visit: Visit, _at: int) -> Way:
    return Way({0: lambda hall: setattr(hall.hardware, "as_a_slip_comes", lambda printer: printer.speak(Voice.DEAD))})


def forgets_the_pin(_visit: Visit, _at: int) -> Way:
    return Way(remembers=False)


MISFORTUNES = (
    *(goes_well, goes_away, pulls_the_card, loses_the_card_before_a_command, loses_the_card_after_a_command),
    *(loses_the_line, loses_the_answers, loses_the_line_while_the_centre_computes, loses_the_printer),
    forgets_the_pin,
)


def all_is_mended(hall: Hall) -> None:
    """For who comes next."""
    hardware = hall.hardware
    hardware.pull_before_ins = hardware.pull_after_ins = None
    hardware.as_a_slip_comes = lambda _printer: None
    hardware.printer = Printer(80)
    hardware.tell()
    hall.wire.turning = None


# --- who comes ------------------------------------------------------------------------------------------


class Coming(NamedTuple):
    """Somebody comes for a service; what befalls them comes so many pages before its end, or at such a command."""

    who: str
    service: str
    befalls: Callable[[Visit, int], Way]
    at: int


class AtAWindow(NamedTuple):
    """Meanwhile a clerk gives the card another status."""

    who: str
    status: CardStatus


VISITS_A_DAY = 7
HOLDERS = ("normal_v2", "sealed")


@st.composite
def comings(draw: st.DrawFn, holder: Holder) -> Coming:
    fitting = FITTING.get(holder.status, []) if holder.chip.memory.pin_tries else ["unblock_pin", "reset_pin"]
    service = draw(st.sampled_from([*(fitting * 5), *SERVICES]))
    return Coming(holder.who, service, draw(st.sampled_from(MISFORTUNES)), draw(st.integers(0, 3)))


def windows(holder: Holder) -> st.SearchStrategy[AtAWindow]:
    known = sorted(set(CardStatus) - {CardStatus.UNKNOWN})
    return st.builds(AtAWindow, who=st.just(holder.who), status=st.sampled_from(known))


def events(holder: Holder) -> st.SearchStrategy[Coming | AtAWindow]:
    return st.sampled_from([comings] * 6 + [windows]).flatmap(lambda kind: kind(holder))


class Holder:
    """What is known of a person and their card beside terminal and centre."""

    def __init__(self, hall: Hall, who: str) -> None:
        self.hall = hall
        self.who = who
        self.chip: Chip = issue(PEOPLE[who])
        self.pin = OWN
        self.status = PEOPLE[who].card.status  # type: ignore[union-attr]
        self.on_order = False

    def __repr__(self) -> str:
        return self.who

    async def comes(self, coming: Coming) -> None:
        hall, tries = self.hall, self.chip.memory.pin_tries
        before = {view.id for view in hall.journal_says()}
        hall.carried = self.chip
        new = next(pin for pin in PINS if pin != self.pin)
        visit = WALKS[coming.service]
        way = coming.befalls(visit, coming.at)
        typed = self.pin if way.remembers else WRONG
        pin = new if visit.kind in SETS_THE_PIN else typed
        walk = Walk(hall, coming.service, self.who, pin, typed, before=way.before, instead=way.instead)
        await walk.to_the_end()
        all_is_mended(hall)
        await truth_comes_back(hall)
        began = [view for view in hall.journal_says() if view.id not in before and view.kind is not Kind.AUDIT]
        assert [view.kind for view in began] in ([], [visit.kind]), "what was asked for, and once"
        told_the_truth_at_last(walk, began[0].state.stage if began else None)
        self.card_moved_legally(began)
        self.pin_is_as_it_must(began, new)
        assert self.chip.memory.pin_tries >= tries or not way.remembers, "no try is lost but by a wrong PIN"

    def card_moved_legally(self, began: list[View]) -> None:
        for view in began:
            if not is_news(view):
                continue
            if view.kind in MOVES:
                sources, after = MOVES[view.kind]
                assert self.status in sources
                self.status = after
            self.on_order = self.on_order or view.kind in ORDERS
        assert self.hall.centre_status(self.who) == self.status
        assert self.hall.replacement_filed(self.who) is self.on_order

    def pin_is_as_it_must(self, began: list[View], new: Digits) -> None:
        setting = [view.state.stage for view in began if view.kind in SETS_THE_PIN]
        possible = {new} if Stage.DONE in setting else {self.pin, new} if Stage.IN_DOUBT in setting else {self.pin}
        (self.pin,) = {pin for pin in possible if self.chip.memory.pin == Pin(pin).bcd}


def is_news(view: View) -> bool:
    """Done now, and not the centre's word that it was so already."""
    state = view.state
    return isinstance(state, Done) and (state.verdict is None or state.verdict.outcome is VerdictOutcome.DONE)


async def a_day(data: st.DataObject, folder: Path) -> None:
    async with switched_on(Hall(folder, site_switches=TO_THE_END, limits=MANY)) as hall:
        await hall.citizen.online()
        holders = [Holder(hall, who) for who in HOLDERS]
        for _ in range(VISITS_A_DAY):
            holder = data.draw(st.sampled_from(holders))
            match data.draw(events(holder)):
                case Coming() as coming:
                    await holder.comes(coming)
                case AtAWindow(status=status):
                    hall.becomes(holder.who, status)
                    holder.status = status
        for view in hall.journal_says():
            if view.kind is not Kind.AUDIT and view.state.stage is not Stage.MOOT:
                is_told_at_the_centre(hall, view)


# Not made shorter when it fails: a day of seven can be read, and looking for less takes minutes.
@given(st.data())
@settings(max_examples=30, phases=[Phase.reuse, Phase.generate])
def test_whoever_comes_and_whatever_befalls_them(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trio.run(a_day, data, Path(folder), clock=trio.testing.MockClock(autojump_threshold=0))
