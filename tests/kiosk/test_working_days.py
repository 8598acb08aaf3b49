"""Working days: weekends that are worked, weekdays that are not, and years nobody has published yet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import Text
from kiosk.policy.working_days import Holiday, Year, after, is_working_day
from tests.kiosk.region import policy

CALENDAR = policy().calendar
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-01", False),
        ("2026-01-04", True),  # Sunday
        ("2026-02-14", True),  # Saturday
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-04-06", False),  # Monday
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-11-25", True),
        ("2026-11-28", False),
    ],
)
def test_2026_as_the_state_council_published_it(day: str, worked: bool) -> None:
    assert is_working_day(dt.date.fromisoformat(day), CALENDAR) is worked


def test_2026_has_as_many_days_off_and_make_up_days_as_were_published() -> None:
    year = CALENDAR["2026"]
    assert {name: len(list(holiday.days())) for name, holiday in year.holidays.items()} == {
        "元旦": 3,
        "春节": 9,
        "清明节": 3,
        "劳动节": 5,
        "端午节": 3,
        "中秋节": 3,
        "国庆节": 7,
    }
    assert len(year.make_up_days) == 6


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-25", 1, "2026-11-26"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-09-30", 1, "2026-10-08"),  # over the national holiday
        ("2026-10-09", 1, "2026-10-10"),  # a Saturday that is worked
        ("2026-09-10", 20, "2026-10-14"),
        ("2026-01-20", 20, "2026-02-24"),
    ],
)
def test_the_last_of_so_many_working_days(start: str, days: int, end: str) -> None:
    assert after(dt.date.fromisoformat(start), days, CALENDAR) == dt.date.fromisoformat(end)


@given(start=DAYS, days=st.integers(1, 300))
def test_an_end_is_a_working_day_with_so_many_before_it_or_no_date(start: dt.date, days: int) -> None:
    end = after(start, days, CALENDAR)
    rest = [day for day in (start + dt.timedelta(days=n) for n in range(1, 366)) if day.year == 2026]
    worked = [day for day in rest if is_working_day(day, CALENDAR)]
    assert end == (worked[days - 1] if len(worked) >= days else None)


def test_a_notice_may_move_days_of_the_year_before() -> None:
    next_year = Year("2027", {"元旦": Holiday(dt.date(2026, 12, 31), dt.date(2027, 1, 3))}, [dt.date(2026, 12, 27)])
    both = CALENDAR | {"2027": next_year}
    assert is_working_day(dt.date(2026, 12, 31), both) is False
    assert is_working_day(dt.date(2026, 12, 27), both) is True
    assert is_working_day(dt.date(2027, 1, 4), both) is True


def test_years_nobody_has_published_are_neither() -> None:
    assert is_working_day(dt.date(2027, 1, 4), CALENDAR) is None
    assert after(dt.date(2026, 12, 31), 1, CALENDAR) is None


def test_what_cannot_be_meant() -> None:
    assert list(Holiday(dt.date(2026, 5, 5), dt.date(2026, 5, 1)).disagreements()) == [
        (("last",), Text("到 2026-05-01 为止，早于 2026-05-05", "ends on 2026-05-01, before 2026-05-05"))
    ]
    off = {"元旦": Holiday(dt.date(2026, 1, 1), dt.date(2026, 1, 4))}
    year = Year("", off, [dt.date(2026, 1, 10), dt.date(2026, 1, 4), dt.date(2026, 1, 5)])
    assert [(path, why.en) for path, why in year.disagreements()] == [
        (("make_up_days", 1), "2026-01-04 is both a holiday and a make-up day"),
        (("make_up_days", 2), "2026-01-05 is no weekend, it is worked anyhow"),
    ]
