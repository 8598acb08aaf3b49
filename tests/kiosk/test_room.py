"""Before the disk or anybody's patience ends, less is offered: the loss of a card last of all, and the guide always."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices import DeviceNews, NoCard
from kiosk.journal import Counts
from kiosk.line import LineState, Offline, Online, Unwelcome
from kiosk.policy import Limits
from kiosk.policy.eligibility import ASSISTED, Readiness, closed, instead
from kiosk.policy.room import Disk, Room, Unsent
from kiosk.room import FULL_MB, LOW_MB, judge
from kiosk.services import SERVICES
from kiosk.terms import DeviceOk
from kiosk.words import language, languages

ROOMS = [Room(disk, unsent) for disk, unsent in itertools.product(Disk, Unsent)]
LINES: list[LineState] = [Online(), Offline(""), Unwelcome("")]
LIMITS = Limits()
DAY_S = 86_400


def ready(room: Room, line: LineState, *, clock_trusted: bool = True) -> Readiness:
    devices = DeviceNews(card_reader=DeviceOk(), id_reader=DeviceOk(), printer=DeviceOk(), slot=NoCard())
    return Readiness(devices=devices, line=line, clock_trusted=clock_trusted, demo=False, puk_off=False, room=room)


def offered(room: Room, line: LineState) -> set[str]:
    return {service for service in (*SERVICES, ASSISTED) if closed(service, ready(room, line)) is None}


@pytest.mark.parametrize("line", LINES, ids=lambda line: type(line).__name__)
def test_the_last_room_on_the_disk_is_for_losses(line: LineState) -> None:
    for unsent in Unsent:
        assert offered(Room(Disk.FULL, unsent), line) == {"guide"}
        assert offered(Room(Disk.LOW, unsent), line) <= {"guide", "report_loss"}
    assert "report_loss" in offered(Room(Disk.LOW, Unsent.MANY), line)


def test_without_a_line_what_waits_does_not_grow_for_ever() -> None:
    few, many, long = (offered(Room(Disk.AMPLE, unsent), Offline("")) for unsent in Unsent)
    assert few == {"guide", "report_loss", "change_pin"}
    assert many == {"guide", "report_loss"}
    assert long == {"guide"}


@pytest.mark.parametrize("unsent", Unsent)
def test_a_line_that_is_there_is_used(unsent: Unsent) -> None:
    assert offered(Room(Disk.AMPLE, unsent), Online()) == offered(Room(Disk.AMPLE, Unsent.FEW), Online())


@given(st.sampled_from(ROOMS), st.sampled_from(LINES), st.booleans(), st.sampled_from(sorted(SERVICES)))
def test_whoever_is_turned_away_is_told_why_and_what_to_do(
    room: Room, line: LineState, clock_trusted: bool, service: str
) -> None:
    state = ready(room, line, clock_trusted=clock_trusted)
    why = closed(service, state)
    if why is None:
        return
    for code in languages():
        assert {why.id, f"{why.id}.why", instead(why, state)} <= set(language(code).ids)
    assert instead(why, state).endswith("_but_loss") <= (closed("report_loss", state) is None)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10 * DAY_S), st.integers(0, 500))
def test_less_room_never_opens_anything(free_mb: int, waiting: int, age_s: int, less: int) -> None:
    counts = Counts(waiting, 0, age_s if waiting else None, 0, 0, 0)
    more_waits = msgspec.structs.replace(counts, queue_depth=waiting + less, oldest_age_s=age_s + less)
    for line in LINES:
        before = offered(judge(free_mb, counts, LIMITS), line)
        assert offered(judge(max(0, free_mb - less), counts, LIMITS), line) <= before
        assert offered(judge(free_mb, more_waits, LIMITS), line) <= before


def test_where_each_limit_lies() -> None:
    def at(free_mb: int = LOW_MB, waiting: int = 0, age_s: int | None = None) -> Room:
        return judge(free_mb, Counts(waiting, 0, age_s, 0, 0, 0), LIMITS)

    assert at() == Room(Disk.AMPLE, Unsent.FEW)
    assert at(free_mb=LOW_MB - 1).disk is at(free_mb=FULL_MB).disk is Disk.LOW
    assert at(free_mb=FULL_MB - 1).disk is Disk.FULL
    assert at(waiting=LIMITS.unsent_items - 1).unsent is Unsent.FEW
    assert at(waiting=LIMITS.unsent_items).unsent is Unsent.MANY
    assert at(waiting=LIMITS.unsent_items, age_s=LIMITS.unsent_days * DAY_S).unsent is Unsent.LONG
    assert at(waiting=1, age_s=LIMITS.unsent_days * DAY_S - 1).unsent is Unsent.FEW
