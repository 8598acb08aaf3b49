"""How a journal is opened: the file checked, the right journal id found, the start written down."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import msgspec

import kiosk
from kiosk.clock import TrustedClock
from kiosk.journal import checking, names, recovery, witness
from kiosk.journal.answers import Answers
from kiosk.journal.archive import Archive
from kiosk.journal.chip import Chip
from kiosk.journal.doubts import Doubts
from kiosk.journal.drafting import Drafter
from kiosk.journal.errors import JournalBroken
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import Booted, OldHead, Opened, Record
from kiosk.journal.store import JournalRow, Store


@dataclasses.dataclass(frozen=True)
class Works:
    """The parts of an open journal; all belong to the runner's thread."""

    store: Store
    ledger: Ledger
    outbox: Outbox
    drafter: Drafter
    answers: Answers
    chip: Chip
    doubts: Doubts
    random: names.RandomBytes = dataclasses.field(repr=False)

    @property
    def archive(self) -> Archive:
        return self.ledger.archive


Begin = Callable[[Archive, Identity, TrustedClock, names.RandomBytes], Ledger]
"""Which journal id the file goes on under."""


def open_works(path: Path, identity: Identity, clock: TrustedClock, random: names.RandomBytes) -> Works:
    """Raises JournalFailed; the file is closed again then."""
    return _opened(path, identity, clock, random, _go_on)


def open_restored(path: Path, identity: Identity, clock: TrustedClock, random: names.RandomBytes) -> Works:
    """A copy that is put back: it goes on under a new journal id, whatever the head beside the keys says.

    That one lags behind the journal after a power cut, and may stand in the copy while later records are lost.
    Raises JournalFailed.
    """
    return _opened(path, identity, clock, random, _begin)


def _opened(path: Path, identity: Identity, clock: TrustedClock, random: names.RandomBytes, begin: Begin) -> Works:
    store = Store.open(path)
    try:
        return _start(store, identity, clock, random, begin)
    except BaseException:
        store.close()
        raise


def _start(store: Store, identity: Identity, clock: TrustedClock, random: names.RandomBytes, begin: Begin) -> Works:
    archive = Archive(store)
    _check_tail(archive)
    _set_floor(archive, clock)
    before = len(archive.journals())
    came_before = before > 0 or witness.read(identity.head_file) is not None
    with store.commit():
        ledger = begin(archive, identity, clock, random)
        ledger.append(Booted(kiosk.__version__))
        works = _works(ledger, identity, random)
        is_new = ledger.journal.number == before
        recovery.recover(ledger, works.outbox, works.chip, restored=is_new and came_before)
    witness.place(identity.head_file, ledger.head())
    return works


def _works(ledger: Ledger, identity: Identity, random: names.RandomBytes) -> Works:
    outbox = Outbox(ledger, identity)
    drafter, doubts = Drafter(ledger, outbox, identity, random), Doubts(ledger, outbox)
    chip = Chip(ledger, outbox, drafter, doubts)
    answers = Answers(ledger, outbox, drafter, chip, doubts, identity)
    return Works(ledger.store, ledger, outbox, drafter, answers, chip, doubts, random)


def _check_tail(archive: Archive) -> None:
    found = checking.tail_breaks(archive)
    if found:
        raise JournalBroken(f"日志的哈希链断裂 (the journal's chain is broken): {found[0]}")


def _set_floor(archive: Archive, clock: TrustedClock) -> None:
    for journal in archive.journals()[-1:]:
        last = archive.last(journal.number)
        if last is not None:
            clock.set_floor(msgspec.json.decode(last.content, type=Record).wall)


def _go_on(archive: Archive, identity: Identity, clock: TrustedClock, random: names.RandomBytes) -> Ledger:
    """Where the journal ended; under a new journal id if it may not be where it ended."""
    journals, seen = archive.journals(), witness.read(identity.head_file)
    if journals and seen is not None and _contains(archive, journals[-1], seen):
        return Ledger(archive.store, clock, journals[-1], names.uuid4(random))
    return _begin(archive, identity, clock, random)


def _begin(archive: Archive, identity: Identity, clock: TrustedClock, random: names.RandomBytes) -> Ledger:
    """A new journal id.  Its first record names the last head that is known."""
    journals, boot = archive.journals(), names.uuid4(random)
    old = witness.read(identity.head_file) or _last_head(archive, journals)
    journal = JournalRow(number=len(journals), journal_id=names.uuid4(random))
    archive.store.run(JournalRow.insert(number=journal.number, journal_id=journal.journal_id))
    ledger = Ledger(archive.store, clock, journal, boot)
    ledger.append(Opened(identity.terminal, old))
    return ledger


def _contains(archive: Archive, journal: JournalRow, seen: OldHead) -> bool:
    if journal.journal_id != seen.journal_id:
        return False
    try:
        return archive.digest(journal.number, seen.record_seq).hex() == seen.head
    except KeyError:
        return False


def _last_head(archive: Archive, journals: list[JournalRow]) -> OldHead | None:
    last = archive.last(journals[-1].number) if journals else None
    if last is None:
        return None
    return OldHead(journals[-1].journal_id, last.record_seq, bytes(last.hash).hex())
