"""The centre's record of doubts: asked for now and then, handed over as it was signed, and never in the way."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
import trio
from trio.testing import MockClock

from kiosk.line import RECORD_WAIT_S, AskRecord, Declined, NoAnswer, Offline, Online, Record, Unwelcome
from sync.inquiry import DOUBTS_A_ROUND, ROUND_S, SPREAD

from .conftest import SIGNED, Behaviour, Centre, Terminal, answer_lost, item, no_connection, problem, silence

LONGEST_S = ROUND_S * (1 + SPREAD) + 1
"""In this time every round has had its turn."""
DOUBT, OTHER = item(1).id, item(2).id


def asked(centre: Centre, behaviour: Behaviour) -> Behaviour:
    """Only who asks by id meets this."""
    return lambda request: behaviour(request) if request.method == "GET" else centre.serve(request)


async def test_the_record_of_a_doubt_comes_as_it_was_signed(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    terminal.doubts, centre.records = [DOUBT], {DOUBT: SIGNED}
    await terminal.until_line(Online)
    await terminal.until(lambda: bool(terminal.records))
    assert terminal.records == [(DOUBT, SIGNED)]
    assert trio.current_time() < LONGEST_S + 1
    (request,) = [request for request in centre.requests if request.method == "GET"]
    assert (request.url.path, request.content) == (f"/v1/transactions/{DOUBT}", b"")


async def test_without_doubts_nothing_is_asked(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    await trio.sleep(24 * 3600)
    assert centre.asked_about() == []


async def test_a_doubt_that_stays_is_asked_about_once_a_round(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    terminal.doubts, centre.records = [DOUBT], {DOUBT: SIGNED}
    await trio.sleep(24 * 3600)
    assert 24 * 3600 / LONGEST_S - 1 <= len(centre.asked_about()) <= 24 * 3600 / (ROUND_S * (1 - SPREAD))


async def test_many_doubts_take_their_turns(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    terminal.doubts = [item(number).id for number in range(2 * DOUBTS_A_ROUND + 1)]
    await trio.sleep(3 * LONGEST_S)
    assert centre.asked_about()[: len(terminal.doubts)] == terminal.doubts
    await trio.sleep(LONGEST_S)
    assert centre.asked_about().count(terminal.doubts[0]) >= 2


async def test_what_the_centre_has_never_seen_holds_up_no_other(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    terminal.doubts, centre.records = [DOUBT, OTHER], {OTHER: SIGNED}
    await terminal.until(lambda: bool(terminal.records))
    assert terminal.records == [(OTHER, SIGNED)]
    assert isinstance(terminal.news[-1].state, Online)


@pytest.mark.parametrize("trouble", [no_connection, answer_lost, silence])
async def test_without_an_answer_the_round_ends_and_the_next_one_asks_again(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, trouble: Behaviour
) -> None:
    terminal.doubts, centre.records = [DOUBT, OTHER], {DOUBT: SIGNED, OTHER: SIGNED}
    centre.does = asked(centre, trouble)
    await terminal.until_line(Online)
    await trio.sleep(LONGEST_S)
    assert centre.asked_about() == [DOUBT]
    centre.does = centre.serve
    await terminal.until(lambda: len(terminal.records) == 2)
    assert {id for id, _ in terminal.records} == {DOUBT, OTHER}


async def test_nothing_is_asked_on_a_line_that_is_down(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    terminal.doubts = [DOUBT]
    centre.does = no_connection
    await trio.sleep(24 * 3600)
    assert centre.asked_about() == []


async def test_a_centre_that_asks_for_patience_gets_it_and_the_line_stays_good(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    terminal.doubts = [DOUBT, OTHER]
    centre.does = asked(centre, lambda _request: problem(429, "too_many"))
    await trio.sleep(LONGEST_S)
    assert centre.asked_about() == [DOUBT]
    assert isinstance(terminal.news[-1].state, Online)


@pytest.mark.parametrize("trouble", [answer_lost, silence])
async def test_a_record_that_does_not_come_is_not_the_lines_state(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, trouble: Behaviour
) -> None:
    await terminal.until_line(Online)
    centre.does = asked(centre, trouble)
    assert await terminal.link.call(AskRecord(DOUBT), deadline_s=60) == NoAnswer()
    assert isinstance(terminal.news[-1].state, Online)
    centre.does = no_connection
    assert await terminal.link.call(AskRecord(DOUBT), deadline_s=60) == NoAnswer()
    await terminal.until_line(Offline)


async def test_items_do_not_wait_for_the_answer(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    terminal.doubts = [DOUBT]
    centre.does = asked(centre, silence)
    await terminal.until_line(Online)
    while not centre.asked_about():
        await trio.sleep(1)
    filed = trio.current_time()
    terminal.file(item(3))
    await terminal.until(lambda: not terminal.waiting)
    assert trio.current_time() == filed


# --- asked by the terminal, for who stands there ---------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (None, Record),
        (lambda _request: problem(404, "never_seen"), Declined),
        (lambda _request: httpx.Response(200, content=b'{"card": 1}'), NoAnswer),
        (no_connection, NoAnswer),
        (silence, NoAnswer),
    ],
    ids=["record", "never seen", "nonsense", "no connection", "silence"],
)
async def test_the_terminal_asks_for_one_record(
    autojump_clock: MockClock,
    terminal: Terminal,
    centre: Centre,
    behaviour: Callable[[httpx.Request], httpx.Response] | None,
    kind: type,
) -> None:
    await terminal.until_line(Online)
    centre.records = {DOUBT: SIGNED}
    if behaviour is not None:
        centre.does = asked(centre, behaviour)
    began = trio.current_time()
    assert isinstance(await terminal.link.call(AskRecord(DOUBT), deadline_s=60), kind)
    assert trio.current_time() - began <= RECORD_WAIT_S


async def test_an_unwelcome_terminal_asks_nothing(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = lambda _request: problem(403, "suspended")
    await terminal.until_line(Unwelcome)
    assert await terminal.link.call(AskRecord(DOUBT), deadline_s=60) == NoAnswer()
    assert centre.asked_about() == []
