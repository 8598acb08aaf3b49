"""What a terminal does with its journal while the power may go.

A workload is one function that drives the journal as any test does; what its calls promise is put down for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from kiosk.clock import TrustedClock
from kiosk.contract import Kind
from kiosk.devices import Printed
from kiosk.journal import Happened, InlineRunner, Journal, Note, Report, SlipIntent, backup
from kiosk.journal.backup import Restored
from kiosk.journal.retention import SHORTEST
from kiosk.journal.store import OutgoingRow, SealedRow, Store
from tests.journal.half_year import a_loss as a_loss_with_a_slip
from tests.journal.half_year import after_half_a_year, begun, prune_all
from tests.journal.office import Office, change_pin, chip_draft, loss, person
from tests.power.trace import Pen, Told

T = TypeVar("T")

VERSION_1 = Path(__file__).with_name("version_1.sql")
FEW_PAGES, MANY_PAGES = 25, 1000
"""A checkpoint comes after so many: few, so that the story stays short; many are the default."""
A_DAY = 8
OLD_LOSSES = 70
"""More than one piece of a pruning."""
RESET = Happened(sw="9000", tries_before=0, tries_after=6, pin_verified=True)


class TellingRunner(InlineRunner):
    """After each call of the journal, tells what is on the disk from now on."""

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._journal: Journal | None = None

    def opened(self, journal: Journal) -> None:
        self._journal = journal
        self._tell(journal, started=True)

    async def run(self, call: Callable[[], T]) -> T:
        result = await super().run(call)
        if self._journal is not None and not self._journal._works.store.database.is_closed():
            self._tell(self._journal, started=False)
        return result

    def _tell(self, journal: Journal, *, started: bool) -> None:
        head = journal._works.ledger.head()
        self._pen.tell(Told(head.journal_id, head.record_seq, head.hash.hex(), rows(journal._works.store), started))


def rows(store: Store) -> frozenset[str]:
    """What waits for the centre's acknowledgement, byte for byte."""
    sealed = {f"sealed {row.transaction_id} {_digest(row.salt + row.sealed)}" for row in store.all(SealedRow.select())}
    outgoing = {f"outgoing {row.journal} {row.seq} {_digest(row.signed)}" for row in store.all(OutgoingRow.select())}
    return frozenset(sealed | outgoing)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


class Watched(Office):
    """Where files lie as on a terminal: the head beside the journal's folder."""

    def __init__(self, root: Path, pen: Pen, dice: random.Random) -> None:
        super().__init__(root)
        self._pen = pen
        self.dice = dice
        self.random = dice.randbytes
        self.path.parent.mkdir()
        self.cuts_begin_here()

    @property
    def path(self) -> Path:
        return self.folder / "terminal" / "journal.db"

    @property
    def head_file(self) -> Path:
        return self.folder / "head.json"

    def cuts_begin_here(self) -> None:
        """What was done before is on the disk."""
        self._pen.begin(self.folder, self.centre.signing.public)

    def what_was_told_holds(self) -> None:
        """Also after a new beginning."""
        self._pen.tell_again()

    async def open(self) -> Journal:  # type: ignore[override]
        runner = TellingRunner(self._pen)
        journal = await super().open(runner)
        runner.opened(journal)
        return journal


async def visits(office: Watched) -> None:
    """Losses online and offline, a PIN reset and a PIN change, a void, slips, a report; a stop and a start."""
    journal = await office.open()
    online = await journal.submit(loss(person(1)))
    await office.deliver(journal)
    slip = await journal.printing(SlipIntent(name="loss", transaction=online.id))
    await journal.printed(slip, Printed())
    offline = await journal.submit(loss(person(2)))
    await journal.register(offline.id)
    await reset_pin(office, journal, 3)
    await change_pin(journal, chip_draft(Kind.PIN_CHANGED, 4))
    given_up = await journal.submit(loss(person(5), Kind.FORMAL_LOSS))
    await journal.void(given_up.id)
    await journal.note(Report(event="paper_replaced", details={"rolls": 1}))
    await office.deliver(journal, limit=2)
    await journal.close()
    journal = await office.open()
    await office.deliver(journal)
    await journal.submit(loss(person(6)))
    await journal.close()


