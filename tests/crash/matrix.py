"""A visit during which the plug, or one process, goes at one instant: what was said and printed was true when it was,
and afterwards chip, centre and journal agree, and whoever comes back is served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from drivers.virtual.printer import Printer
from kiosk.journal.transaction import Stage
from kiosk.terms import CardStatus
from tests.stories.death import Cut, Dies
from tests.stories.fate import Instant
from tests.stories.hall import Hall
from tests.stories.truth import LATER
from tests.stories.visits import (
    CHANGES_THE_CHIP,
    VISITS,
    Visit,
    hall_for,
    the_clerk_has_gone,
    the_three_agree,
    told_the_truth_at_last,
    truth_comes_back,
    walked,
    works,
)
from tests.stories.walk import Seen, Walk

PIN_WRITTEN = b"\x84\x24"
"""CLA and INS of the secure message."""

MEANT = {
    "社保账户已挂失": Stage.DONE,
    "社保账户之前已挂失": Stage.DONE,
    "已生效": Stage.DONE,
    "已受理": Stage.DONE,
    "尚未生效": Stage.REGISTERED,
    "尚未确认生效": Stage.REGISTERED,
    "不能确认": Stage.IN_DOUBT,
}
"""What stands on a slip, and what the journal must know then."""

OF_STATUS = next(visit.otherwise for visit in VISITS if visit.service == "card_status")

SM4_CARDS = tuple(
    visit._replace(who="normal_v3")
    for visit in VISITS
    if visit.kind in CHANGES_THE_CHIP and visit.who == "normal_v2" and visit.vouched is None
)
"""What the chip does with its other algorithm."""


def beginnings(visits: Iterable[Visit]) -> Iterator[tuple[Visit, int]]:
    """Each, and the first page to which no earlier one led over the same pages: before that it is cut there."""
    known: set[tuple[Seen, ...]] = set()
    for visit in visits:
        ways = [visit.pages[: page + 1] for page in range(len(visit.pages))]
        page = next((page for page, way in enumerate(ways) if way not in known), len(ways) - 1)
        known.update(ways)
        yield visit, page


async def cut(folder: Path, visit: Visit, page: int, number: int, dies: Dies) -> Instant | None:
    """One visit; where it was cut, None if it was over before.  Raises AssertionError, the instant in its notes."""
    async with hall_for(visit, folder) as hall:
        cuts: list[Cut] = []
        seen: list[Seen] = []

        def hangs_over(hall: Hall) -> None:
            hall.fate = Cut(hall, number, dies)
            cuts.append(hall.fate)

        try:
            on_paper = _stages_as_slips_come(hall, visit)
            walk = await walked(hall, visit, before={page: hangs_over})
            seen = walk.pages
            assert walk.last_words or walk.turned_away or dies.darkens, "nobody is left standing without a word"
            await hall.running()
            await truth_comes_back(hall)
            _agree(hall, visit, walk)
            if not dies.darkens:
                the_clerk_has_gone(hall)
            for place, stage in on_paper.items():
                _slip_was_true(hall.hardware.slips[place : place + 1], stage)
            await _is_served(hall, visit)
        except BaseException as error:
            came = cuts[0].came if cuts else None
            error.add_note(f"{visit.name}: {dies.name} at instant {number} from page {page} on, {came}; {seen}")
            raise
    return cuts[0].came if cuts else None


def _agree(hall: Hall, visit: Visit, walk: Walk) -> None:
    stage = the_three_agree(hall, visit)
    if walk.last_words is not None:
        told_the_truth_at_last(walk, stage)
    writes = [apdu for apdu in hall.hardware.trace if apdu[:2] == PIN_WRITTEN]
    assert len(writes) <= 1


def _stages_as_slips_come(hall: Hall, visit: Visit) -> dict[int, Stage | None]:
    """What the journal knew when a slip was printed, by the slip's place among all."""
    stages: dict[int, Stage | None] = {}

    def comes(printer: Printer) -> None:
        views = works(hall, visit)
        stages[len(printer.slips)] = views[0].state.stage if views else None

    hall.hardware.as_a_slip_comes = comes
    return stages


def _slip_was_true(slips: list[str], stage: Stage | None) -> None:
    text = "".join(line.strip() for slip in slips for line in slip.splitlines())
    for word, meant in MEANT.items():
        if word in text:
            assert stage is meant, f"{word} stood on paper"


async def _is_served(hall: Hall, visit: Visit) -> None:
    """A new PIN ends a doubt about the chip; of any other work the card is told as the office has it."""
    if visit.kind in CHANGES_THE_CHIP:
        await _said(hall, "reset_pin", visit, "新密码已生效")
        await hall.delivered()
        assert Stage.IN_DOUBT not in {view.state.stage for view in hall.journal_says()}
    elif visit.kind is not None:
        status = CardStatus(hall.centre_status(visit.who))
        await _said(hall, "card_status", visit, OF_STATUS.get(status, "卡可以使用"))


async def _said(hall: Hall, service: str, visit: Visit, words: str) -> None:
    walk = Walk(hall, service, visit.who, LATER)
    await walk.to_the_end()
    assert walk.last_words == words, f"whoever comes back; saw {walk.pages}"
