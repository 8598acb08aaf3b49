"""A step and an item's way out of journals with short and long histories: `history FOLDER LENGTH…`.

The histories are the journal's own, written in large commits and delivered; then the journals take turns.  Memory is
that of a process that opens one journal and takes the same steps in it: `history memory FOLDER LENGTH`.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import trio

from kiosk.journal import InlineRunner, Journal, chain
from kiosk.journal.records import Noted
from tests.bench.child import tell
from tests.journal.office import Office, loss, person

AT_ONCE = 5_000
ROUNDS = 30
WARM = 5
ITEMS_A_DELIVERY = 10
BODY = Noted("bench", None, {"what": "about as long as most records"})


async def grown(office: Office, length: int) -> Journal:
    """Closed and opened again, as a terminal's in the morning."""
    journal = await office.open(InlineRunner())
    works = journal._works
    while (left := length - journal.head.record_seq - 1) > 0:

        def some(left: int = left) -> None:
            for _ in range(min(left, AT_ONCE)):
                works.ledger.append(BODY)

        await journal._write(some)
    await journal.close()
    return await office.open(InlineRunner())


async def step(journal: Journal) -> None:
    ledger = journal._works.ledger
    await journal._write(lambda: ledger.append(BODY, commitment=chain.commitment_to(b"salt", b"sealed")))


async def delivery(office: Office, journal: Journal) -> None:
    for number in range(ITEMS_A_DELIVERY):
        await journal.submit(loss(person(number)))
    await office.deliver(journal)


async def compare(folder: Path, lengths: list[int]) -> dict[str, Any]:
    """Processor seconds a step and a delivered item, by length: what others do on the disk is not ours."""
    offices = {length: Office(folder / str(length)) for length in lengths}
    journals: dict[int, Journal] = {}
    for length, office in offices.items():
        office.folder.mkdir()
        journals[length] = await grown(office, length)
    steps: dict[int, list[float]] = {length: [] for length in lengths}
    deliveries: dict[int, list[float]] = {length: [] for length in lengths}
    for turn in range(WARM + ROUNDS):
        for length, journal in journals.items():
            began = time.process_time()
            for _ in range(ITEMS_A_DELIVERY):
                await step(journal)
            middle = time.process_time()
            await delivery(offices[length], journal)
            if turn >= WARM:
                steps[length].append((middle - began) / ITEMS_A_DELIVERY)
                deliveries[length].append((time.process_time() - middle) / ITEMS_A_DELIVERY)
    for journal in journals.values():
        await journal.close()
    return {
        what: {str(length): statistics.median(times) for length, times in took.items()}
        for what, took in (("step", steps), ("delivery", deliveries))
    }


async def go_on(folder: Path, length: int) -> None:
    """In a process that has seen nothing else."""
    office = Office(folder / f"memory-{length}")
    office.folder.mkdir(exist_ok=True)
    (folder / str(length) / "journal.db").rename(office.path)
    (folder / str(length) / "keys.head").rename(office.head_file)
    journal = await office.open(InlineRunner())
    for _ in range(ROUNDS):
        await delivery(office, journal)
    await journal.close()


def kept_kb() -> int:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:"))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["memory", folder, length]:
            trio.run(go_on, Path(folder), int(length))
            tell(kept_kb())
        case [folder, *lengths]:
            tell(trio.run(compare, Path(folder), [int(length) for length in lengths]))
