"""Everything that can change card, centre or paper, written down before it happens."""

from kiosk.journal.archive import View
from kiosk.journal.conclusions import (
    CentreSays,
    ChipEvidence,
    Conclusion,
    CounterRestored,
    DidNotHappen,
    GivenUp,
    Happened,
    LaterReset,
    PinVerifies,
    Unknown,
)
from kiosk.journal.doubts import TooEarly
from kiosk.journal.drafts import Draft, Event, Note, Plain, Reason, Report, SlipIntent
from kiosk.journal.errors import JournalBroken, JournalFailed, JournalFull, JournalTooNew
from kiosk.journal.identity import Identity
from kiosk.journal.journal import Counts, Journal
from kiosk.journal.ledger import Head
from kiosk.journal.runner import InlineRunner, Runner, ThreadRunner

__all__ = [
    "CentreSays",
    "ChipEvidence",
    "Conclusion",
    "CounterRestored",
    "Counts",
    "DidNotHappen",
    "Draft",
    "Event",
    "GivenUp",
    "Happened",
    "Head",
    "Identity",
    "InlineRunner",
    "Journal",
    "JournalBroken",
    "JournalFailed",
    "JournalFull",
    "JournalTooNew",
    "LaterReset",
    "Note",
    "PinVerifies",
    "Plain",
    "Reason",
    "Report",
    "Runner",
    "SlipIntent",
    "ThreadRunner",
    "TooEarly",
    "Unknown",
    "View",
]
