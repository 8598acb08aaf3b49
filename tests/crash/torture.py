"""Any visit, cut at any instant by anybody, as the seed has it: `./run torture` plays as many as its minutes allow."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import trio
import trio.testing

from tests.crash.matrix import SM4_CARDS, cut
from tests.stories.death import Dies
from tests.stories.visits import VISITS

MOST_INSTANTS = 300
"""Of a whole visit; one that is over before is drawn again from what it has."""


def torture(seed: int) -> int:
    """How many visits were cut.  What goes wrong has the seed in its note."""
    dice = random.Random(seed)
    visit, dies = dice.choice((*VISITS, *SM4_CARDS)), dice.choice(list(Dies))
    instants = MOST_INSTANTS
    while instants:
        number = dice.randrange(instants)
        with tempfile.TemporaryDirectory() as folder:
            try:
                came = trio.run(
                    cut, Path(folder), visit, 0, number, dies, clock=trio.testing.MockClock(autojump_threshold=0)
                )
            except BaseException as error:
                error.add_note(f"seed {seed}")
                raise
        if came:
            return 1
        instants = number
    return 0
