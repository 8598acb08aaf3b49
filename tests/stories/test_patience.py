"""How long a person is waited for: whoever reads large type or listens has twice as long, from that moment on."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk.prompts import Attract, Continue, Home, Touched
from tests.stories.hall import Hall, opened

PACES = [({}, 1), ({"look": "large"}, 2), ({"spoken": True}, 2)]


async def seconds_until_warned(hall: Hall) -> float:
    begun = trio.current_time()
    await hall.citizen.warned()
    return trio.current_time() - begun


@pytest.mark.parametrize(("manner", "pace"), PACES)
async def test_nobody_is_hurried(autojump_clock: object, tmp_path: Path, manner: dict[str, object], pace: int) -> None:
    async with opened(tmp_path) as hall:
        await hall.citizen.sees(Attract)
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)
        hall.citizen.prefers(**manner)
        for _ in range(10):
            assert await seconds_until_warned(hall) == pytest.approx(40 * pace, abs=1)
            hall.citizen.presses(Continue())
            await trio.testing.wait_all_tasks_blocked()
        await seconds_until_warned(hall)
        begun = trio.current_time()
        await hall.citizen.sees(Attract)
        assert trio.current_time() - begun == pytest.approx(20 * pace, abs=1)


async def test_the_next_person_has_the_usual_time(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.citizen.prefers(look="large")
        await hall.citizen.sees(Attract)
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)
        await hall.citizen.sees(Attract)
        hall.citizen.presses(Touched())
        await hall.citizen.sees(Home)
        assert await seconds_until_warned(hall) == pytest.approx(40, abs=1)
