"""Every service, cut at every instant: before and after each journal write, each command to a chip, each frame between
the processes, each request and answer of the centre.

Here whoever dies takes turns; `./run torture` has everybody die at every instant.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.matrix import Dies, Instant, beginnings, cut
from tests.stories.visits import Visit

BEGINNINGS = list(beginnings())


@pytest.mark.parametrize(("visit", "page"), BEGINNINGS, ids=[visit.name for visit, _ in BEGINNINGS])
async def test_wherever_it_is_cut_there_is_one_truth(
    autojump_clock: object,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    visit: Visit,
    page: int,
) -> None:
    dying, number = list(Dies), 0
    while await cut(tmp_path / str(number), visit, page, number, dying[number % len(dying)]):
        number += 1
    record_property("cut points", number)
    assert number, "an instant of its own"


def test_every_kind_of_instant_is_among_them() -> None:
    """What a process may lose of its own: none of them is only in the type."""
    assert set().union(*(death.value.loses for death in Dies)) == set(Instant)
