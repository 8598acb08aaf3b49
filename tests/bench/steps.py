"""One durable step, again and again: the journal's, bare sqlite3's and huey's take turns.  `steps FOLDER ROUNDS`.

Bare: WAL, `synchronous=FULL` and pages as the journal has them, and one INSERT of the very bytes that the journal
hashed.  huey: `enqueue` of these bytes, flushed.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import trio
from huey.storage import SqliteStorage

from kiosk.clock import SystemClock, TrustedClock
from kiosk.journal import Journal, ThreadRunner, chain
from kiosk.journal.records import Noted
from tests.bench.child import tell
from tests.journal.office import Office

TURN = 5
"""Steps in a row: others use the same disk, and a slow moment should meet all three."""
SEALED_BYTES = 400
"""Of a name and a number, as a loss report seals them."""
BODY = Noted("bench", None, {"what": "about as long as most records"})


class Ours:
    """The whole road of a step: thread, chain, commitment, peewee, head file."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._sealed = os.urandom(SEALED_BYTES)

    async def step(self) -> None:
        ledger = self._journal._works.ledger

        def append() -> None:
            ledger.append(BODY, commitment=chain.commitment_to(os.urandom(32), self._sealed))

        await self._journal._write(append)


class Bare:
    def __init__(self, file: Path, body: bytes) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._body = body
        for setting in ("page_size=1024", "journal_mode=wal", "synchronous=full"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, content BLOB NOT NULL)")

    async def step(self) -> None:
        self._database.execute("INSERT INTO record (content) VALUES (?)", (self._body,))


class Huey:
    def __init__(self, file: Path, body: bytes) -> None:
        self._storage = SqliteStorage(filename=str(file), fsync=True)
        self._body = body

    async def step(self) -> None:
        self._storage.enqueue(self._body)


async def take_turns(folder: Path, rounds: int) -> dict[str, float]:
    """Seconds a step, the median."""
    office = Office(folder)
    journal = await Journal.open(office.path, office.identity, TrustedClock(SystemClock()), ThreadRunner())
    ours = Ours(journal)
    await ours.step()
    body = await journal._read(lambda: bytes(journal._works.archive.last(0).content))  # type: ignore[union-attr]
    steps: dict[str, Callable[[], Awaitable[None]]] = {
        "ours": ours.step,
        "bare": Bare(folder / "bare.db", body).step,
        "huey": Huey(folder / "huey.db", body).step,
    }
    took: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            for _ in range(TURN):
                began = time.perf_counter()
                await step()
                took[name].append(time.perf_counter() - began)
    await journal.close()
    return {name: statistics.median(times) for name, times in took.items()}


if __name__ == "__main__":
    tell(trio.run(take_turns, Path(sys.argv[1]), int(sys.argv[2])))
