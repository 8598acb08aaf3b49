"""What one visit brings to the journal's disk: `visit_writes FOLDER`, started as tests.bench.disk.counting says.

The stories' hall: everything is real but the sockets, and a person reads and presses.  Only what the terminal keeps
is counted; the centre's database is not.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import trio
import trio.testing

from kiosk.pin import Pin
from kiosk.prompts import Agreed, Attract, Confirm, InsertCard, Result, TakeCards, TypeCode, TypedPin, TypePin
from kiosk.prompts import Done as DonePressed
from tests.bench.child import tell
from tests.bench.disk import counted
from tests.stories.hall import Hall, opened
from tests.stories.steps import types_code, up_to_the_id_card

WHO = "normal_v3"
NEW = (3, 9, 4, 8, 5, 7)


async def report_loss(hall: Hall) -> None:
    await up_to_the_id_card(hall, "report_loss")
    hall.lays(WHO)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    await hall.citizen.sees(Result, "已经挂失")


async def reset_pin(hall: Hall) -> None:
    await up_to_the_id_card(hall, "reset_pin")
    hall.lays(WHO)
    await hall.citizen.sees(InsertCard)
    hall.inserts(WHO)
    await hall.citizen.sees(TypeCode)
    types_code(hall, WHO)
    await hall.citizen.sees(Confirm)
    hall.citizen.presses(Agreed())
    for title in ("请设新密码", "请再输一次"):
        await hall.citizen.sees(TypePin, title)
        hall.citizen.presses(TypedPin(Pin(NEW)))
    await hall.citizen.sees(Result, "新密码已生效")


async def and_leaves(hall: Hall) -> None:
    """With everything delivered and paid attention to."""
    hall.citizen.presses(DonePressed())
    await hall.citizen.sees(TakeCards)
    hall.hardware.lift()
    hall.hardware.pull()
    await hall.citizen.sees(Attract)
    await hall.delivered()


async def writes(hall: Hall, visit: Callable[[Hall], Awaitable[None]]) -> dict[str, int]:
    commits = 0

    def heard(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    hall.journal._works.store._connection.set_trace_callback(heard)
    records, (flushes, written) = hall.journal.head.record_seq, counted()
    await visit(hall)
    await and_leaves(hall)
    flushes_now, written_now = counted()
    return {
        "commits": commits,
        "records": hall.journal.head.record_seq - records,
        "flushes": flushes_now - flushes,
        "bytes": written_now - written,
    }


async def main(folder: Path) -> None:
    async with opened(folder) as hall:
        # a reset first: a card that is reported lost gets no new PIN
        tell({visit.__name__: await writes(hall, visit) for visit in (reset_pin, report_loss)})


if __name__ == "__main__":
    trio.run(main, Path(sys.argv[1]), clock=trio.testing.MockClock(autojump_threshold=0))
