"""What the terminal does for itself while nobody is there: old records go."""

from __future__ import annotations

import datetime as dt

import msgspec
import structlog

from kiosk.journal import Journal, JournalFailed
from kiosk.policy import Limits

log = structlog.get_logger()


async def tidy(journal: Journal, limits: Limits) -> None:
    """One piece after another, until nothing more is over; whoever comes meanwhile waits for one at most.

    Between two any moment may end it: what was not pruned is pruned the next time.
    """
    keep, gone = dt.timedelta(days=limits.keep_days), 0
    try:
        while pruned := await journal.prune(keep):
            gone += pruned
    except (JournalFailed, msgspec.MsgspecError) as error:  # the next visit meets it, and says so
        log.error("journal_not_pruned", why=str(error))
    if gone:
        log.info("journal_pruned", records=gone)
