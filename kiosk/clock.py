"""Wall time, and how far it can be believed.

A terminal without a battery clock starts in the past.  Its time is worth something only once the centre has
signed one, or once it is known not to lie before the journal's last record.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol

from kiosk.contract import Confidence, ItemTime


class Clock(Protocol):
    """Passed in wherever time is needed; tests pass one of their own."""

    def now(self) -> dt.datetime:
        """Wall time with its offset."""

    def monotonic(self) -> float:
        """Seconds, from any origin; never jumps."""


class SystemClock:
    """The machine's clocks, in the machine's time zone."""

    def now(self) -> dt.datetime:
        return dt.datetime.now().astimezone()

    def monotonic(self) -> float:
        return time.monotonic()


class TrustedClock:
    """A clock that knows what supports it: a signed centre time, a battery clock, or only the journal's floor."""

    DRIFT_LIMIT_S = 120
    """Wall time further than this from the signed centre time is not believed."""

    def __init__(self, clock: Clock, *, has_rtc: bool = False) -> None:
        self._clock = clock
        self._has_rtc = has_rtc
        self._floor: dt.datetime | None = None
        self._centre_time: dt.datetime | None = None
        self._heard_at = 0.0

    def now(self) -> dt.datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def set_floor(self, last_record: dt.datetime) -> None:
        """Time cannot be before the journal's last record."""
        self._floor = last_record

    def hear(self, centre_time: dt.datetime) -> None:
        """A time signed by the centre has just arrived."""
        self._centre_time = centre_time
        self._heard_at = self._clock.monotonic()

    @property
    def confidence(self) -> Confidence:
        now = self._clock.now()
        if self._centre_time is not None:
            expected = self._centre_time.timestamp() + self._clock.monotonic() - self._heard_at
            if abs(now.timestamp() - expected) <= self.DRIFT_LIMIT_S:
                return Confidence.CENTRE
            return Confidence.UNKNOWN
        if self._floor is not None and now < self._floor:
            return Confidence.UNKNOWN
        if self._has_rtc:
            return Confidence.RTC
        return Confidence.UNKNOWN if self._floor is None else Confidence.FLOOR

    @property
    def trusted(self) -> bool:
        """Good enough to register a loss while the line is down."""
        return self.confidence in {Confidence.CENTRE, Confidence.RTC}

    def item_time(self) -> ItemTime:
        """The time of an item drafted now."""
        age_ms = None
        if self._centre_time is not None:
            age_ms = int((self._clock.monotonic() - self._heard_at) * 1000)
        return ItemTime(self._clock.now(), self.confidence, self._centre_time, age_ms)