async def reset_pin(office: Watched, journal: Journal, number: int) -> None:
    reset = await journal.submit(chip_draft(Kind.RELOAD_PIN, number))
    await office.deliver(journal)
    await journal.puk(reset.id)
    await journal.act(reset.id, 0)
    await journal.conclude(reset.id, RESET)


async def checkpoints(office: Watched) -> None:
    """The log grows, is written back and begun again; also while somebody reads, who holds it up."""
    journal = await office.open()
    journal._works.store.database.pragma("wal_autocheckpoint", FEW_PAGES)
    for number in range(3):
        await journal.submit(loss(person(number)))
        await journal.note(Note(event="paper_low"))
    with reading(office.path):
        await office.deliver(journal, limit=1)
        await journal.submit(loss(person(4)))
    await office.deliver(journal)
    await journal.submit(loss(person(5)))
    await journal.close()


@contextlib.contextmanager
def reading(path: Path):
    """As `kiosk journal verify` does, beside the running terminal."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        yield
        reader.execute("COMMIT")


async def crash(office: Watched) -> None:
    """The power goes again while the terminal recovers from the last time."""
    journal = await office.open()
    handed = await journal.submit(loss(person(1)))
    await office.deliver(journal)
    await journal.printing(SlipIntent(name="loss", transaction=handed.id))
    await journal.submit(loss(person(2)))
    await journal.submit(loss(person(3), Kind.FORMAL_LOSS))
    acting = await journal.submit(chip_draft(Kind.RELOAD_PIN, 4))
    await office.deliver(journal, limit=1)
    await office.deliver(journal)
    await journal.puk(acting.id)
    await journal.act(acting.id, 0)
    left = {path: path.read_bytes() for path in files(office)}
    await journal.close()
    put(office, left)
    office.what_was_told_holds()
    journal = await office.open()
    await office.deliver(journal)
    await journal.close()


async def restored(office: Watched) -> None:
    """An old copy of the file was put back: it goes on under a new journal id."""
    journal = await office.open()
    await journal.submit(loss(person(1)))
    await journal.close()
    left = {office.path: office.path.read_bytes()}
    journal = await office.open()
    await journal.submit(loss(person(2)))
    await journal.close()
    put(office, {office.head_file: office.head_file.read_bytes()} | left)
    journal = await office.open()
    await journal.submit(loss(person(3)))
    await office.deliver(journal)
    await journal.close()


async def any_day(office: Watched) -> None:
    """Whatever comes, in any order."""
    journal = await office.open()
    for number in range(A_DAY):
        journal._works.store.database.pragma("wal_autocheckpoint", office.dice.choice((FEW_PAGES, MANY_PAGES)))
        happens = office.dice.choice(
            (a_loss, a_change, a_reset, a_slip, a_report, a_delivery, a_delivery, beside_a_reader)
        )
        if office.dice.random() < 1 / 8:
            await journal.close()
            journal = await office.open()
        await happens(office, journal, number)
    await journal.close()


async def a_loss(office: Watched, journal: Journal, number: int) -> None:
    handed = await journal.submit(loss(person(number), office.dice.choice((Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS))))
    ends = journal.register if handed.kind is Kind.TEMPORARY_LOSS else journal.void
    if office.dice.random() < 1 / 2:
        await ends(handed.id)


async def a_change(office: Watched, journal: Journal, number: int) -> None:
    await change_pin(journal, chip_draft(Kind.PIN_CHANGED, number))


async def a_reset(office: Watched, journal: Journal, number: int) -> None:
    await reset_pin(office, journal, number)


async def a_slip(office: Watched, journal: Journal, number: int) -> None:
    slip = await journal.printing(SlipIntent(name="loss"))
    if office.dice.random() < 1 / 2:
        await journal.printed(slip, Printed())


async def a_report(office: Watched, journal: Journal, number: int) -> None:
    await journal.note(Report(event="paper_replaced", details={"rolls": number}))


async def a_delivery(office: Watched, journal: Journal, number: int) -> None:
    if (await journal.counts()).queue_depth:
        await office.deliver(journal, limit=office.dice.choice((1, 2, 500)))


async def beside_a_reader(office: Watched, journal: Journal, number: int) -> None:
    with reading(office.path):
        await a_delivery(office, journal, number)
        await a_loss(office, journal, number)


def files(office: Watched) -> list[Path]:
    return [path for path in office.folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")]


def put(office: Watched, left: dict[Path, bytes]) -> None:
    """The disk as it was left, and nothing else on it; cuts begin here."""
    for path in files(office):
        path.unlink()
    for path, data in left.items():
        path.write_bytes(data)
    office.cuts_begin_here()


async def migration(office: Watched) -> None:
    """A journal that version 1 of the format left, with work in it."""
    journal = await office.open()
    for number in range(3):
        await journal.submit(loss(person(number)))
    await office.deliver(journal, limit=1)
    await journal.close()
    old = office.folder.with_name("version-1.db")
    copy_as_version_1(office.path, old)
    put(office, {office.path: old.read_bytes(), office.head_file: office.head_file.read_bytes()})
    office.what_was_told_holds()
    journal = await office.open()
    await journal.submit(chip_draft(Kind.UNBLOCK_PIN, 4))
    await office.deliver(journal)
    await journal.close()


def copy_as_version_1(path: Path, old: Path) -> None:
    with contextlib.closing(sqlite3.connect(old)) as file:
        file.executescript(f"PRAGMA page_size = 1024; PRAGMA journal_mode = wal; {VERSION_1.read_text()}")
        file.execute("ATTACH ? AS newer", (str(path),))
        file.execute("DELETE FROM tally")  # copied like the rest, the last of all: triggers count what they find
        for table in ("journal", "record", "transactions", "item", "outgoing", "sealed", "slip", "tally"):
            columns = ", ".join(row[1] for row in file.execute(f"PRAGMA main.table_info({table})"))
            file.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")  # noqa: S608
        file.execute("PRAGMA main.user_version = 1")
        file.commit()


async def pruning(office: Watched) -> None:
    """Half a year later, nobody is there: old records go in pieces, and somebody comes between two."""
    journal = await begun(office)
    for number in range(OLD_LOSSES):
        await a_loss_with_a_slip(office, journal, number)
    await after_half_a_year(office, journal)
    await journal.close()
    put(office, {path: path.read_bytes() for path in files(office)})
    office.what_was_told_holds()
    journal = await begun(office)
    journal._works.store.database.pragma("wal_autocheckpoint", office.dice.choice((FEW_PAGES, MANY_PAGES)))
    assert await journal.prune(SHORTEST)
    await journal.submit(loss(person(1)))
    assert await journal.prune(SHORTEST)
    await office.deliver(journal)
    await prune_all(journal)
    await journal.close()


async def copying(office: Watched) -> None:
    """A copy is made on another disk, while the terminal goes on."""
    journal = await office.open()
    await journal.submit(loss(person(1)))
    backup.back_up(office.path, office.folder.with_name("copy-1.db"))
    await office.deliver(journal)
    await journal.submit(loss(person(2)))
    backup.back_up(office.path, office.folder.with_name("copy-2.db"))
    await journal.close()


async def putting_back(office: Watched) -> None:
    """A copy is put back where the journal was moved aside."""
    journal = await office.open()
    await journal.submit(loss(person(1)))
    copy = office.folder.with_name("copy.db")
    backup.back_up(office.path, copy)
    await office.deliver(journal)
    await journal.close()
    put(office, {office.head_file: office.head_file.read_bytes()})
    clock = TrustedClock(office.hand, has_rtc=True)
    assert isinstance(backup.restore(copy, office.path, office.identity, clock, office.random), Restored)
    journal = await office.open()
    await journal.submit(loss(person(2)))
    await office.deliver(journal)
    await journal.close()


async def careless(office: Watched, flushes: str) -> None:
    """Not as the journal does it: it tells of more than was flushed."""
    journal = await office.open()
    journal._works.store.database.pragma("synchronous", flushes)
    await journal.submit(loss(person(1)))
    await journal.submit(loss(person(2)))


Workload = Callable[[Watched], Awaitable[None]]

WORKLOADS: dict[str, Workload] = {
    story.__name__: story
    for story in (visits, checkpoints, crash, restored, migration, pruning, copying, putting_back, any_day)
}
CARELESS: dict[str, Workload] = {
    flushes: lambda office, flushes=flushes: careless(office, flushes) for flushes in ("off", "normal")
}
