"""Copies of the journal: made while the terminal writes, and put back as a journal of their own.

What is sealed stays sealed in a copy; it is there as long as the copy is, also when the centre has acknowledged it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kiosk.clock import TrustedClock
from kiosk.journal import names, opening, reading
from kiosk.journal.checking import Finding
from kiosk.journal.errors import told_plainly
from kiosk.journal.identity import Identity
from kiosk.journal.store import Store
from kiosk.seal import VerifyKey


class Restored(msgspec.Struct, frozen=True):
    journal_id: str
    """The new one."""


class NotWhole(msgspec.Struct, frozen=True):
    """Nothing was put back."""

    findings: tuple[Finding, ...]


def back_up(path: Path, copy: Path) -> None:
    """One consistent look, beside a running terminal, which goes on writing.  Only its owner may read the copy.

    Raises FileExistsError and other OSErrors, JournalFailed.
    """
    _must_be_free(copy)
    with _in_the_making(copy) as part, told_plainly():
        _copy(path, part)


def restore(
    copy: Path, path: Path, identity: Identity, clock: TrustedClock, random: names.RandomBytes = os.urandom
) -> Restored | NotWhole:
    """Put a copy where no journal stands; it goes on under a new journal id.  The terminal must not run.

    Raises FileExistsError when a journal stands there, or a log of one; other OSErrors; JournalFailed.
    """
    for place in (path, _beside(path, "-wal"), _beside(path, "-shm")):
        _must_be_free(place)
    with _in_the_making(path) as part, told_plainly():
        _copy(copy, part)
        Store.open(part).close()  # brought up to this program's format
        own = VerifyKey(identity.signing.public)
        found = reading.verify(part, verdicts=identity.verdicts, terminal=own).findings
        if found:
            part.unlink()
            return NotWhole(found)
        works = opening.open_restored(part, identity, clock, random)
        works.store.close()
    return Restored(works.ledger.journal.journal_id)


def _copy(path: Path, part: Path) -> None:
    store = Store.read_only(path)
    try:
        store.copy_to(part)
    finally:
        store.close()


def _must_be_free(place: Path) -> None:
    if place.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(place))


@contextmanager
def _in_the_making(path: Path) -> Iterator[Path]:
    """A file beside it, that takes its name when it is on the disk; where nothing was made nothing is named."""
    part = _beside(path, ".part")
    leftovers = [part, *(_beside(part, end) for end in ("-wal", "-shm", "-journal"))]
    for left in leftovers:
        left.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield part
        if part.exists():
            _flush(part)
            _must_be_free(path)
            part.rename(path)
    finally:
        for left in leftovers:
            left.unlink(missing_ok=True)
    _flush(path.parent)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
