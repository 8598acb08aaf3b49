"""What the office learns of the terminal without anybody asking."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import trio

from kiosk.contract import DeviceReport, Heartbeat
from kiosk.guide.topics import topics
from kiosk.terms import DeviceFailing, DeviceOk
from sync.central import tables
from tests.stories.hall import NAME, Hall, opened

TWO_BEATS_S = 150
FAR = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


async def heard(hall: Hall) -> Heartbeat:
    """What the centre has after the next beat."""
    await trio.sleep(TWO_BEATS_S)
    with hall.centre.store.transaction():
        beat = tables.Terminal.get(tables.Terminal.name == NAME).heartbeat
    return msgspec.json.decode(beat, type=Heartbeat)


async def devices(hall: Hall) -> dict[str, DeviceReport]:
    return (await heard(hall)).devices


async def test_a_touch_panel_that_fires_by_itself_is_told_once_and_until_it_ends(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        assert (await devices(hall))["touch_panel"] == DeviceReport("unknown"), "nobody has touched it yet"
        for _ in range(3):
            hall.presenter.touch_panel_is(DeviceFailing("检查接地"))
        assert (await devices(hall))["touch_panel"] == DeviceReport("failing", "检查接地")
        hall.log.tells("touch_panel", state="DeviceFailing", advice="检查接地")
        hall.presenter.touch_panel_is(DeviceOk())
        assert (await devices(hall))["touch_panel"] == DeviceReport("ok")


async def test_the_office_hears_which_pages_of_the_guide_nobody_answers_for_any_more(
    autojump_clock: object, tmp_path: Path
) -> None:
    """The centre's time goes on to the day after the pages' last, and the terminal's with it."""
    async with opened(tmp_path) as hall:
        assert (await heard(hall)).guide_expired == []
        last = max(topic.valid_until for topic in topics())
        with hall.centre.store.transaction():
            tables.Certificate.update(ends_at=tables.instant(FAR)).execute()  # it was renewed meanwhile
        hall.centre.clock.wrong_by += last + dt.timedelta(days=1) - hall.centre.now().date()
        await heard(hall)
        assert (await heard(hall)).guide_expired == [topic.id for topic in topics()]
