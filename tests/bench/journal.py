"""Figures of the journal: a step on the disk, what a visit writes, and whether a long history makes either dearer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench import disk
from tests.bench.child import told
from tests.bench.figure import AtLeast, AtMost, Figure

ROUNDS = 240
SD_CARD_ROUNDS = 60
"""Of 5 steps for each of the three."""
BACKLOG, LONG_BACKLOG = 1_000, 10_000
"""Items without an answer; the long one takes some minutes."""
SHORT_HISTORY, HISTORY, LONG_HISTORY = 1_000, 100_000, 1_000_000
"""Records; the longest takes some minutes to write."""


def step(out: Path) -> Iterator[Figure]:
    """Steps a second, at this disk's speed and at an SD card's; huey beside them, at both."""
    with disk.folder(out) as work:
        yield from _step("durable step", work / "here", ROUNDS, {}, AtLeast(0.4))
        yield from _step(
            "durable step, flushes of 10 ms", work / "sd", SD_CARD_ROUNDS, disk.sd_card(work), AtLeast(0.9)
        )


def _step(name: str, folder: Path, rounds: int, environment: Mapping[str, str], goal: AtLeast) -> Iterator[Figure]:
    folder.mkdir()
    took = told("tests.bench.steps", str(folder), str(rounds), environment=environment)
    for whose, peer, limit in (
        ("", "bare", goal),
        ("; huey beside bare", "bare", None),
        ("; beside huey", "huey", None),
    ):
        value = took["huey" if whose.startswith("; huey") else "ours"]
        yield Figure(name=f"{name}{whose}", value=1 / value, unit="/s", peer=1 / took[peer], goal=limit)


def drain(out: Path) -> Iterator[Figure]:
    yield from _drain(out, BACKLOG)


def drain_long(out: Path) -> Iterator[Figure]:
    yield from _drain(out, LONG_BACKLOG)


def _drain(out: Path, items: int) -> Iterator[Figure]:
    """Acknowledged, and durable at both ends."""
    with disk.folder(out) as work:
        took = told("tests.bench.backlog", str(work), str(items))
    ours, bare = items / took["ours"], items / took["bare"]
    yield Figure(name=f"drain of {items:,} items", value=ours, unit="/s", peer=bare, goal=AtLeast(0.5))


def history(out: Path) -> Iterator[Figure]:
    yield from _history(out, HISTORY)


def history_long(out: Path) -> Iterator[Figure]:
    yield from _history(out, LONG_HISTORY)


def _history(out: Path, records: int) -> Iterator[Figure]:
    """Beside a journal of SHORT_HISTORY records."""
    lengths = [str(SHORT_HISTORY), str(records)]
    with disk.folder(out) as work:
        took = told("tests.bench.history", str(work), *lengths)
        short_kb, long_kb = (told("tests.bench.history", "memory", str(work), length) for length in lengths)
    for what in ("step", "delivery"):
        short, long = (took[what][length] * 1000 for length in lengths)
        name = f"a {what} after {records:,} records, processor time"
        yield Figure(name=name, value=long, unit="ms", peer=short, goal=AtMost(1.2))
    name = f"memory after {records:,} records"
    yield Figure(name=name, value=long_kb / 1024, unit="MB", peer=short_kb / 1024, goal=AtMost(1.2))


def visit(out: Path) -> Iterator[Figure]:
    """Until everything of it is delivered and answered, card taken and paper out."""
    with disk.folder(out) as work:
        hall = work / "hall"
        wrote = told("tests.bench.visit_writes", str(hall), environment=disk.counting(work, hall / "terminal"))
    for service, counted in wrote.items():
        for what in ("records", "commits", "flushes"):
            yield Figure(name=f"a visit's {what}, {service}", value=counted[what], unit=what)
        yield Figure(name=f"a visit's bytes written, {service}", value=counted["bytes"] / 1024, unit="KB")
