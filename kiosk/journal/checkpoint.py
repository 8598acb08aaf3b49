"""Where the records of a pruned journal go on: the last one that is gone, signed with the terminal's key."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import Domain, Sha256, Signed, Uuid
from kiosk.journal.store import CheckpointRow
from kiosk.seal import Rejected, SigningKey, VerifyKey, canonical


class Checkpoint(msgspec.Struct, frozen=True):
    terminal: str
    journal_id: Uuid
    record_seq: int
    """The last one that is gone; so are all before it."""
    head: Sha256
    """Its hash."""
    records: int
    transactions: int
    """How many of this journal are gone in all."""
    time: dt.datetime


def sign(key: SigningKey, checkpoint: Checkpoint) -> bytes:
    return msgspec.json.encode(key.sign(Domain.CHECKPOINT, canonical(checkpoint)))


def signed(row: CheckpointRow) -> Signed:
    """Raises msgspec.MsgspecError."""
    return msgspec.json.decode(row.signed, type=Signed)


def read(row: CheckpointRow, journal_id: str, key: VerifyKey) -> Checkpoint | Rejected:
    """The terminal's word, if the row says the same."""
    try:
        told = key.read(Domain.CHECKPOINT, signed(row), Checkpoint)
    except msgspec.MsgspecError:
        return Rejected("not signed")
    if isinstance(told, Rejected):
        return told
    said = (told.journal_id, told.record_seq, told.head, told.records)
    if said != (journal_id, row.record_seq, bytes(row.hash).hex(), row.record_seq + 1):
        return Rejected("a checkpoint of something else")
    return told
