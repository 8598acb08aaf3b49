"""The head that was last on the disk, remembered apart from the journal.

A journal file that does not contain it was restored or replaced: its numbers may have been given out
before, so it must go on under a new journal id.  The witness is flushed at each start, its name included, so that
after a power cut it names the right journal; then it is written after each commit and not flushed: it may lag behind
the journal, never run ahead of it.  In doubt, a new journal id is always right.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

from kiosk.journal.ledger import Head
from kiosk.journal.records import OldHead

log = structlog.get_logger()

_LENGTH = 256
"""Fixed, within one sector: an overwrite leaves the old text or the new one."""


def read(path: Path) -> OldHead | None:
    """What was last seen; None if there is nothing legible."""
    try:
        return msgspec.json.decode(path.read_bytes().strip(), type=OldHead)
    except (OSError, msgspec.MsgspecError):
        return None


def place(path: Path, head: Head) -> None:
    """At a start: it is on the disk afterwards."""
    with _told(), _opened(path, os.O_WRONLY | os.O_CREAT) as file, _opened(path.parent, os.O_DIRECTORY) as folder:
        _put(file, head)
        os.fsync(file)
        os.fsync(folder)


def write(path: Path, head: Head) -> None:
    """After a commit: on the disk at some time later."""
    with _told(), _opened(path, os.O_WRONLY | os.O_CREAT) as file:
        _put(file, head)


def _put(file: int, head: Head) -> None:
    seen = OldHead(head.journal_id, head.record_seq, head.hash.hex())
    os.pwrite(file, msgspec.json.encode(seen).ljust(_LENGTH), 0)


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags, 0o600)
    try:
        yield file
    finally:
        os.close(file)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # the record itself is safe; at worst the next start opens a new journal id
        log.error("head_file_not_written", why=error.strerror)
