"""Every visit as it goes well, and with every mishap on every page: chip, centre and the last words never disagree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio

from drivers.virtual.printer import Printer, Voice
from kiosk.journal.transaction import Done, InDoubt, Stage
from kiosk.prompts import Back, Confirm, Declined, InsertCard
from kiosk.terms import CardStatus
from tests.stories.hall import Hall, Weather, switched_on
from tests.stories.visits import NOBODY_KNOWS, VISITS, Act, Visit, one_truth, walk

SWITCHES = ("release", "activation", "formal_loss", "replacement")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Hall]:
    """A terminal on which the office has turned everything on."""
    async with switched_on(Hall(folder, site_switches=SWITCHES)) as hall:
        await hall.citizen.online()
        yield hall


def named(visit: Visit) -> str:
    return visit.name


def pages(*, holding_card: bool = False) -> list[object]:
    """Every page of every visit; `holding_card`: only those on which the card lies in the slot."""
    found = []
    for visit in VISITS:
        kinds = [screen.page for screen in visit.screens]
        first = kinds.index(InsertCard) + 1 if InsertCard in kinds and visit.holds_card else len(kinds)
        numbers = range(first if holding_card else 0, len(kinds))
        found += [pytest.param(visit, n, id=f"{visit.name}-{n + 1}-{kinds[n].__name__}") for n in numbers]
    return found


@pytest.mark.parametrize("visit", VISITS, ids=named)
async def test_it_goes_well(autojump_clock: object, tmp_path: Path, visit: Visit) -> None:
    async with opened(tmp_path) as hall:
        walked = await walk(hall, visit)
        assert walked.last_words == visit.done
        (slip,) = hall.hardware.slips
        view = hall.work()
        assert isinstance(view.state, Done)
        assert {view.reference, view.chain_code, "12333", "已生效"} <= set(_words(slip))
        assert "银行" in slip
        await hall.delivered()
        one_truth(hall, visit, walked)


def _words(slip: str) -> Iterator[str]:
    """Line by line and word by word."""
    for line in slip.splitlines():
        yield from (line.strip(), *line.split())
        yield " ".join(line.split()[1:])


REFUSED = [
    pytest.param(visit, status, id=f"{visit.name}-{status.name}") for visit in VISITS for status in visit.refused
]


@pytest.mark.parametrize(("visit", "status"), REFUSED)
async def test_refused_by_status(autojump_clock: object, tmp_path: Path, visit: Visit, status: CardStatus) -> None:
    async with opened(tmp_path) as hall:
        hall.becomes(visit.who, status)
        walked = await walk(hall, visit)
        assert walked.last_words == visit.refused[status]
        assert not hall.journal_says(), "nothing was even asked for"
        assert hall.centre_status(visit.who) == status


@pytest.mark.parametrize("visit", VISITS, ids=named)
async def test_refused_by_the_centre(autojump_clock: object, tmp_path: Path, visit: Visit) -> None:
    """Somebody at a window was faster: the card is cancelled between the question and the act."""
    async with opened(tmp_path) as hall:
        hall.when_the_intent_is_on_disk(lambda: hall.becomes(visit.who, CardStatus.CANCELLED))
        walked = await walk(hall, visit)
        assert walked.last_words == "社保中心没有受理"
        assert hall.work().state.stage is Stage.REFUSED
        assert hall.centre_status(visit.who) == CardStatus.CANCELLED


def goes_back(hall: Hall, _who: str) -> None:
    hall.citizen.presses(Back())


def declines(hall: Hall, _who: str) -> None:
    hall.citizen.presses(Declined())


def goes_away(_hall: Hall, _who: str) -> None:
    """And nobody touches anything any more."""


def pulls_card(hall: Hall, _who: str) -> None:
    hall.hardware.pull()


@pytest.mark.parametrize(("visit", "page"), pages())
async def test_cancelled_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    leaves = declines if visit.screens[page].page is Confirm else goes_back
    await nothing_happens(tmp_path, visit, page, leaves, None)


@pytest.mark.parametrize(("visit", "page"), pages())
async def test_timed_out_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    await nothing_happens(tmp_path, visit, page, goes_away, None)


@pytest.mark.parametrize(("visit", "page"), pages(holding_card=True))
async def test_the_card_pulled_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    await nothing_happens(tmp_path, visit, page, pulls_card, "卡拔出来了")


async def nothing_happens(folder: Path, visit: Visit, page: int, mishap: Act, last_words: str | None) -> None:
    async with opened(folder) as hall:
        walked = await walk(hall, visit, page, mishap)
        assert walked.last_words == last_words
        assert not hall.journal_says()
        assert not visit.happened(hall, visit.who)


# --- the line -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("visit", "page"), pages())
async def test_the_line_lost_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    """Whatever is told then: nothing is queued, and a void follows what had been asked for."""
    async with opened(tmp_path) as hall:

        def line_breaks(hall: Hall, who: str) -> None:
            hall.wire.weather = Weather.CUT
            visit.screens[page].act(hall, who)

        walked = await walk(hall, visit, page, line_breaks)
        assert walked.last_words in {"连不上社保中心", NOBODY_KNOWS}
        await truth_comes_back(hall, visit)
        one_truth(hall, visit, walked)
        assert not visit.happened(hall, visit.who), "no live item is carried out late"


@pytest.mark.parametrize("weather", [Weather.CUT, Weather.SILENT, Weather.ANSWERS_LOST, Weather.REFUSING])
@pytest.mark.parametrize("visit", VISITS, ids=named)
async def test_the_line_lost_after_the_intent(
    autojump_clock: object, tmp_path: Path, visit: Visit, weather: Weather
) -> None:
    """It may have been carried out or not; nobody at the terminal knows, and page and slip say so."""
    async with opened(tmp_path) as hall:

        def line_breaks() -> None:
            hall.wire.weather = weather

        hall.when_the_intent_is_on_disk(line_breaks)
        walked = await walk(hall, visit)
        assert walked.last_words == NOBODY_KNOWS
        assert isinstance(hall.work().state, InDoubt)
        assert "不能确认" in hall.hardware.slips[0]
        assert "12333" in hall.hardware.slips[0]
        await truth_comes_back(hall, visit)
        one_truth(hall, visit, walked)
        assert visit.happened(hall, visit.who) is (weather is Weather.ANSWERS_LOST)


async def truth_comes_back(hall: Hall, visit: Visit) -> None:
    hall.wire.weather = Weather.FINE
    with trio.fail_after(3600):
        await hall.citizen.online()
        while any(isinstance(view.state, InDoubt) for view in hall.journal_says()):
            await trio.sleep(30)
    await hall.delivered()


# --- paper ----------------------------------------------------------------------------------------

FAULTS: dict[str, Callable[[Printer], None]] = {
    "paper": Printer.take_paper_out,
    "cover": Printer.open_cover,
    "cutter": Printer.jam_cutter,
    "dead": lambda printer: printer.speak(Voice.DEAD),
    "mute": lambda printer: printer.speak(Voice.MUTE),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("visit", VISITS, ids=named)
async def test_the_printer_fails(autojump_clock: object, tmp_path: Path, visit: Visit, fault: str) -> None:
    """What was done is done, and the page says it and has the reference."""
    async with opened(tmp_path) as hall:

        def fails() -> None:
            FAULTS[fault](hall.hardware.printer)
            hall.hardware.tell()

        hall.when_a_verdict_is_on_disk(fails)
        walked = await walk(hall, visit)
        assert walked.last_words == visit.done
        await hall.delivered()
        one_truth(hall, visit, walked)
