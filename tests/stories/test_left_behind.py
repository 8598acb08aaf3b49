"""What people forget: the terminal asks again and again, tells the office, and serves nobody with it."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk.counter import APPEAL_S, TAKE_CARDS_S
from kiosk.prompts import (
    Agreed,
    Attract,
    CardReport,
    Chosen,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    TakeCards,
    Touched,
    Without,
)
from sync.central import tables
from tests.stories.hall import Hall, opened


async def leaves_without_the_card(hall: Hall, **manner: object) -> float:
    """Since when the reminder stands."""
    await hall.citizen.sees(Attract)
    hall.citizen.presses(Touched())
    await hall.citizen.sees(Home)
    hall.citizen.prefers(**manner)
    hall.citizen.presses(Chosen("card_status"))
    await hall.citizen.sees(PrivacyNotice)
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(LayIdCard)
    hall.citizen.presses(Without())
    await hall.citizen.sees(InsertCard)
    hall.inserts("normal_v1")
    await hall.citizen.sees(CardReport)
    hall.citizen.presses(Done())
    assert (await hall.citizen.sees(TakeCards)).ssc
    return trio.current_time()


def reports(hall: Hall) -> int:
    """That came to the centre; nothing else is worth one here."""
    with hall.centre.store.transaction():
        return int(tables.Transaction.select().where(tables.Transaction.kind == "audit").count())


@pytest.mark.parametrize(("manner", "pace"), [({}, 1), ({"look": "large"}, 2)])
async def test_it_asks_again_and_again_before_it_gives_up(
    autojump_clock: object, tmp_path: Path, manner: dict[str, object], pace: int
) -> None:
    async with opened(tmp_path) as hall:
        begun = await leaves_without_the_card(hall, **manner)
        before = len(hall.eyes.seen)
        await hall.citizen.sees_a_strangers_card()
        assert trio.current_time() - begun == pytest.approx(TAKE_CARDS_S * pace, abs=1)
        asked = [page for page in hall.eyes.seen[before:] if isinstance(page, TakeCards) and not page.strangers]
        assert len(asked) >= (TAKE_CARDS_S * pace - 2 * APPEAL_S) / APPEAL_S


async def test_saying_that_one_has_everything_does_not_empty_the_slot(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await leaves_without_the_card(hall)
        hall.citizen.presses(Done())
        await trio.testing.wait_all_tasks_blocked()
        assert isinstance(hall.eyes.page, TakeCards)
        hall.hardware.pull()
        hall.citizen.presses(Done())
        await hall.citizen.sees(Attract)
        await hall.delivered()
        assert not reports(hall)


async def test_the_office_hears_of_it_and_the_page_stays_until_somebody_takes_the_card(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await leaves_without_the_card(hall)
        await hall.citizen.sees_a_strangers_card()
        assert hall.citizen.manner.language == "zh_CN"
        await hall.delivered()
        assert reports(hall) == 1
        await trio.sleep(3600)
        assert hall.eyes.page == TakeCards(id_card=False, ssc=True, slip=False, strangers=True)
        hall.hardware.pull()
        await trio.testing.wait_all_tasks_blocked()
        assert isinstance(hall.eyes.page, Attract)
        hall.log.tells("card_left_behind")
