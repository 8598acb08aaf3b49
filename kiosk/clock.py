"""Wall time, and how far it can be believed.

A terminal without a battery clock starts in the past, and nobody sets it right.  So once the centre has signed a
time, that and the monotonic clock are the time, whatever the machine's wall clock says; before that the wall clock
is all there is, known at best not to lie before the journal's last record.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol

import msgspec

from kiosk.contract import Confidence, ItemTime

ON_ITS_WAY = dt.timedelta(seconds=30)
"""A beat takes no longer: the line's own time-out is shorter."""
DRIFT = 1e-4
"""How far a board's crystal may be off.  Only so much is time ever put back: late beats, one after another, must not
slow it down."""


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


class Heard(msgspec.Struct, frozen=True):
    """The last signed centre time, in one piece: the journal's thread reads it while the link's thread sets it."""

    time: dt.datetime
    at: float
    """Monotonic seconds."""

    def age(self, monotonic: float) -> dt.timedelta:
        return dt.timedelta(seconds=monotonic - self.at)


class TrustedClock:
    """A clock that knows what supports it: a signed centre time, a battery clock, or only the journal's floor."""

    def __init__(self, clock: Clock, *, has_rtc: bool = False) -> None:
        self._clock = clock
        self._has_rtc = has_rtc
        self._floor: dt.datetime | None = None
        self._heard: Heard | None = None

    def now(self) -> dt.datetime:
        """In the wall clock's time zone."""
        heard = self._heard
        if heard is None:
            return self._clock.now()
        return self.local(heard.time + heard.age(self._clock.monotonic()))

    def local(self, moment: dt.datetime) -> dt.datetime:
        """As the clock on the wall shows it."""
        return moment.astimezone(self._clock.now().tzinfo)

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def set_floor(self, last_record: dt.datetime) -> None:
        """Time cannot be before the journal's last record."""
        self._floor = last_record

    def hear(self, centre_time: dt.datetime) -> bool:
        """A time signed by the centre has just arrived.  False: so old that it must be a replay; it changes nothing.

        One that was only longer on its way than the last changes nothing either: that one is still the better.
        """
        monotonic = self._clock.monotonic()
        if self._heard is not None:
            age = self._heard.age(monotonic)
            behind = self._heard.time + age - centre_time
            if behind > DRIFT * age:
                return behind <= ON_ITS_WAY
        self._heard = Heard(centre_time, monotonic)
        return True

    @property
    def confidence(self) -> Confidence:
        if self._heard is not None:
            return Confidence.CENTRE
        if self._floor is not None and self._clock.now() < self._floor:
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
        heard = self._heard
        if heard is None:
            return ItemTime(self.now(), self.confidence, None, None)
        age_ms = heard.age(self._clock.monotonic()) // dt.timedelta(milliseconds=1)
        return ItemTime(self.now(), Confidence.CENTRE, heard.time, age_ms)
