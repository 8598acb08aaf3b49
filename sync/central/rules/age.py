"""How old an item is, and how far its time can be believed."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import LIVE_LIMIT_S, Confidence, ItemTime

LIVE_LIMIT = dt.timedelta(seconds=LIVE_LIMIT_S)
CLOCK_SLACK = dt.timedelta(minutes=2)
"""A report that claims to be further ahead than this has a wrong clock."""


def drafted_at(time: ItemTime) -> dt.datetime:
    """By the centre's own time where the terminal had one."""
    if time.centre_time is None or time.age_ms is None:
        return time.wall
    return time.centre_time + dt.timedelta(milliseconds=time.age_ms)


def fresh(time: ItemTime, now: dt.datetime) -> bool:
    """Drafted within the live limit, by the centre's own time and the terminal's monotonic clock alone."""
    known = time.centre_time is not None and time.age_ms is not None
    return known and -CLOCK_SLACK <= now - drafted_at(time) <= LIVE_LIMIT


def believed(time: ItemTime, now: dt.datetime) -> bool:
    return time.confidence in {Confidence.CENTRE, Confidence.RTC} and drafted_at(time) <= now + CLOCK_SLACK
