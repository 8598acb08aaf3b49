"""Everything that can change card, centre or paper, written down before it happens."""

from kiosk.journal.archive import View
from kiosk.journal.drafts import Draft, Event, Note, Plain, Reason, Report, SlipIntent
from kiosk.journal.errors import JournalBroken, JournalFailed, JournalFull, JournalTooNew
from kiosk.journal.identity import Identity
from kiosk.journal.journal import Counts, Journal
from kiosk.journal.ledger import Head
from kiosk.journal.runner import InlineRunner, Runner, ThreadRunner

__all__ = [
    "Counts",
    "Draft",
    "Event",
    "Head",
    "Identity",
    "InlineRunner",
    "Journal",
    "JournalBroken",
    "JournalFailed",
    "JournalFull",
    "JournalTooNew",
    "Note",
    "Plain",
    "Reason",
    "Report",
    "Runner",
    "SlipIntent",
    "ThreadRunner",
    "View",
]
