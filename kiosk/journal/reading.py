"""For the `kiosk journal` commands: plain data, read beside a running terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from kiosk.journal import checking, export, witness
from kiosk.journal.archive import Archive, View
from kiosk.journal.checking import Finding, HeadMissing
from kiosk.journal.errors import told_plainly
from kiosk.journal.store import Store
from kiosk.journal.transaction import Stage
from kiosk.seal import VerifyKey


class Verified(msgspec.Struct, frozen=True):
    records: int
    findings: tuple[Finding, ...]
    """Empty: nothing was changed, removed, inserted or reordered."""


def verify(
    path: Path,
    *,
    head_file: Path | None = None,
    verdicts: VerifyKey | None = None,
    terminal: VerifyKey | None = None,
) -> Verified:
    """Check every record; with the head file and the centre's key also that the end is not missing.

    With the terminal's own key also that nobody else pruned the beginning.
    """
    with _archive(path) as archive:
        seen = None if head_file is None else witness.read(head_file)
        found = tuple(checking.findings(archive, verdicts, seen, terminal))
        if head_file is not None and seen is None and archive.journals():
            found += (HeadMissing(),)
        lasts = [archive.last(journal.number) for journal in archive.journals()]
        there = sum(last.record_seq + 1 - archive.start(last.journal)[0] for last in lasts if last)
        return Verified(there, found)


def newest(path: Path, limit: int) -> list[View]:
    """The newest transactions first."""
    with _archive(path) as archive:
        return list(archive.newest(limit))


def doubts(path: Path) -> list[View]:
    """What is in doubt, the oldest first."""
    with _archive(path) as archive:
        return archive.in_stage(Stage.IN_DOUBT)


def export_to(path: Path, out: BinaryIO) -> None:
    """Every record, for auditors: JSON Lines."""
    with _archive(path) as archive:
        out.writelines(export.lines(archive))


@contextlib.contextmanager
def _archive(path: Path) -> Iterator[Archive]:
    """One consistent look: what the terminal writes meanwhile is not seen."""
    with told_plainly():
        store = Store.read_only(path)
        try:
            with store.database.atomic():
                yield Archive(store)
        finally:
            store.close()
