"""The disk fills, or the line stays away: less is taken on, nothing is dropped, and it heals without a hand."""

from __future__ import annotations

from pathlib import Path

import trio
from trio.testing import MockClock

from kiosk.journal.transaction import Done, Registered
from kiosk.prompts import Agreed, Chosen, Confirm, Home, LayIdCard, PrivacyNotice, Refusal, Result
from kiosk.prompts import Done as DonePressed
from kiosk.room import FULL_MB, LOOK_EVERY_S, LOW_MB
from kiosk.terms import CardStatus
from tests.stories.hall import Hall, Weather, opened
from tests.stories.test_report_loss import and_leaves, up_to_the_confirmation

A_DAY_S = 86_400
DAYS = 3
"""As Guangxi's policy has it."""


async def closed_at_home(hall: Hall) -> dict[str, str | None]:
    """Somebody comes: each tile with why it is closed."""
    await hall.citizen.comes()
    home = await hall.citizen.sees(Home)
    return {tile.service: tile.closed.id if tile.closed else None for tile in home.tiles}


async def is_told_why(hall: Hall, service: str) -> str:
    """What the page says of a tile that is greyed."""
    hall.citizen.presses(Chosen(service))
    await hall.citizen.sees(Refusal)
    words = hall.citizen.words()
    hall.citizen.presses(DonePressed())
    await hall.citizen.sees(Home)
    return words


async def test_the_last_room_on_the_disk_is_kept_for_losses(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.free_mb = LOW_MB - 1
        await trio.sleep(LOOK_EVERY_S)
        tiles = await closed_at_home(hall)
        assert {service for service, why in tiles.items() if why is None} == {"report_loss", "guide"}
        assert "仍然可以在这里挂失" in await is_told_why(hall, "reset_pin")
        hall.citizen.presses(Chosen("report_loss"))
        await hall.citizen.sees(PrivacyNotice)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(LayIdCard)
        hall.lays("normal_v2")
        await hall.citizen.sees(Confirm)
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已经挂失")
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        hall.log.tells("room_changed", disk="low", unsent="few")


async def test_on_a_full_disk_nothing_begins_and_the_tiles_come_back_by_themselves(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        hall.free_mb = FULL_MB - 1
        await trio.sleep(LOOK_EVERY_S)
        tiles = await closed_at_home(hall)
        assert [service for service, why in tiles.items() if why is None] == ["guide"]
        assert "12333" in await is_told_why(hall, "report_loss")
        assert not hall.journal_says()
        hall.free_mb = LOW_MB
        with trio.fail_after(LOOK_EVERY_S + 1):
            while any(tile.closed for tile in (await hall.citizen.sees(Home)).tiles):
                await trio.sleep(1)


async def test_after_days_without_a_line_nobody_is_promised_that_it_comes_back(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    """A loss that arrives after seven days takes no effect by itself: whoever comes now is better off elsewhere."""
    async with opened(tmp_path) as hall:
        await up_to_the_confirmation(hall, "normal_v2")
        hall.wire.weather = Weather.CUT
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Result, "已登记，尚未生效")
        await and_leaves(hall)
        assert isinstance(hall.work().state, Registered)

        assert (await closed_at_home(hall))["report_loss"] is None, "a line that was just cut may wait"
        autojump_clock.jump(DAYS * A_DAY_S)
        await trio.sleep(LOOK_EVERY_S)
        tiles = await closed_at_home(hall)
        assert tiles["report_loss"] == tiles["change_pin"] == "closed.unsent"
        words = await is_told_why(hall, "report_loss")
        assert all(said in words for said in ("断网太久了", "12333", "微信")), words

        hall.wire.weather = Weather.FINE
        await hall.citizen.online()
        await hall.delivered()
        assert isinstance(hall.work().state, Done)
        assert hall.centre_status("normal_v2") == CardStatus.TEMPORARILY_LOST
        await trio.sleep(LOOK_EVERY_S)
        assert (await closed_at_home(hall))["report_loss"] is None
