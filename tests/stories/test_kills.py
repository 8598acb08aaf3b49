"""kill -9 instead of every single frame of a visit for a PIN: chip, centre, journal and last page never contradict
each other, and whoever comes back is served.

What was to be told in that frame is lost: a command that never came, or an answer that nobody heard.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.journal.transaction import Stage
from tests.stories.hall import Hall, MemoryPeer, opened
from tests.stories.walk import Digits, Walk, blocked

TYPED: dict[str, Digits] = {"reset_pin": (3, 9, 4, 8, 5, 7), "unblock_pin": (1, 2, 3, 4, 5, 6)}
LATER: Digits = (4, 0, 7, 2, 9, 5)

IT_IS_DONE = {"新密码已生效", "新密码已写入", "已解锁，密码正确", "已经解锁"}
NOBODY_KNOWS = {"还不知道成没成"}
NOTHING_WAS_DONE = {"没有办成", "连不上社保中心", "网络断了", "读卡器出了故障", "读卡器故障", "身份证读不了"}

IN_NOTHING = {Stage.NOT_DONE, Stage.VOID}
AT_THE_CENTRE = {Stage.DONE: {"done"}, Stage.NOT_DONE: {"void"}, Stage.VOID: {"void"}, Stage.IN_DOUBT: {"issued"}}

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


def told_the_truth(words: str | None, done: bool, stage: Stage | None) -> None:
    """`words` None: the screen went dark before anything was said."""
    assert words in {None, *IT_IS_DONE, *NOBODY_KNOWS, *NOTHING_WAS_DONE}
    if words in IT_IS_DONE:
        assert done
        assert stage is Stage.DONE
    if words in NOBODY_KNOWS:
        assert stage is Stage.IN_DOUBT
    if words in NOTHING_WAS_DONE:
        assert not done


def recorded_the_truth(hall: Hall, done: bool, stage: Stage | None) -> None:
    """Here and at the centre, once everything is delivered."""
    if stage is None:
        assert not done
        return
    if stage is not Stage.IN_DOUBT:
        assert done is (stage is Stage.DONE)
    assert {hall.outcome_on_record(view.id) for view in hall.journal_says()} == AT_THE_CENTRE[stage]


async def is_served_later(hall: Hall, who: str, done: bool) -> None:
    """Another day's reset; the chip that is back settles what was in doubt."""
    walk = Walk(hall, "reset_pin", who, LATER)
    await walk.to_the_end()
    assert walk.last_words == "新密码已生效"
    await hall.delivered()
    newest, *earlier = [view.state.stage for view in hall.journal_says()]
    assert newest is Stage.DONE
    assert set(earlier) <= ({Stage.DONE} if done else IN_NOTHING)


def stage_of_only(hall: Hall) -> Stage | None:
    views = hall.journal_says()
    assert len(views) <= 1, "one piece of work was asked for"
    return views[0].state.stage if views else None
