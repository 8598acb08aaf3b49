"""The head that was last on the disk, remembered apart from the journal.

A journal file that does not contain it was restored or replaced: its numbers may have been given out
before, so it must go on under a new journal id.  The witness is written after each commit and not flushed:
it may lag behind the journal, never run ahead of it.  In doubt, a new journal id is always right.
"""

from __future__ import annotations

import os
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


def write(path: Path, head: Head) -> None:
    seen = OldHead(head.journal_id, head.record_seq, head.hash.hex())
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, msgspec.json.encode(seen).ljust(_LENGTH), 0)
        finally:
            os.close(file)
    except OSError as error:  # the record itself is safe; at worst the next start opens a new journal id
        log.error("head_file_not_written", why=error.strerror)
