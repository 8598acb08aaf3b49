"""Is anything missing?  The set of a journal's sequence numbers, and the head of its chain.

Order is never a reason to refuse: retries, quarantine and several connections mix it.  What never arrives at all
shows as a gap, and a journal that changed its past shows as two heads for one record.
"""

from __future__ import annotations

import datetime as dt

from kiosk.contract import Stamp
from sync.central import tables

FIRST_SEQ = 0


def own_journal(item: Stamp) -> bool:
    """A journal belongs to the terminal that used it first."""
    journal = tables.Journal.get_or_none(id=item.journal_id)
    return journal is None or journal.terminal_id == item.terminal


def taken(item: Stamp) -> bool:
    """Another item came with this number: a journal was copied, or its file was restored."""
    return tables.Item.get_or_none(journal=item.journal_id, seq=item.seq) is not None


def enter(item: Stamp, accounts_for: int | None, now: dt.datetime) -> None:
    """The item is here; so is a number that it burns or fills."""
    journal = _journal(item.terminal, item.journal_id)
    _arrive(journal, item.seq)
    if accounts_for is not None:
        _arrive(journal, accounts_for)
    _witness(journal, item.record_seq, item.head, now)
    journal.save()


def gaps(journal_id: str) -> list[range]:
    """The numbers that are missing below the highest one that arrived."""
    journal = tables.Journal.get_by_id(journal_id)
    row = tables.ArrivedSeq
    beyond = row.select().where(row.journal == journal, row.seq > journal.complete_to).order_by(row.seq)
    missing, expected = [], journal.complete_to + 1
    for arrival in beyond:
        if arrival.seq > expected:
            missing.append(range(expected, arrival.seq))
        expected = arrival.seq + 1
    return missing


def see_head(terminal: str, journal_id: str, record_seq: int, head: str, now: dt.datetime) -> None:
    """A heartbeat's word on its journal."""
    journal = _journal(terminal, journal_id)
    _witness(journal, record_seq, head, now)
    journal.save()


def _arrive(journal: tables.Journal, seq: int) -> None:
    """Only what comes before its turn is kept as a row; the rest is one number."""
    if seq > journal.complete_to + 1:
        tables.ArrivedSeq.find_or_create(journal=journal, seq=seq)
    elif seq == journal.complete_to + 1:
        journal.complete_to = seq
        while tables.ArrivedSeq.get_or_none(journal=journal, seq=journal.complete_to + 1):
            journal.complete_to += 1


def _witness(journal: tables.Journal, record_seq: int, head: str, now: dt.datetime) -> None:
    """Remember the furthest head; two heads for one record are an alarm."""
    if record_seq == journal.record_seq and head != journal.head:
        tables.Alarm.create(terminal=journal.terminal_id, what="chain_differs", at=tables.instant(now))
    if record_seq > journal.record_seq:
        journal.record_seq, journal.head = record_seq, head


def _journal(terminal: str, journal_id: str) -> tables.Journal:
    return tables.Journal.find_or_create({"terminal": terminal, "complete_to": FIRST_SEQ - 1}, id=journal_id)
