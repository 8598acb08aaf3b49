"""Figures of the reference centre, on SQLite; another store is another kind of `centres`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench import disk
from tests.bench.child import told
from tests.bench.figure import Figure

BATCHES = (1, 50, 500)


def intake(out: Path) -> Iterator[Figure]:
    """Items a second."""
    with disk.folder(out) as work:
        took = told("tests.bench.intake", str(work), *map(str, BATCHES))
    for size in BATCHES:
        ours, bare = (size / took[str(size)][whose] for whose in ("ours", "bare"))
        yield Figure(name=f"the centre's intake, {size} a batch, SQLite", value=ours, unit="/s", peer=bare)
