"""Every service, cut at its instants: before and after each journal write, each command to a chip, each frame between
the processes, each request and answer of the centre.

Here it is cut at every second one, and whoever dies takes turns; `./run torture` has anybody die at any of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.matrix import beginnings, cut
from tests.stories.death import Dies
from tests.stories.fate import Instant
from tests.stories.visits import VISITS, Visit

BEGINNINGS = list(beginnings(VISITS))
EVERY = 2
"""One in so many instants: all of them take a quarter of an hour."""


@pytest.mark.parametrize(("visit", "page"), BEGINNINGS, ids=[visit.name for visit, _ in BEGINNINGS])
async def test_wherever_it_is_cut_there_is_one_truth(
    autojump_clock: object,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    visit: Visit,
    page: int,
) -> None:
    cuts, dying = 0, itertools.cycle(Dies)
    while await cut(tmp_path / str(cuts), visit, page, cuts * EVERY, next(dying)):
        cuts += 1
    record_property("cut points", cuts)
    assert cuts, "an instant of its own"


def test_every_kind_of_instant_is_among_them() -> None:
    """What a process may lose of its own: none of them is only in the type."""
    assert set().union(*(death.value.loses for death in Dies)) == set(Instant)
