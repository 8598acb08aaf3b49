"""A terminal was cut off for long and the line is back: `backlog FOLDER ITEMS`.

Ours: journal, link, sync's worker and HTTPS client, and the reference centre; each answer is on the terminal's disk
before the next batch is asked for.  Bare: the very same bodies one after another over HTTPS, a commit on either side
of each.  Neither end is at rest before everything is acknowledged.
"""

from __future__ import annotations

import sqlite3
import ssl
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import msgspec
import trio

from kiosk import pairing
from kiosk.clock import SystemClock, TrustedClock
from kiosk.contract import Batch, Paths
from kiosk.journal import Event, Identity, Journal, ThreadRunner
from kiosk.line import Items, ItemsAnswered, ItemsKept, Noted, TakeItems
from kiosk.link import Link
from kiosk.seal import SealKey, from_text
from sync import client
from sync.answers import Got
from sync.line import Line
from sync.worker import Worker
from tests.bench import centres
from tests.bench.child import tell
from tests.central.office import Office

TERMINAL = "T-1"
AT_ONCE = 500
"""Items that are queued in one commit: only the way out is measured."""
LOOK_S = 0.05
WAIT_S = 60
"""For one batch of the bare loop."""


class Recording(httpx.AsyncBaseTransport):
    """The real one, and what went out through it."""

    def __init__(self, real: httpx.AsyncBaseTransport) -> None:
        self._real = real
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content)
        return await self._real.handle_async_request(request)

    async def aclose(self) -> None:
        await self._real.aclose()


def paired(folder: Path) -> tuple[pairing.TerminalIdentity, pairing.LineIdentity]:
    office = Office(folder, start=SystemClock().now())
    identity = office.pair(TERMINAL).identity
    office.centre.store.close()
    return identity, pairing.load_line(office.installation(TERMINAL).sync_dir)


async def queue(folder: Path, identity: pairing.TerminalIdentity, items: int) -> Journal:
    clock = TrustedClock(SystemClock(), has_rtc=True)
    who = Identity(
        terminal=identity.name,
        signing=identity.signing,
        seal=SealKey(from_text(identity.bundle.seal_key)),
        verdicts=identity.verdict_key,
        recognition_key=identity.recognition,
        head_file=folder / "keys.head",
    )
    journal = await Journal.open(folder / "journal.db", who, clock, ThreadRunner())
    for first in range(0, items, AT_ONCE):

        def some(first: int = first) -> None:
            for number in range(first, min(first + AT_ONCE, items)):
                journal._works.drafter.report(str(uuid.uuid4()), Event("slip_printed", {"number": str(number)}))

        await journal._write(some)
    return journal


async def drain(journal: Journal, url: str, line: Recording) -> float:
    """Seconds until nothing waits any more."""
    near, far = trio.socket.socketpair()

    async def take(call: TakeItems) -> Items:
        return Items(await journal.take(call.limit))

    async def answered(call: ItemsAnswered) -> Noted:
        await journal.answer(call.ids, call.answers)
        return Noted()

    async def kept(call: ItemsKept) -> Noted:
        await journal.keep(call.ids)
        return Noted()

    terminal = Link(trio.SocketStream(near), {TakeItems: take, ItemsAnswered: answered, ItemsKept: kept})
    sync = Link(trio.SocketStream(far))
    state = Line(lambda _news: None)
    state.note(Got(None))
    centre = client.CentreClient(url, line)
    began = time.monotonic()
    async with trio.open_nursery() as nursery:
        for run in (terminal.run, sync.run, Worker(sync, centre, state).run):
            nursery.start_soon(run)
        while (await journal.counts()).queue_depth:
            await trio.sleep(LOOK_S)
        took = time.monotonic() - began
        nursery.cancel_scope.cancel()
    await centre.aclose()
    counts = await journal.counts()
    assert (counts.quarantined, counts.rejected) == (0, 0)
    return took


def bare(url: str, line: pairing.LineIdentity, bodies: list[bytes], file: Path) -> float:
    context = ssl.create_default_context(cafile=str(line.ca))
    context.load_cert_chain(line.certificate, line.key)
    database = sqlite3.connect(file, isolation_level=None)
    for setting in ("page_size=1024", "journal_mode=wal", "synchronous=full"):
        database.execute(f"PRAGMA {setting}")
    database.execute("CREATE TABLE answer (number INTEGER PRIMARY KEY, content BLOB)")
    began = time.monotonic()
    with httpx.Client(verify=context, base_url=url, timeout=WAIT_S) as http:
        for number, body in enumerate(bodies):
            database.execute("INSERT INTO answer (number) VALUES (?)", (number,))
            answer = http.post(Paths.ITEMS, content=body).raise_for_status()
            database.execute("UPDATE answer SET content = ? WHERE number = ?", (answer.content, number))
    return time.monotonic() - began


async def main(folder: Path, items: int) -> dict[str, Any]:
    identity, line = paired(folder)
    journal = await queue(folder, identity, items)
    out = Recording(client.transport(line))
    with centres.centre("ours", folder) as url:
        ours_s = await drain(journal, url, out)
    await journal.close()
    carried = sum(len(msgspec.json.decode(body, type=Batch).items) for body in out.bodies)
    assert carried == items, f"{carried} items went out"
    (folder / centres.TOLD).write_bytes(_last_answer(folder))
    with centres.centre("bare", folder) as url:
        bare_s = bare(url, line, out.bodies, folder / "bare-terminal.db")
    return {"ours": ours_s, "bare": bare_s, "batches": len(out.bodies)}


def _last_answer(folder: Path) -> bytes:
    """As ours kept it, so that the bare one answers with as many bytes."""
    with sqlite3.connect(folder / "central.db") as database:
        (answer,) = database.execute("SELECT answer FROM replay ORDER BY length(answer) DESC LIMIT 1").fetchone()
    return str(answer).encode()


if __name__ == "__main__":
    tell(trio.run(main, Path(sys.argv[1]), int(sys.argv[2])))
