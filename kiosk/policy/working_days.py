"""Working days as the State Council publishes them, year by year: holidays, and the weekends worked for them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec

from kiosk.contract import Text
from kiosk.faults import Path

SATURDAY = 5


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the first day off to the last."""

    first: dt.date
    last: dt.date

    def disagreements(self) -> Iterator[tuple[Path, Text]]:
        if self.last < self.first:
            yield (
                ("last",),
                Text(f"到 {self.last} 为止，早于 {self.first}", f"ends on {self.last}, before {self.first}"),
            )

    def days(self) -> Iterator[dt.date]:
        return (self.first + dt.timedelta(days=day) for day in range((self.last - self.first).days + 1))


class Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One notice of the State Council's General Office (国务院办公厅关于部分节假日安排的通知)."""

    notice: str
    """Its number, so that a clerk can find it."""
    holidays: dict[str, Holiday]
    """By their names."""
    make_up_days: list[dt.date]
    """Saturdays and Sundays that are worked."""

    def disagreements(self) -> Iterator[tuple[Path, Text]]:
        off = {day for holiday in self.holidays.values() for day in holiday.days()}
        for number, day in enumerate(self.make_up_days):
            place = ("make_up_days", number)
            if day.weekday() < SATURDAY:
                yield place, Text(f"{day} 不是周末，不用补班", f"{day} is no weekend, it is worked anyhow")
            if day in off:
                yield place, Text(f"{day} 又放假又补班", f"{day} is both a holiday and a make-up day")


YearNumber = Annotated[
    str, msgspec.Meta(pattern=r"^20[0-9]{2}\Z", description="a year, e.g. 2026", extra={"zh": "年份，例如 2026"})
]
Calendar = Mapping[str, Year]


def is_working_day(day: dt.date, calendar: Calendar) -> bool | None:
    """None: the calendar of its year is not published."""
    if str(day.year) not in calendar:
        return None
    if any(day in year.make_up_days for year in calendar.values()):
        return True
    off = any(holiday.first <= day <= holiday.last for year in calendar.values() for holiday in year.holidays.values())
    return not off and day.weekday() < SATURDAY


def after(start: dt.date, working_days: int, calendar: Calendar) -> dt.date | None:
    """The last of so many working days, the first of which is the one after `start`; None where no calendar reaches."""
    left = working_days
    for ahead in itertools.count(1):
        day = start + dt.timedelta(days=ahead)
        match is_working_day(day, calendar):
            case None:
                return None
            case True:
                left -= 1
        if left <= 0:
            return day
    raise AssertionError("days do not end")
