"""What the office learns of the terminal without anybody asking."""

from __future__ import annotations

from pathlib import Path

import msgspec
import trio

from kiosk.contract import DeviceReport, Heartbeat
from kiosk.terms import DeviceFailing, DeviceOk
from sync.central import tables
from tests.stories.hall import NAME, Hall, opened

TWO_BEATS_S = 150


async def devices(hall: Hall) -> dict[str, DeviceReport]:
    """As the centre has them after the next beat."""
    await trio.sleep(TWO_BEATS_S)
    with hall.centre.store.transaction():
        beat = tables.Terminal.get(tables.Terminal.name == NAME).heartbeat
    return msgspec.json.decode(beat, type=Heartbeat).devices


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
