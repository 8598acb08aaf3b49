"""An office, its terminals, and people who come for whatever they like, with whatever befalls them: all from one seed.

At two terminals of one centre people are served at the same time.  After every visit the words on the last page are
held against chip and journal; at the end, when everything is mended and delivered, all witnesses against each other.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

import trio
import trio.testing

from drivers.virtual.card import Chip, issue
from kiosk.contract import Kind
from kiosk.journal import View, reading
from kiosk.journal.transaction import SETS_THE_PIN, Stage
from kiosk.pin import Pin
from kiosk.quotas import Quotas
from tests.simulation import misfortunes, witnesses
from tests.simulation.misfortunes import MISFORTUNES, Way
from tests.stories.clerk import Clerk
from tests.stories.hall import PEOPLE, Hall
from tests.stories.log import kept
from tests.stories.moves import FITTING, MANY, WRONG
from tests.stories.truth import IT_IS_DONE, NOBODY_KNOWS, the_chip_heard_nothing_else, told_the_truth_at_last
from tests.stories.visits import CHANGES_THE_CHIP, OWN, VISITS, WITH_CLERKS, Visit, ends_by_itself
from tests.stories.walk import Digits, Walk

WHO = ("normal_v1", "normal_v2", "normal_v3", "neighbour_v2", "sealed", "temporarily_lost", "pin_blocked", "expiring")
PINS: tuple[Digits, ...] = (OWN, (3, 9, 4, 8, 5, 7), (4, 0, 7, 2, 9, 5), (8, 5, 2, 0, 6, 3))

CHANGING = (0x24, 0x5E)
"""What a chip is told by reset, unblock and PIN change."""

VISITS_A_TERMINAL = 5
WALKS = [visit for visit in VISITS if visit.site and not visit.offline]

VISIT_LIMIT_S = 6 * 3600
"""Nobody stands longer before a terminal, whatever happens to it."""
DELIVERY_LIMIT_S = 5 * 86_400
LITTLE_WHILE_S = 600
LONG_S = (3600, 86_400, 40 * 86_400)

MISFORTUNES_OF_A_VISIT = (0, 1, 1, 2)


class Came(NamedTuple):
    """One visit, and what it left behind."""

    visit: Visit
    walk: Walk
    hall: Hall
    began: str | None
    """The transaction in the hall's journal."""
    changed_the_chip: bool
    killed: bool
    """The terminal, before the end."""


class Citizen:
    """With a card that remembers."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.chip: Chip = issue(PEOPLE[who])
        self.came: list[Came] = []

    @property
    def pin(self) -> Digits:
        """By the chip's own memory: what a person would know who heard how every visit ended."""
        return next(pin for pin in PINS if self.chip.memory.pin == Pin(pin).bcd)


