"""The process whose disk fills: `python -m tests.power.filling ROOT WHEN`, with `full.c` preloaded.

It writes until there is no room, is started again on the full disk, and goes on once somebody has made room.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

import trio
import trio.testing

from kiosk.journal import InlineRunner, Journal, JournalFull, reading
from kiosk.prompts import OutOfService
from kiosk.room import LOOK_EVERY_S, opened
from screens.presenter import Presenter
from tests.journal.office import Office, loss, person
from tests.stories.hall import Eyes

A_GOOD_DAY, MORE_THAN_FITS = 100, 900


async def fills(office: Office, fill: Callable[[], None]) -> list[str]:
    """→ the losses that were told to be on the disk."""
    journal = await office.open()
    kept = [(await journal.submit(loss(person(number)))).id for number in range(A_GOOD_DAY)]
    fill()
    with contextlib.suppress(JournalFull):
        while len(kept) < MORE_THAN_FITS:
            kept.append((await journal.submit(loss(person(len(kept))))).id)
    assert len(kept) < MORE_THAN_FITS, "the disk never filled"
    await journal.close()
    return kept


async def main(office: Office, fill: Callable[[], None], make_room: Callable[[], None]) -> None:
    kept = await fills(office, fill)
    eyes = Eyes()
    face = Presenter(eyes)
    got: list[Journal] = []

    async def start() -> None:
        got.append(await opened(lambda: office.open(InlineRunner()), face, "12333"))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(start)
        await trio.sleep(3 * LOOK_EVERY_S)
        assert isinstance(eyes.page, OutOfService), eyes.page
        assert not got
        make_room()
    (journal,) = got
    assert {view.id for view in reading.newest(office.path, MORE_THAN_FITS)} == set(kept)
    assert reading.verify(office.path, head_file=office.head_file).findings == ()
    while (await journal.counts()).queue_depth:
        await office.deliver(journal)
    await journal.close()
    sys.stdout.write(f"{len(kept)} losses kept and delivered")


folder, when = Path(sys.argv[1]), Path(sys.argv[2])
trio.run(main, Office(folder), when.touch, when.unlink, clock=trio.testing.MockClock(autojump_threshold=0))
