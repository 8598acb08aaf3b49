"""The journal for auditors: one JSON object a line, everything that `docs/journal.md`'s script needs to check it.

Nothing is in it but what the records hold: sealed data, their salts and what waits for the centre stay here.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk.contract import Sha256, Signed, Uuid
from kiosk.journal import checkpoint
from kiosk.journal.archive import Archive
from kiosk.journal.store import RecordRow
from kiosk.seal import canonical


class LineBase(msgspec.Struct, frozen=True, tag_field="line"):
    pass


class RecordLine(LineBase, frozen=True, tag="record"):
    """A record as it was hashed."""

    journal_id: Uuid
    record_seq: int
    record: str
    """Its canonical bytes, which are UTF-8."""
    commitment: Sha256
    previous: Sha256
    hash: Sha256


class CheckpointLine(LineBase, frozen=True, tag="checkpoint"):
    """The journal was pruned: its records go on after this one.  The last `pruned` record names the same."""

    journal_id: Uuid
    record_seq: int
    hash: Sha256
    signed: Signed
    """With the terminal's key: a `Checkpoint`."""


class EndLine(LineBase, frozen=True, tag="end"):
    """The last line: by it a missing end is noticed."""

    heads: dict[Uuid, tuple[int, Sha256]]
    """Number and hash of each journal's last record."""


def lines(archive: Archive) -> Iterator[bytes]:
    """Each with its line feed."""
    heads: dict[str, tuple[int, str]] = {}
    checkpoints = archive.checkpoints()
    for journal in archive.journals():
        if pruned := checkpoints.get(journal.number):
            gone = (pruned.record_seq, bytes(pruned.hash).hex())
            heads[journal.journal_id] = gone
            yield canonical(CheckpointLine(journal.journal_id, *gone, checkpoint.signed(pruned))) + b"\n"
        for row in archive.rows(journal.number):
            line = _line(journal.journal_id, row)
            heads[line.journal_id] = (line.record_seq, line.hash)
            yield canonical(line) + b"\n"
    yield canonical(EndLine(heads)) + b"\n"


def _line(journal_id: str, row: RecordRow) -> RecordLine:
    return RecordLine(
        journal_id=journal_id,
        record_seq=row.record_seq,
        record=bytes(row.content).decode(errors="replace"),  # bytes that are no text were never hashed
        commitment=bytes(row.commitment).hex(),
        previous=bytes(row.previous).hex(),
        hash=bytes(row.hash).hex(),
    )
