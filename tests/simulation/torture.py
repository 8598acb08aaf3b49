"""Whole worlds, each from one seed: `./run torture` plays as many as its minutes allow."""

from __future__ import annotations

import tempfile
from pathlib import Path

import trio
import trio.testing

from tests.simulation.dice import loaded
from tests.simulation.world import World


def torture(seed: int) -> int:
    """How many visits were played.  What goes wrong has the seed in its note."""
    visits, _ = play(seed)
    return visits


def play(seed: int) -> tuple[int, list[str]]:
    """And what happened, line by line."""
    trace: list[str] = []

    async def all_of_it(folder: Path) -> int:
        world = World(dice, folder)
        world.trace = trace
        return await world.goes_on(clock)

    clock = trio.testing.MockClock(autojump_threshold=0)
    with tempfile.TemporaryDirectory() as folder, loaded(seed) as dice:
        try:
            return trio.run(all_of_it, Path(folder), clock=clock), trace
        except BaseException as error:
            error.add_note(f"seed {seed}, after:\n" + "\n".join(trace))
            raise
