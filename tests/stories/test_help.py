"""求助: whoever calls for staff is told the truth about it, and the centre hears of it at once."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import trio

from kiosk.contract import Heartbeat
from kiosk.prompts import Attract, Call, Home, Touched
from kiosk.staff import STANDS_S
from sync.central import tables
from tests.stories.hall import NAME, Hall, Weather, opened


def centre_knows(hall: Hall) -> bool:
    """The newest heartbeat in the centre's database."""
    with hall.centre.store.transaction():
        beat = tables.Terminal.get(tables.Terminal.name == NAME).heartbeat
    return msgspec.json.decode(beat, type=Heartbeat).help_called


async def comes(hall: Hall) -> None:
    await hall.citizen.sees(Attract)
    hall.citizen.presses(Touched())
    await hall.citizen.sees(Home)


async def test_the_centre_knows_before_the_person_is_told_so(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await comes(hall)
        begun = trio.current_time()
        hall.citizen.calls_staff()
        assert hall.eyes.call is Call.CALLING
        await hall.citizen.is_told(Call.TOLD)
        assert trio.current_time() - begun < 1
        assert centre_knows(hall)
        hall.log.tells("staff_call_passed_on", told=True)


@pytest.mark.parametrize("weather", [Weather.CUT, Weather.SILENT, Weather.REFUSING, Weather.NONSENSE])
async def test_a_call_that_did_not_get_through_is_not_promised(
    autojump_clock: object, tmp_path: Path, weather: Weather
) -> None:
    async with opened(tmp_path) as hall:
        await comes(hall)
        hall.wire.weather = weather
        hall.citizen.calls_staff()
        await hall.citizen.is_told(Call.UNREACHED)
        assert not centre_knows(hall)
        hall.wire.weather = Weather.FINE
        hall.citizen.calls_staff()
        await hall.citizen.is_told(Call.TOLD)
        assert centre_knows(hall)


async def test_without_sync_nobody_is_promised_help(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await comes(hall)
        hall.sync.stop()
        hall.citizen.calls_staff()
        await hall.citizen.is_told(Call.UNREACHED)


async def test_the_call_ends_for_the_next_person_and_later_for_the_office(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        await comes(hall)
        hall.citizen.calls_staff()
        await hall.citizen.is_told(Call.TOLD)
        await hall.citizen.sees(Attract)
        assert hall.eyes.call is Call.NONE
        assert centre_knows(hall)
        await trio.sleep(STANDS_S + 100)
        assert not centre_knows(hall)
