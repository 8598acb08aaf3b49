"""What can befall a visit, drawn from the dice; and how everything is put right for whoever comes next."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Callable

from drivers.virtual.printer import Printer, Voice
from kiosk.prompts import Back
from tests.stories.death import Cut, Dies
from tests.stories.hall import Hall, Weather
from tests.stories.liar import LIES
from tests.stories.walk import Act

PAGES = 9
"""Of a visit: one page more or less."""
REQUESTS = 7
COMMANDS = 30
"""To a chip."""
INSTANTS = 180
"""At which a process may die, from a page on; a visit with a chip has more."""
DECISIVE = (0x24, 0x24, 0x5E, 0x5E, 0x20, 0x82)
"""The secure message, CHANGE PIN, VERIFY, EXTERNAL AUTHENTICATE."""
WRONG_CLOCKS = tuple(dt.timedelta(days=days) for days in (-7000, -400, -1, 1, 400, 7000))
BAD_WEATHER = tuple(weather for weather in Weather if weather not in {Weather.FINE, Weather.BARRED})


class Way:
    """How somebody walks."""

    def __init__(self) -> None:
        self.before: dict[int, Act] = {}
        self.instead: dict[int, Act] = {}
        self.remembers = True
        """The PIN of their card."""

    def befalls(self, page: int, act: Act) -> None:
        """As soon as the page of this number is there."""
        earlier = self.before.get(page)

        def both(hall: Hall) -> None:
            if earlier:
                earlier(hall)
            act(hall)

        self.before[page] = both


Misfortune = Callable[[Hall, Way, random.Random], None]

# --- the person ---------------------------------------------------------------------------------------


def goes_away(_hall: Hall, way: Way, dice: random.Random) -> None:
    way.instead[dice.randrange(PAGES)] = lambda _hall: None


def goes_back(_hall: Hall, way: Way, dice: random.Random) -> None:
    first = dice.randrange(PAGES)
    way.instead.update(dict.fromkeys(range(first, 3 * PAGES), lambda hall: hall.citizen.presses(Back())))


def forgets_the_pin(_hall: Hall, way: Way, _dice: random.Random) -> None:
    way.remembers = False


def lifts_the_id_card(hall: Hall, _way: Way, dice: random.Random) -> None:
    hall.hardware.lifted_early = dice.randrange(1, 3)


def pulls_the_card(_hall: Hall, way: Way, dice: random.Random) -> None:
    way.befalls(dice.randrange(PAGES), lambda hall: hall.hardware.pull())


def loses_the_card_before_a_command(hall: Hall, _way: Way, dice: random.Random) -> None:
    hall.hardware.pull_before_apdu = dice.randrange(COMMANDS)


def loses_the_card_after_a_command(hall: Hall, _way: Way, dice: random.Random) -> None:
    hall.hardware.pull_after_apdu = dice.randrange(COMMANDS)


# --- paper --------------------------------------------------------------------------------------------


def paper_ends(_hall: Hall, way: Way, dice: random.Random) -> None:
    def ends(hall: Hall) -> None:
        hall.hardware.printer.take_paper_out()
        hall.hardware.tell()

    way.befalls(dice.randrange(PAGES), ends)


def printer_dies(hall: Hall, _way: Way, dice: random.Random) -> None:
    voice = dice.choice((Voice.DEAD, Voice.MUTE))
    hall.hardware.as_a_slip_comes = lambda printer: printer.speak(voice)


# --- line and centre ------------------------------------------------------------------------------------


def weather_turns(hall: Hall, _way: Way, dice: random.Random) -> None:
    hall.wire.turns(dice.choice(BAD_WEATHER), after=dice.randrange(REQUESTS))


def somebody_lies(hall: Hall, _way: Way, dice: random.Random) -> None:
    hall.liar.lies(dice.choice(LIES), after=dice.randrange(REQUESTS))


# --- power and clocks ---------------------------------------------------------------------------------------


def somebody_is_killed(_hall: Hall, way: Way, dice: random.Random) -> None:
    """At any instant; one that never comes befalls nobody."""
    number, dies = dice.randrange(INSTANTS), dice.choice(list(Dies))
    way.befalls(0, lambda hall: setattr(hall, "fate", Cut(hall, number, dies)))


def somebody_is_killed_at_the_command(hall: Hall, _way: Way, dice: random.Random) -> None:
    """Just before or just after the chip gets what matters most to it."""
    kill = functools.partial(dice.choice(list(Dies)).value.strikes, hall)
    hall.hardware.at_command(dice.choice(DECISIVE), dice.choice(("before", "after")), kill)


def clock_jumps(_hall: Hall, way: Way, dice: random.Random) -> None:
    wrong_by = dice.choice(WRONG_CLOCKS)
    way.befalls(dice.randrange(PAGES), lambda hall: setattr(hall.clock, "wrong_by", wrong_by))


MISFORTUNES: tuple[Misfortune, ...] = (
    *(goes_away, goes_back, forgets_the_pin, lifts_the_id_card, pulls_the_card),
    *(loses_the_card_before_a_command, loses_the_card_after_a_command, paper_ends, printer_dies),
    *(weather_turns, weather_turns, somebody_lies, somebody_lies),
    *(somebody_is_killed, somebody_is_killed_at_the_command, somebody_is_killed_at_the_command, clock_jumps),
)


# --- mended -------------------------------------------------------------------------------------------------


async def mended(hall: Hall) -> None:
    """All but the line, which stays as it is, and whoever lies there."""
    hardware = hall.hardware
    hardware.pull()
    hardware.lift()
    hardware.pull_before_apdu = hardware.pull_after_apdu = None
    hardware.lifted_early = 0
    hardware.hook = None
    hardware.as_a_slip_comes = lambda _printer: None
    hardware.printer = Printer(80)
    hardware.tell()
    await hall.running()


def line_is_good(hall: Hall) -> None:
    hall.wire.turning = None
    hall.wire.weather = Weather.FINE
    hall.liar.goes()
