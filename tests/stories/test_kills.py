"""kill -9 instead of every single frame of a visit for a PIN: chip, centre, journal and last page never contradict
each other, and whoever comes back is served.

What was to be told in that frame is lost: a command that never came, or an answer that nobody heard.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories.hall import Hall, MemoryPeer, opened
from tests.stories.truth import is_served_later, recorded_the_truth, stage_of_only, told_the_truth
from tests.stories.walk import Digits, Walk, blocked

TYPED: dict[str, Digits] = {"reset_pin": (3, 9, 4, 8, 5, 7), "unblock_pin": (1, 2, 3, 4, 5, 6)}

Killing = tuple[str, Callable[[Hall], None]]
"""On whose link the frame is lost, and who dies."""

KILLINGS: dict[str, Killing] = {
    "devices": ("devices", Hall.restart_devices),
    "devices-for-long": ("devices", Hall.stop_devices),
    "sync": ("sync", Hall.restart_sync),
    "sync-for-long": ("sync", Hall.stop_sync),
    "terminal-towards-devices": ("devices", Hall.kill_terminal),
    "terminal-towards-sync": ("sync", Hall.kill_terminal),
}


@pytest.mark.parametrize("killing", KILLINGS.values(), ids=list(KILLINGS))
@pytest.mark.parametrize("who", ["normal_v2", "normal_v3"])
@pytest.mark.parametrize("service", TYPED)
async def test_killed_at_any_frame_there_is_one_truth(
    autojump_clock: object, tmp_path: Path, service: str, who: str, killing: Killing
) -> None:
    frames = await frames_of_a_visit(tmp_path / "whole", service, who, killing)
    assert frames > 15
    for frame in range(frames):
        async with opened(tmp_path / str(frame)) as hall:
            try:
                await one_truth(hall, frame, service, who, killing)
            except AssertionError as error:
                error.add_note(f"killed at frame {frame}")
                raise


async def frames_of_a_visit(folder: Path, service: str, who: str, killing: Killing) -> int:
    async with opened(folder) as hall:
        hall.carries(blocked(who))
        before = link(hall, killing).frames
        await Walk(hall, service, who, TYPED[service]).to_the_end()
        return link(hall, killing).frames - before


def link(hall: Hall, killing: Killing) -> MemoryPeer:
    return hall.devices if killing[0] == "devices" else hall.sync


async def one_truth(hall: Hall, frame: int, service: str, who: str, killing: Killing) -> None:
    hall.carries(blocked(who))
    link(hall, killing).cut_at(frame, lambda: killing[1](hall))
    walk = Walk(hall, service, who, TYPED[service])
    await walk.to_the_end()
    done = hall.tries_left() > 0
    assert walk.last_words or killing[1] is Hall.kill_terminal, "nobody is left standing without a word"
    told_the_truth(walk.last_words, done, stage_of_only(hall))
    await hall.mended()
    await hall.delivered()
    recorded_the_truth(hall, done, stage_of_only(hall))
    await is_served_later(hall, who, done)
