"""Cuts the power: plays a workload, and opens the journal on every disk that a cut could have left.

Cuts are made before each flush, before each word that something is durable, and at the end.  Between two of these what
may be on the disk only grows, and nothing more is promised: every other cut leaves a disk that one of these could
have left, too.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import trio

from kiosk.clock import TrustedClock
from kiosk.journal import Identity, InlineRunner, Journal, reading
from kiosk.journal.opening import Works
from kiosk.seal import OpenKey, SealKey, SigningKey, VerifyKey
from tests.journal.office import TERMINAL, HandClock, loss, person
from tests.power import trace
from tests.power.disk import Disk, Files, Luck
from tests.power.shims import shim
from tests.power.trace import Began, Entry, Flushed, FolderFlushed, Told
from tests.power.workloads import rows

ROOT = Path(__file__).parents[2]
ALL = 500
INDEX_SIZE = 32 * 1024
NEXT_DAY_S = dt.timedelta(days=1).total_seconds()


class Cut(NamedTuple):
    at: int
    """Entries before it."""
    disk: Disk
    told: Told | None
    """The last word before it."""
    rows: frozenset[str]
    """What had to be there whether the next call had begun or not."""


class Tried(NamedTuple):
    cuts: int
    disks: int


def play(name: str, seed: int) -> list[Entry]:
    """Run a workload in a process of its own, and read what it did to its disk."""
    with tempfile.TemporaryDirectory() as folder:
        root, written = Path(folder).resolve() / "disk", Path(folder) / "trace"
        root.mkdir()
        written.touch()
        environment = {
            "LD_PRELOAD": str(shim("trace", Path(folder))),
            "POWER_ROOT": str(root),
            "POWER_TRACE": str(written),
        }
        command = (sys.executable, "-m", "tests.power", name, str(seed), str(root), str(written))
        subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)
        entries = trace.read(written)
        _see_that_nothing_was_missed(entries, root)
        return entries


def _see_that_nothing_was_missed(entries: list[Entry], root: Path) -> None:
    """With every entry the model's files are the real ones."""
    disk = Disk()
    for entry in entries:
        disk.take(entry)
    real = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    model = disk.after(disk.whole())
    assert model == {name: data for name, data in real.items() if not name.endswith("-shm")}


def cuts(entries: list[Entry]) -> Iterator[Cut]:
    """Its disk is good until the next one is asked for."""
    disk, words = Disk(), [entry for entry in entries if isinstance(entry, Told)]
    said = 0
    for at, entry in enumerate(entries):
        if isinstance(entry, Flushed | FolderFlushed | Told):
            yield Cut(at, disk, *_promised(words, said))
        said += isinstance(entry, Told)
        disk.take(entry)
    yield Cut(len(entries), disk, *_promised(words, said))


def _promised(words: list[Told], said: int) -> tuple[Told | None, frozenset[str]]:
    if not said:
        return None, frozenset()
    last, following = words[said - 1], words[said : said + 1]
    return last, last.rows.intersection(*(word.rows for word in following if not word.started))


def cut_the_power(name: str, seed: int, most: int) -> Tried:
    """Play a workload, and at each cut try at most so many disks beside the plainest, of each kind.

    AssertionError names workload, seed, cut and disk.
    """
    entries, tried = play(name, seed), 0
    dice = random.Random(f"{seed} {name}")
    (key,) = [VerifyKey(entry.verdict_key) for entry in entries if isinstance(entry, Began)]
    known: set[tuple[object, ...]] = set()
    for cut in cuts(entries):
        tried += 1
        for luck in _some(cut.disk, dice, most):
            files = cut.disk.after(luck)
            disk = (cut.told, cut.rows, *sorted(files.items()))
            if disk not in known:
                known.add(disk)
                files |= _index_of_the_log(files, dice)
                _check(files, cut, key, f"workload {name}, seed {seed}, cut {cut.at}, {luck}")
    return Tried(tried, len(known))


def _index_of_the_log(files: Files, dice: random.Random) -> Files:
    """SQLite's -shm is made anew at every start: whatever of it the power left is not looked at."""
    return {f"{name}-shm": dice.randbytes(INDEX_SIZE) for name in files if name.endswith(".db")}


def _some(disk: Disk, dice: random.Random, most: int) -> Iterator[Luck]:
    """Nothing and everything always; of the other extremes, and of chance, some."""
    extremes = list(disk.extremes())
    plain = [luck for luck in extremes if len(set(luck.sectors)) <= 1]
    others = [luck for luck in extremes if len(set(luck.sectors)) > 1]
    yield from plain
    yield from dice.sample(others, min(len(others), most))
    yield from itertools.islice(disk.chances(dice), most)


def _check(files: Files, cut: Cut, key: VerifyKey, where: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="power-", dir=_memory()))
    try:
        for name, data in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        trio.run(_start, folder, cut, key)
    except Exception as error:
        raise AssertionError(f"{where}: {error}") from error
    finally:
        shutil.rmtree(folder)


def _memory() -> str | None:
    """Flushing is not what is tried here: where there is a disk in memory, this takes a fraction of the time."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


async def _start(folder: Path, cut: Cut, key: VerifyKey) -> None:
    """The terminal starts: its journal has all that was promised, goes on with the next citizen, and is whole."""
    path, head_file, hand = folder / "terminal" / "journal.db", folder / "head.json", HandClock()
    path.parent.mkdir(exist_ok=True)
    hand.seconds = NEXT_DAY_S
    who = Identity(TERMINAL, _SIGNING, _SEAL, key, b"k" * 32, head_file)
    journal = await Journal.open(path, who, TrustedClock(hand, has_rtc=True), InlineRunner(), os.urandom)
    try:
        if cut.told is not None:
            _compare(journal._works, cut.told, cut.rows)
        view = await journal.submit(loss(person(9)))
        sent = await journal.take(ALL)
        assert view.id in {item.id for item in sent}
    finally:
        await journal.close()
    found = reading.verify(path, head_file=head_file, verdicts=key).findings
    assert not found, found


def _compare(works: Works, told: Told, promised: frozenset[str]) -> None:
    number = [journal.number for journal in works.archive.journals()][-1]
    assert works.ledger.journal.journal_id == told.journal_id, "it goes on under a new journal id"
    assert works.archive.last(number).record_seq > told.record_seq, "records are gone"
    assert works.archive.digest(number, told.record_seq).hex() == told.hash, "other records"
    assert promised <= rows(works.store), f"not acknowledged, and gone: {promised - rows(works.store)}"


_SIGNING = SigningKey.generate()
_SEAL = SealKey(OpenKey.generate().public)
