"""Which time the terminal goes by, and what it says of it."""

from __future__ import annotations

import datetime as dt

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk.clock import DRIFT, ON_ITS_WAY, SystemClock, TrustedClock
from kiosk.contract import Confidence

BEIJING = dt.timezone(dt.timedelta(hours=8))
SIGNED = dt.datetime(2026, 11, 22, 1, 30, tzinfo=dt.UTC)

TIMES = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2100, 1, 1), timezones=st.just(BEIJING))  # noqa: DTZ001
SECONDS = st.floats(0, 3e8)
"""Nearly ten years without a restart."""
STEPS = st.floats(0, 86_400)


class Machine:
    """A machine's two clocks, each moved by hand."""

    def __init__(self, wall: dt.datetime, monotonic: float = 0.0) -> None:
        self.wall, self.seconds = wall, monotonic

    def now(self) -> dt.datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds


# --- a signed time was heard ------------------------------------------------------------


@given(wall=TIMES, later=TIMES, booted=SECONDS, signed=TIMES, passed=SECONDS, has_rtc=st.booleans())
def test_a_signed_time_counts_whatever_the_wall_clock_says_then_and_later(
    wall: dt.datetime, later: dt.datetime, booted: float, signed: dt.datetime, passed: float, has_rtc: bool
) -> None:
    machine = Machine(wall, booted)
    clock = TrustedClock(machine, has_rtc=has_rtc)
    clock.hear(signed)
    machine.wall, machine.seconds = later, booted + passed
    assert abs((clock.now() - signed).total_seconds() - passed) < 0.001
    assert clock.confidence is Confidence.CENTRE
    assert clock.trusted


@given(first=TIMES, passed=STEPS, behind=st.floats(0, 1e9))
def test_a_signed_time_that_comes_again_turns_nothing_back(first: dt.datetime, passed: float, behind: float) -> None:
    """Whoever carries the beats can keep one, and bring it when a late loss should look early."""
    machine = Machine(SIGNED)
    clock = TrustedClock(machine)
    assert clock.hear(first)
    machine.seconds += passed
    expected = clock.now()
    old = first - dt.timedelta(seconds=behind)
    assert clock.hear(old) is (expected - old <= ON_ITS_WAY)
    assert expected - clock.now() <= DRIFT * dt.timedelta(seconds=passed)


@given(beats=st.lists(st.tuples(STEPS, st.floats(0, 120)), min_size=1))
def test_however_late_the_beats_are_brought_time_goes_on(beats: list[tuple[float, float]]) -> None:
    """Each may be a little later than the one before, and none is much too late: together they must not stop time."""
    machine = Machine(SIGNED)
    clock = TrustedClock(machine)
    clock.hear(SIGNED)
    for passed, late in beats:
        machine.seconds += passed
        clock.hear(SIGNED + dt.timedelta(seconds=machine.seconds - late))
    assert (clock.now() - SIGNED).total_seconds() >= machine.seconds * (1 - DRIFT) - 0.01


@given(passed=st.floats(60, 86_400), fast=st.floats(0, 0.5))
def test_a_machine_that_runs_fast_is_put_right(passed: float, fast: float) -> None:
    machine = Machine(SIGNED)
    clock = TrustedClock(machine)
    clock.hear(SIGNED)
    machine.seconds += passed
    true = SIGNED + dt.timedelta(seconds=passed * (1 - fast * DRIFT))
    assert clock.hear(true)
    assert abs((clock.now() - true).total_seconds()) < 0.001


@given(signed=TIMES, passed=STEPS, ahead=st.floats(0, 1e9))
def test_a_newer_signed_time_counts(signed: dt.datetime, passed: float, ahead: float) -> None:
    machine = Machine(SIGNED)
    clock = TrustedClock(machine)
    clock.hear(signed)
    machine.seconds += passed
    newer = clock.now() + dt.timedelta(seconds=ahead)
    assert clock.hear(newer)
    assert clock.now() == newer


