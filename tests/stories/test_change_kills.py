"""kill -9 instead of every single frame of a PIN change: chip, centre, journal and last page never contradict each
other, and whoever comes back changes it again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.journal.transaction import Stage
from tests.stories.hall import PEOPLE, Hall, opened
from tests.stories.test_kills import KILLINGS, Killing, link
from tests.stories.truth import LATER, recorded_the_truth, stage_of_only, told_the_truth
from tests.stories.walk import Digits, Walk

OLD: Digits = (1, 2, 3, 4, 5, 6)
NEW: Digits = (3, 9, 4, 8, 5, 7)


@pytest.mark.parametrize("killing", KILLINGS.values(), ids=list(KILLINGS))
@pytest.mark.parametrize("who", ["normal_v2", "normal_v3"])
async def test_killed_at_any_frame_there_is_one_truth(
    autojump_clock: object, tmp_path: Path, who: str, killing: Killing
) -> None:
    frames = await frames_of_a_visit(tmp_path / "whole", who, killing)
    assert frames > 5
    for frame in range(frames):
        async with opened(tmp_path / str(frame)) as hall:
            try:
                await one_truth(hall, frame, who, killing)
            except AssertionError as error:
                error.add_note(f"killed at frame {frame}")
                raise


async def frames_of_a_visit(folder: Path, who: str, killing: Killing) -> int:
    async with opened(folder) as hall:
        hall.carries(PEOPLE[who])
        before = link(hall, killing).frames
        await changing(hall, who).to_the_end()
        return link(hall, killing).frames - before


def changing(hall: Hall, who: str) -> Walk:
    return Walk(hall, "change_pin", who, NEW, OLD)


async def one_truth(hall: Hall, frame: int, who: str, killing: Killing) -> None:
    hall.carries(PEOPLE[who])
    link(hall, killing).cut_at(frame, lambda: killing[1](hall))
    walk = changing(hall, who)
    await walk.to_the_end()
    done = hall.pin_is(NEW)
    assert walk.last_words or killing[1] is Hall.kill_terminal, "nobody is left standing without a word"
    told_the_truth(walk.last_words, done, stage_of_only(hall))
    await hall.mended()
    await hall.delivered()
    recorded_the_truth(hall, done, stage_of_only(hall))
    await is_served_later(hall, who, done)


async def is_served_later(hall: Hall, who: str, done: bool) -> None:
    """Another day's change; it ends what was in doubt."""
    walk = Walk(hall, "change_pin", who, LATER, NEW if done else OLD)
    await walk.to_the_end()
    assert walk.last_words == "密码改好了"
    await hall.delivered()
    assert hall.pin_is(LATER)
    newest, *earlier = [view.state.stage for view in hall.journal_says()]
    assert newest is Stage.DONE
    assert set(earlier) <= ({Stage.DONE, Stage.MOOT} if done else {Stage.NOT_DONE, Stage.MOOT})