class World:
    def __init__(self, dice: random.Random, folder: Path) -> None:
        self._dice = dice
        limits = dice.choice((MANY, MANY, Quotas()))
        self.halls = [Hall(folder / "1", site_switches=WITH_CLERKS, limits=limits)]
        if dice.random() < 0.5:
            self.halls.append(Hall(folder / "2", site_switches=WITH_CLERKS, beside=self.halls[0]))
        self.citizens = [Citizen(who) for who in WHO]
        self._at_a_terminal: set[str] = set()
        self.trace: list[str] = []
        """What happened, in order and by the virtual clock: the same for the same seed."""

    async def goes_on(self, clock: trio.testing.MockClock) -> int:
        """Until everything is settled; how many visits that were."""
        with kept() as log:
            async with trio.open_nursery() as nursery:
                for hall in self.halls:
                    await nursery.start(hall.run)
                    await hall.citizen.online()
                async with trio.open_nursery() as days:
                    for hall in self.halls:
                        days.start_soon(self._day, hall, random.Random(self._dice.random()), clock)
                await self._settled()
                nursery.cancel_scope.cancel()
        hall = self.halls[0]
        log.keeps(set().union(*(each.secrets for each in self.halls)) | hall.codes_sent())
        return sum(len(citizen.came) for citizen in self.citizens)

    # --- days ---------------------------------------------------------------------------------------------

    async def _day(self, hall: Hall, dice: random.Random, clock: trio.testing.MockClock) -> None:
        for _ in range(VISITS_A_TERMINAL):
            await self._time_passes(hall, dice, clock)
            free = [citizen for citizen in self.citizens if citizen.who not in self._at_a_terminal]
            citizen = dice.choice(free)
            self._at_a_terminal.add(citizen.who)
            await self._visit(hall, citizen, dice)
            self._at_a_terminal.remove(citizen.who)

    async def _time_passes(self, hall: Hall, dice: random.Random, clock: trio.testing.MockClock) -> None:
        """Mostly a little, and the line mends; sometimes all plugs are pulled, or nobody comes for days."""
        if dice.random() < 0.7:
            misfortunes.line_is_good(hall)
        if dice.random() < 0.05:
            self._note(hall, "all plugs are pulled")
            for each in self.halls:
                each.kill_terminal()
            await trio.testing.wait_all_tasks_blocked()
        if dice.random() < 0.1 and not self._at_a_terminal:
            clock.jump(dice.choice(LONG_S))
        await trio.sleep(dice.random() * LITTLE_WHILE_S)

    # --- a visit ------------------------------------------------------------------------------------------

    async def _visit(self, hall: Hall, citizen: Citizen, dice: random.Random) -> None:
        visit = dice.choice(self._wishes(hall, citizen))
        way = Way()
        befall = dice.sample(MISFORTUNES, dice.choice(MISFORTUNES_OF_A_VISIT))
        for misfortune in befall:
            misfortune(hall, way, dice)
        self._note(hall, citizen.who, visit.name, *(one.__name__ for one in befall))
        known, pin, tries = {view.id for view in all_of(hall)}, citizen.pin, citizen.chip.memory.pin_tries
        new = dice.choice([other for other in PINS[1:] if other != pin])
        typed = pin if way.remembers else WRONG
        hall.carried = citizen.chip
        at_the_start, commands = hall.citizen, len(hall.hardware.trace)
        walk = Walk(
            hall,
            visit.service,
            citizen.who,
            new if visit.kind in SETS_THE_PIN else typed,
            typed,
            wishes=visit.wishes,
            clerk=Clerk(hall) if visit.vouched else None,
            comes_instead=visit.vouched.comes_instead if visit.vouched else None,
            before=way.before,
            instead=way.instead,
        )
        with trio.fail_after(VISIT_LIMIT_S):
            await walk.to_the_end()
        await misfortunes.mended(hall)
        began = [view for view in all_of(hall) if view.id not in known and view.kind is not Kind.AUDIT]
        assert [view.kind for view in began] in ([], [visit.kind]), "what was asked for, and once"
        id = began[0].id if began else None
        changing = [apdu for apdu in hall.hardware.trace[commands:] if apdu[1] in CHANGING]
        assert len(changing) <= (1 if began else 0), "at most once, and not without an intent"
        assert citizen.pin in {pin, new}
        assert citizen.chip.memory.pin_tries >= tries or not way.remembers, "no try is lost but by a wrong PIN"
        freed = citizen.chip.memory.pin_tries > tries == 0
        changed = citizen.pin != pin or (visit.kind is Kind.UNBLOCK_PIN and freed)
        came = Came(visit, walk, hall, id, changed, hall.citizen is not at_the_start)
        citizen.came.append(came)
        self._note(hall, *(seen.title for seen in walk.pages), walk.last_words, *(view.state.stage for view in began))
        self._at_once(came, began[0] if began else None)

    def _wishes(self, hall: Hall, citizen: Citizen) -> list[Visit]:
        """What fits the card, mostly."""
        fitting = FITTING.get(witnesses.status(hall, citizen.who), [])
        if not citizen.chip.memory.pin_tries:
            fitting = ["unblock_pin", "reset_pin"]
        return [visit for visit in WALKS for _ in range(5 if visit.service in fitting else 1)]

    def _at_once(self, came: Came, began: View | None) -> None:
        """Before anything more is delivered: what was said is so."""
        words, on_the_chip = came.walk.result, came.visit.kind in CHANGES_THE_CHIP
        stage = began.state.stage if began else None
        if words in IT_IS_DONE:
            assert stage is Stage.DONE
            assert came.changed_the_chip is on_the_chip
        elif came.walk.last_words is not None and words not in NOBODY_KNOWS:
            assert not came.changed_the_chip, f"{came.walk.last_words} was said"
        if came.changed_the_chip:
            assert began is not None, "nothing is done without an intent"
            assert stage in {Stage.DONE, Stage.IN_DOUBT}

    # --- the end ------------------------------------------------------------------------------------------

    async def _settled(self) -> None:
        for hall in self.halls:
            misfortunes.line_is_good(hall)
            await misfortunes.mended(hall)
        with trio.fail_after(DELIVERY_LIMIT_S):
            for hall in self.halls:
                while any(ends_by_itself(view.state) for view in all_of(hall)):
                    await trio.sleep(60)
                while (await hall.journal.counts()).queue_depth:
                    await trio.sleep(60)
        for hall in self.halls:
            views = {view.id: view for view in all_of(hall)}
            self._note(hall, hall.journal.head.record_seq, *(f"{v.kind} {v.state.stage}" for v in views.values()))
            witnesses.journal_and_centre_agree(hall)
            the_chip_heard_nothing_else(hall)
            for citizen in self.citizens:
                for came in citizen.came:
                    if came.hall is hall:
                        at_last(came, views[came.began] if came.began else None)
        for citizen in self.citizens:
            witnesses.moved_legally(self.halls[0], citizen.who)

    def _note(self, hall: Hall, *what: object) -> None:
        self.trace.append(f"{trio.current_time():.3f} {hall.name} {' | '.join(map(str, what))}")


def all_of(hall: Hall) -> list[View]:
    return reading.newest(hall.journal_file, limit=10_000)


def at_last(came: Came, began: View | None) -> None:
    stage = began.state.stage if began else None
    if not (came.killed and came.walk.last_words is None):
        told_the_truth_at_last(came.walk, stage)
    if came.visit.kind in CHANGES_THE_CHIP and stage not in {Stage.IN_DOUBT, Stage.MOOT}:
        assert came.changed_the_chip is (stage is Stage.DONE), "terminal and chip agree"
