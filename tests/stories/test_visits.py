"""Every visit as it goes well, and with everything that can befall somebody on every page and at every step: chip,
centre, journal and the last words never disagree."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from drivers.virtual.printer import Printer, Voice
from kiosk.contract import MAY_WAIT, Kind
from kiosk.journal.transaction import InDoubt, Stage
from kiosk.prompts import Back, Confirm, Declined, InsertCard, PrivacyNotice, TypePin
from kiosk.services import SERVICES
from kiosk.terms import CardStatus
from tests.stories.hall import PEOPLE, Hall, Weather
from tests.stories.truth import NOBODY_KNOWS, REGISTERED
from tests.stories.visits import CHANGES_THE_CHIP, VISITS, Visit, hall_for, one_truth, truth_comes_back, walked, works
from tests.stories.walk import Act, Seen

AT_THE_CENTRE = [visit for visit in VISITS if visit.kind and visit.kind not in {*CHANGES_THE_CHIP, *MAY_WAIT}]
"""Done there or not at all, and never later."""
DECIDED = [visit for visit in VISITS if visit.kind not in {None, Kind.AUDIT, Kind.PIN_CHANGED} and not visit.offline]
"""By the centre, while the person waits.  Of a PIN change it only hears."""


def each(visits: Iterable[Visit]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("visit", [pytest.param(visit, id=visit.name) for visit in visits])


def ways() -> Iterator[tuple[Visit, int]]:
    """Every page, the last one too; one to which an earlier visit led over the same pages is not tried again."""
    known: set[tuple[Seen, ...]] = set()
    for visit in VISITS:
        for number in range(len(visit.pages)):
            way = visit.pages[: number + 1]
            if way not in known:
                known.add(way)
                yield visit, number


def each_page(wanted: Callable[[Visit, int], bool]) -> pytest.MarkDecorator:
    found = [(visit, number) for visit, number in ways() if wanted(visit, number)]
    return pytest.mark.parametrize(
        ("visit", "page"),
        [pytest.param(visit, n, id=f"{visit.name}-{n + 1}-{visit.pages[n].kind.__name__}") for visit, n in found],
    )


def is_before_the_end(visit: Visit, page: int) -> bool:
    return page < len(visit.pages) - 1


def any_page(_visit: Visit, _page: int) -> bool:
    return True


def the_card_is_in(visit: Visit, page: int) -> bool:
    return any(seen.kind is InsertCard for seen in visit.pages[:page])


# --- it goes well ---------------------------------------------------------------------------------


def test_every_service_is_walked() -> None:
    assert {visit.service for visit in VISITS} == set(SERVICES)


@each(VISITS)
async def test_it_goes_well(autojump_clock: object, tmp_path: Path, visit: Visit) -> None:
    async with hall_for(visit, tmp_path) as hall:
        walk = await walked(hall, visit)
        assert tuple(walk.pages) == visit.pages
        if visit.kind is not None:
            view = works(hall, visit)[0]
            assert view.state.stage is (Stage.REGISTERED if visit.done in REGISTERED else Stage.DONE)
            told = hall.hardware.slips[-1]
            assert {view.reference, view.chain_code, "12333"} <= set(_words(told))
            assert "银行" in told
        await truth_comes_back(hall)
        one_truth(hall, visit, walk)
        assert visit.happened(hall, visit.who) is (visit.kind is not None)


def _words(slip: str) -> Iterator[str]:
    """Line by line and word by word."""
    for line in slip.splitlines():
        yield from (line.strip(), *line.split())
        yield " ".join(line.split()[1:])


# --- refused ----------------------------------------------------------------------------------------

BY_STATUS = {visit.service: visit for visit in VISITS if visit.otherwise and not visit.offline}


def test_every_status_is_tried() -> None:
    """Those that only ask of no card, and the guide, are there for everybody."""
    assert set(SERVICES) - set(BY_STATUS) == {visit.service for visit in VISITS if visit.kind is None} - {"card_status"}
    for service, refused in BY_STATUS.items():
        served = {PEOPLE[visit.who].card.status for visit in VISITS if visit.service == service}  # type: ignore[union-attr]
        assert served | set(refused.otherwise) == set(CardStatus) - {CardStatus.UNKNOWN}


@pytest.mark.parametrize(
    ("visit", "status"),
    [
        pytest.param(visit, status, id=f"{service}-{status.name}")
        for service, visit in BY_STATUS.items()
        for status in visit.otherwise
    ],
)
async def test_of_another_status(autojump_clock: object, tmp_path: Path, visit: Visit, status: CardStatus) -> None:
    async with hall_for(visit, tmp_path) as hall:
        hall.becomes(visit.who, status)
        walk = await walked(hall, visit)
        assert walk.last_words == visit.otherwise[status]
        assert not works(hall, visit), "nothing was even asked for"
        assert hall.centre_status(visit.who) == status


@each(DECIDED)
async def test_refused_by_the_centre(autojump_clock: object, tmp_path: Path, visit: Visit) -> None:
    """Somebody at a window was faster: the card is cancelled between the question and the act."""
    async with hall_for(visit, tmp_path) as hall:
        hall.when_the_intent_is_on_disk(lambda: hall.becomes(visit.who, CardStatus.CANCELLED))
        walk = await walked(hall, visit)
        assert walk.last_words == "社保中心没有受理"
        assert hall.work().state.stage is Stage.REFUSED
        assert hall.centre_status(visit.who) == CardStatus.CANCELLED
        await truth_comes_back(hall)
        one_truth(hall, visit, walk)


# --- given up -----------------------------------------------------------------------------------------


def goes_back(hall: Hall) -> None:
    hall.citizen.presses(Back())


def declines(hall: Hall) -> None:
    hall.citizen.presses(Declined())


def goes_away(_hall: Hall) -> None:
    """And nobody touches anything any more."""


def pulls_card(hall: Hall) -> None:
    hall.hardware.pull()


@each_page(is_before_the_end)
async def test_cancelled_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    """Whoever went back goes on going back."""
    await nothing_happens(tmp_path, visit, dict.fromkeys(range(page, 2 * len(visit.pages)), goes_back))


@each_page(lambda visit, page: visit.pages[page].kind in {Confirm, PrivacyNotice} and visit.service != "unblock_pin")
async def test_declined_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    """Whoever does not remember the PIN to be unblocked is led to another service by it."""
    await nothing_happens(tmp_path, visit, {page: declines})


@each_page(any_page)
async def test_timed_out_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    if is_before_the_end(visit, page):
        await nothing_happens(tmp_path, visit, {page: goes_away})
    else:
        await it_is_done_all_the_same(tmp_path, visit, {page: goes_away})


@each_page(the_card_is_in)
async def test_the_card_pulled_on_any_page(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    if is_before_the_end(visit, page) and visit.holds_card:
        await nothing_happens(tmp_path, visit, {page: pulls_card}, "卡拔出来了")
    else:
        await it_is_done_all_the_same(tmp_path, visit, {}, {page: pulls_card})


async def nothing_happens(folder: Path, visit: Visit, instead: dict[int, Act], last_words: str | None = None) -> None:
    async with hall_for(visit, folder) as hall:
        walk = await walked(hall, visit, instead=instead)
        assert walk.last_words == last_words
        assert not works(hall, visit)
        assert not hall.hardware.slips
        one_truth(hall, visit, walk)


async def it_is_done_all_the_same(
    folder: Path, visit: Visit, instead: dict[int, Act], before: dict[int, Act] | None = None
) -> None:
    async with hall_for(visit, folder) as hall:
        walk = await walked(hall, visit, instead=instead, before=before)
        assert walk.last_words == visit.done
        await truth_comes_back(hall)
        one_truth(hall, visit, walk)


# --- at each step -----------------------------------------------------------------------------------------

Misfortune = Callable[[Hall, int], None]
"""Prepares what befalls somebody after so many steps more."""


async def at_each_step(
    folder: Path, visit: Visit, page: int, misfortune: Misfortune, came: Callable[[Hall], bool]
) -> int:
    """How many stories there are from `page` on: until the visit is over before it comes to that."""
    for step in itertools.count():
        async with hall_for(visit, folder / str(step)) as hall:
            walk = await walked(hall, visit, before={page: functools.partial(misfortune, step=step)})
            if not came(hall):
                assert step, "at no step can it come to that: this tells no story"
                return step
            try:
                assert walk.last_words or walk.turned_away, "nobody is left standing without a word"
                await truth_comes_back(hall)
                one_truth(hall, visit, walk)
            except AssertionError as error:
                error.add_note(f"at step {step}, after {[seen.title for seen in walk.pages]}")
                raise
    raise AssertionError("a visit ends")


Counted = Callable[[str, object], None]

PULLS = {"before": "pull_before_apdu", "after": "pull_after_apdu"}


@pytest.mark.parametrize("when", PULLS)
@each(visit for visit in VISITS if {TypePin, InsertCard} <= {seen.kind for seen in visit.pages})
async def test_the_card_pulled_at_any_command(
    autojump_clock: object, tmp_path: Path, record_property: Counted, visit: Visit, when: str
) -> None:
    """Before the chip gets it, or when it has carried it out; how a card is read is the same everywhere."""
    card_is_read = [seen.kind for seen in visit.pages].index(InsertCard) + 1

    def pulls(hall: Hall, step: int) -> None:
        setattr(hall.hardware, PULLS[when], step)

    def came(hall: Hall) -> bool:
        left = getattr(hall.hardware, PULLS[when])
        return left is None or left < 0

    record_property("stories", await at_each_step(tmp_path, visit, card_is_read, pulls, came))


@pytest.mark.parametrize("weather", [Weather.CUT, Weather.ANSWERS_LOST])
@each({visit.pages: visit for visit in VISITS if not visit.offline and visit.service != "guide"}.values())
async def test_the_line_lost_at_any_request(
    autojump_clock: object, tmp_path: Path, record_property: Counted, visit: Visit, weather: Weather
) -> None:
    """It does not reach the centre, or its answer does not come back.  The guide asks nobody."""

    def loses(hall: Hall, step: int) -> None:
        hall.wire.turns(weather, after=step)

    record_property("stories", await at_each_step(tmp_path, visit, 0, loses, lambda hall: hall.wire.turning is None))


# --- the line, when it matters most ------------------------------------------------------------------------


@pytest.mark.parametrize("weather", [Weather.CUT, Weather.SILENT, Weather.ANSWERS_LOST, Weather.REFUSING])
@each(AT_THE_CENTRE)
async def test_the_line_lost_after_the_intent(
    autojump_clock: object, tmp_path: Path, visit: Visit, weather: Weather
) -> None:
    """It may have been carried out or not; nobody at the terminal knows, and page and slip say so."""
    async with hall_for(visit, tmp_path) as hall:

        def line_breaks() -> None:
            hall.wire.weather = weather

        hall.when_the_intent_is_on_disk(line_breaks)
        walk = await walked(hall, visit)
        assert walk.last_words in NOBODY_KNOWS
        assert isinstance(hall.work().state, InDoubt)
        assert "不能确认" in hall.hardware.slips[0]
        assert "12333" in hall.hardware.slips[0]
        await truth_comes_back(hall)
        one_truth(hall, visit, walk)
        assert visit.happened(hall, visit.who) is (weather is Weather.ANSWERS_LOST), "nothing is carried out late"


# --- paper ----------------------------------------------------------------------------------------

FAULTS: dict[str, Callable[[Printer], None]] = {
    "cutter": Printer.jam_cutter,
    "dead": lambda printer: printer.speak(Voice.DEAD),
    "mute": lambda printer: printer.speak(Voice.MUTE),
}


@each_page(any_page)
async def test_no_paper_from_any_page_on(autojump_clock: object, tmp_path: Path, visit: Visit, page: int) -> None:
    """What is done is done, and the page says it and has the reference."""

    def paper_ends(hall: Hall) -> None:
        hall.hardware.printer.take_paper_out()
        hall.hardware.tell()

    await it_is_done_all_the_same(tmp_path, visit, {}, {page: paper_ends})


@pytest.mark.parametrize("fault", FAULTS)
@each({visit.service: visit for visit in VISITS if visit.service != "card_status"}.values())
async def test_the_printer_fails_as_the_slip_comes(
    autojump_clock: object, tmp_path: Path, visit: Visit, fault: str
) -> None:
    """Only the status of a card comes without one."""
    async with hall_for(visit, tmp_path) as hall:
        hall.hardware.as_a_slip_comes = FAULTS[fault]
        walk = await walked(hall, visit)
        assert walk.last_words == visit.done
        await truth_comes_back(hall)
        one_truth(hall, visit, walk)
