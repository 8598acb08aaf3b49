"""Somebody stands in front of the centre and lies at every kind of request that a visit makes: chip, centre, journal
and the last words never disagree, and once the liar has gone everything is delivered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk.contract import Kind
from kiosk.journal import Report
from sync.client import ANSWER_LIMIT
from tests.stories.hall import Hall
from tests.stories.liar import LIES, Endless, Lie
from tests.stories.truth import the_chip_heard_nothing_else
from tests.stories.visits import VISITS, Visit, hall_for, one_truth, truth_comes_back, walked

Counted = Callable[[str, object], None]

ASKING = [visit for visit in VISITS if not visit.offline]

EVERY_DECISIVE, EVERY_OTHER = 7, 30
"""Of each lie's requests one in so many is tried, of the next lie the ones beside them; 1 tries all, in ten minutes."""


@pytest.fixture(scope="session")
def asked() -> dict[str, list[str]]:
    """What each visit asks the centre, in order, when all goes well."""

    async def one(visit: Visit, folder: Path) -> list[str]:
        async with hall_for(visit, folder) as hall:
            await walked(hall, visit)
            return hall.liar.asked

    found = {}
    for visit in ASKING:
        with tempfile.TemporaryDirectory() as folder:
            clock = trio.testing.MockClock(autojump_threshold=0)
            found[visit.name] = trio.run(one, visit, Path(folder), clock=clock)
    return found


def new_ways(asked: dict[str, list[str]]) -> Iterator[tuple[Visit, int]]:
    """Every request of every visit; one to which an earlier visit led by the same questions is not tried again."""
    known: set[tuple[str, ...]] = set()
    for visit in ASKING:
        for step in range(len(asked[visit.name])):
            way = tuple(asked[visit.name][: step + 1])
            if way not in known:
                known.add(way)
                yield visit, step


def chosen(asked: dict[str, list[str]]) -> Iterator[tuple[int, list[tuple[Visit, int]]]]:
    """One in how many, of those at which something is decided, and of the others."""
    ways = list(new_ways(asked))
    decisive = [way for way in ways if is_decisive(asked[way[0].name][way[1]])]
    yield EVERY_DECISIVE, decisive
    yield EVERY_OTHER, [way for way in ways if way not in decisive]


def is_decisive(call: str) -> bool:
    return call in {"external_auth", "secure_message", "outcome"} or call.startswith("transaction ")


@pytest.mark.parametrize("kind", LIES)
async def test_lied_to_from_any_request_on(
    autojump_clock: object, tmp_path: Path, record_property: Counted, asked: dict[str, list[str]], kind: type[Lie]
) -> None:
    ways = [way for every, some in chosen(asked) for way in some[LIES.index(kind) % every :: every]]
    for visit, step in ways:
        async with hall_for(visit, tmp_path / f"{visit.name}-{step}") as hall:
            try:
                await one_lie(hall, visit, kind, step)
            except AssertionError as error:
                error.add_note(f"{visit.name}: {kind.__name__} from {asked[visit.name][step]}, request {step}, on")
                raise
    record_property("stories", len(ways))


async def one_lie(hall: Hall, visit: Visit, kind: type[Lie], step: int) -> None:
    if visit.kind is not Kind.AUDIT:
        await hall.journal.note(Report(event="somebody_came_before"))
        await hall.delivered()
    lie = hall.liar.lies(kind, after=step)
    walk = await walked(hall, visit)
    assert walk.last_words or walk.turned_away, "nobody is left standing without a word"
    hall.liar.goes()
    await truth_comes_back(hall)
    one_truth(hall, visit, walk)
    the_chip_heard_nothing_else(hall)
    if isinstance(lie, Endless):
        assert lie.most <= ANSWER_LIMIT + len(lie.PIECE)