@given(wall=TIMES, floor=TIMES)
def test_a_signed_time_also_counts_before_the_journals_last_record(wall: dt.datetime, floor: dt.datetime) -> None:
    """The record was written by a wall clock that ran ahead."""
    clock = TrustedClock(Machine(wall))
    clock.set_floor(floor)
    clock.hear(SIGNED)
    assert clock.now() == SIGNED
    assert clock.confidence is Confidence.CENTRE


@given(wall=TIMES, steps=st.lists(STEPS, min_size=2))
def test_with_a_signed_time_no_jump_of_the_wall_clock_turns_time_back(wall: dt.datetime, steps: list[float]) -> None:
    machine = Machine(wall)
    clock = TrustedClock(machine)
    clock.hear(SIGNED)
    seen = []
    for step in steps:
        machine.seconds += step
        machine.wall -= dt.timedelta(seconds=step)
        seen.append(clock.now())
    assert seen == sorted(seen)


def test_signed_times_are_shown_in_the_machines_zone() -> None:
    clock = TrustedClock(Machine(dt.datetime(1970, 1, 2, tzinfo=BEIJING)))
    clock.hear(SIGNED)
    assert clock.now().isoformat() == "2026-11-22T09:30:00+08:00"


@given(wall=TIMES, passed=SECONDS)
def test_an_item_carries_what_its_time_rests_on(wall: dt.datetime, passed: float) -> None:
    machine = Machine(wall)
    clock = TrustedClock(machine)
    clock.hear(SIGNED)
    machine.seconds += passed
    time = clock.item_time()
    assert (time.wall, time.confidence, time.centre_time) == (clock.now(), Confidence.CENTRE, SIGNED)
    assert time.age_ms is not None
    assert abs(time.age_ms / 1000 - passed) < 0.002
    assert msgspec.convert(msgspec.to_builtins(time), type(time)) == time, "the contract takes it"


# --- none was heard ---------------------------------------------------------------------


@given(wall=TIMES, has_rtc=st.booleans())
def test_until_then_the_wall_clock_is_all_there_is(wall: dt.datetime, has_rtc: bool) -> None:
    clock = TrustedClock(Machine(wall), has_rtc=has_rtc)
    assert clock.now() == wall
    time = clock.item_time()
    assert (time.wall, time.centre_time, time.age_ms) == (wall, None, None)
    assert time.confidence is clock.confidence


@given(wall=TIMES)
def test_a_wall_clock_alone_is_not_believed(wall: dt.datetime) -> None:
    clock = TrustedClock(Machine(wall))
    assert clock.confidence is Confidence.UNKNOWN
    assert not clock.trusted


@given(wall=TIMES)
def test_a_battery_clock_is(wall: dt.datetime) -> None:
    clock = TrustedClock(Machine(wall), has_rtc=True)
    assert clock.confidence is Confidence.RTC
    assert clock.trusted


@given(floor=TIMES, after=STEPS)
def test_after_the_last_record_it_may_be_right_but_nothing_is_registered_by_it(
    floor: dt.datetime, after: float
) -> None:
    clock = TrustedClock(Machine(floor + dt.timedelta(seconds=after)))
    clock.set_floor(floor)
    assert clock.confidence is Confidence.FLOOR
    assert not clock.trusted


@given(floor=TIMES, before=st.floats(1e-5, 1e9), has_rtc=st.booleans())
def test_before_the_last_record_it_is_wrong_and_so_is_a_battery_clock(
    floor: dt.datetime, before: float, has_rtc: bool
) -> None:
    clock = TrustedClock(Machine(floor - dt.timedelta(seconds=before)), has_rtc=has_rtc)
    clock.set_floor(floor)
    assert clock.confidence is Confidence.UNKNOWN
    assert not clock.trusted


@given(floor=TIMES, after=STEPS)
def test_a_battery_clock_after_the_last_record_is_believed(floor: dt.datetime, after: float) -> None:
    clock = TrustedClock(Machine(floor + dt.timedelta(seconds=after)), has_rtc=True)
    clock.set_floor(floor)
    assert clock.confidence is Confidence.RTC


def test_the_machines_own_time_knows_its_offset() -> None:
    assert SystemClock().now().utcoffset() is not None
    assert SystemClock().monotonic() <= SystemClock().monotonic()
