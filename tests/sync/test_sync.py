"""The terminal's line in good and bad times: a centre in memory, a terminal in memory, time that jumps."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import math
from collections.abc import Callable

import httpx
import pytest
import trio
from trio.testing import MockClock

from kiosk.contract import (
    CardsAnswer,
    CardsQuery,
    ItemAnswer,
    ProductionAnswer,
    ProductionQuery,
    ProductionStep,
    Sealed,
    StepReached,
)
from kiosk.line import (
    AskCards,
    AskProduction,
    CardsFound,
    Declined,
    NoAnswer,
    Offline,
    Online,
    ProductionFound,
    Unwelcome,
)
from sync.backoff import ITEMS, PROBE
from sync.client import ANSWER_LIMIT
from sync.worker import TAKE_LIMIT, TOO_LARGE

from .conftest import (
    SIGNED,
    Centre,
    Terminal,
    answer_lost,
    certificate_refused,
    item,
    json,
    no_connection,
    problem,
    silence,
    wrong_centre,
)

ID = "00000000-0000-4000-8000-000000000001"
QUERY = AskCards(CardsQuery(ID, Sealed("k", "e", "c")))
HEARTBEAT_MOST_S = 72
HEARTBEAT_LEAST_S = 48


def everything_answered(terminal: Terminal) -> Callable[[], bool]:
    return lambda: not terminal.waiting


# --- good times ------------------------------------------------------------------------------


async def test_a_terminal_that_connects_soon_has_line_and_time(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    assert [type(news.state) for news in terminal.news] == [Offline, Online]
    assert terminal.times_heard == 1
    assert trio.current_time() - centre.times[0] < 1


async def test_an_item_goes_out_at_once_and_its_answer_comes_back(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    filed_at = trio.current_time()
    terminal.file(item(1))
    await terminal.until(everything_answered(terminal))
    assert trio.current_time() == filed_at
    assert terminal.answered == {item(1).id: ItemAnswer(verdict=SIGNED)}


async def test_a_backlog_goes_in_order_one_batch_at_a_time(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    backlog = [item(number) for number in range(TAKE_LIMIT * 2 + 5)]
    terminal.file(*backlog)
    await terminal.until(everything_answered(terminal))
    assert [len(batch) for batch in centre.batches()] == [TAKE_LIMIT, TAKE_LIMIT, 5]
    assert list(itertools.chain(*centre.batches())) == [each.id for each in backlog]
    assert centre.most_in_flight == 1


async def test_questions_are_answered_and_each_has_an_id_of_its_own(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    for _ in range(3):
        assert await terminal.link.call(QUERY, deadline_s=20) == CardsFound(CardsAnswer([]))
    assert len(set(centre.ids("/v1/cards/query"))) == 3


async def test_how_far_a_new_card_is_is_asked_at_the_call_of_its_own(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    ordered = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
    answer = ProductionAnswer("韦*", "2314", ordered, [StepReached(ProductionStep.READY, ordered)], None, None)
    centre.does = lambda request: json(answer) if request.url.path == "/v1/production/query" else problem(404)
    found = await terminal.link.call(AskProduction(ProductionQuery(ID, QUERY.query.sealed)), deadline_s=20)
    assert found == ProductionFound(answer)


@pytest.mark.parametrize("status", [404, 422, 429])
async def test_a_refused_question_is_declined_and_the_line_stays_good(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, status: int
) -> None:
    await terminal.until_line(Online)
    centre.does = lambda _request: problem(status, "too_many")
    declined = await terminal.link.call(AskProduction(ProductionQuery(ID, QUERY.query.sealed)), deadline_s=20)
    assert isinstance(declined, Declined)
    assert declined.problem.status == status
    assert isinstance(terminal.news[-1].state, Online)


async def test_heartbeats_come_every_minute_give_or_take_a_fifth(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until(lambda: terminal.times_heard >= 1)
    await trio.sleep(3600)
    times = centre.heartbeats()
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(HEARTBEAT_LEAST_S <= gap <= HEARTBEAT_MOST_S for gap in gaps)
    assert len(set(gaps)) > 1


# --- about an item ---------------------------------------------------------------------------


async def test_a_batch_that_is_too_large_is_halved_until_it_fits(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    def at_most_three(request: httpx.Request) -> httpx.Response:
        return problem(413) if request.content.count(b'"domain"') > 3 else centre.serve(request)

    centre.does = at_most_three
    terminal.file(*(item(number) for number in range(10)))
    await terminal.until(everything_answered(terminal))
    assert set(terminal.answered.values()) == {ItemAnswer(verdict=SIGNED)}
    assert [len(batch) for batch in centre.batches()] == [10, 5, 2, 3, 5, 2, 3]


async def test_one_item_that_is_too_large_alone_is_handed_back(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    def refuse_the_second(request: httpx.Request) -> httpx.Response:
        return problem(413) if item(2).id.encode() in request.content else centre.serve(request)

    centre.does = refuse_the_second
    terminal.file(item(1), item(2), item(3))
    await terminal.until(everything_answered(terminal))
    assert terminal.answered[item(2).id] == ItemAnswer(problem=TOO_LARGE)
    assert terminal.answered[item(1).id] == terminal.answered[item(3).id] == ItemAnswer(verdict=SIGNED)


@pytest.mark.parametrize("status", [400, 409, 422])
async def test_a_poisonous_item_holds_up_nobody_else(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, status: int
) -> None:
    def choke(request: httpx.Request) -> httpx.Response:
        return problem(status, "poison") if item(3).id.encode() in request.content else centre.serve(request)

    centre.does = choke
    terminal.file(*(item(number) for number in range(8)))
    await terminal.until(everything_answered(terminal))
    blamed = {id_ for id_, answer in terminal.answered.items() if answer.problem is not None}
    assert blamed == {item(3).id}
    assert isinstance(terminal.news[-1].state, Online)


# --- bad times --------------------------------------------------------------------------------


async def test_without_a_connection_the_terminal_knows_that_nothing_left(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = no_connection
    terminal.file(item(1))
    await terminal.until(lambda: bool(terminal.kept))
    assert terminal.kept == [item(1).id]
    assert isinstance(terminal.news[-1].state, Offline)


async def test_what_may_have_left_once_is_never_called_kept(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.next_posts = [answer_lost, no_connection]
    terminal.file(item(1))
    await terminal.until(lambda: len(centre.batches()) == 2)
    terminal.file(item(2))
    await terminal.until(everything_answered(terminal))
    assert item(1).id not in terminal.kept


async def test_items_that_come_up_on_a_broken_line_stay(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = no_connection
    assert await terminal.link.call(QUERY, deadline_s=20) == NoAnswer()
    await terminal.until_line(Offline)
    terminal.file(item(1))
    await terminal.until(lambda: bool(terminal.kept))
    assert centre.batches() == []


@pytest.mark.parametrize("trouble", [answer_lost, silence])
async def test_a_lost_answer_is_fetched_with_the_same_bytes_under_the_same_id(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, trouble: Callable[[httpx.Request], httpx.Response]
) -> None:
    centre.next_posts = [trouble, trouble]
    terminal.file(item(1), item(2))
    await terminal.until(everything_answered(terminal))
    assert centre.batches() == [[item(1).id, item(2).id]] * 3
    assert len(set(centre.ids())) == 1
    terminal.file(item(3))
    await terminal.until(everything_answered(terminal))
    assert len(set(centre.ids())) == 2


async def test_other_bytes_go_under_another_id(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    centre.next_posts = [answer_lost]
    terminal.file(item(1))
    await terminal.until_line(Online)
    await terminal.until_line(Offline)
    terminal.file(item(2))
    await terminal.until(everything_answered(terminal))
    assert centre.batches() == [[item(1).id], [item(1).id, item(2).id]]
    assert len(set(centre.ids())) == 2


async def test_after_a_long_outage_line_and_backlog_are_back_within_seconds(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = silence
    terminal.file(item(1))
    await trio.sleep(4 * 3600)
    tries = len(centre.requests)
    assert tries < 4 * 3600 / 10  # a probe waits for an answer, then for its turn
    assert len(centre.batches()) == 1
    centre.does = centre.serve
    back = trio.current_time()
    await terminal.until(everything_answered(terminal))
    assert trio.current_time() - back <= 10 + PROBE.limit_s
    assert isinstance(terminal.news[-1].state, Online)


async def test_a_line_that_breaks_is_probed_soon_but_not_by_all_at_once(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    await trio.sleep(HEARTBEAT_LEAST_S / 2)
    centre.does = no_connection
    await terminal.link.call(QUERY, deadline_s=20)
    await terminal.until_line(Offline)
    broke = trio.current_time()
    await trio.sleep(PROBE.first_s)
    probes = [at - broke for at in centre.heartbeats() if at >= broke]
    assert probes
    assert 0 < probes[0] < PROBE.first_s


async def test_retry_after_is_obeyed_and_the_heart_beats_on(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    began = trio.current_time()
    centre.next_posts = [lambda _request: httpx.Response(503, headers={"retry-after": "600"})]
    terminal.file(item(1))
    await terminal.until_line(Offline)
    await terminal.until(everything_answered(terminal))
    assert trio.current_time() - began >= 600
    assert len(centre.batches()) == 2
    beats = [at for at in centre.heartbeats() if began < at < began + 600]
    assert len(beats) >= 600 / HEARTBEAT_MOST_S - 1


async def test_a_centre_that_fails_on_items_alone_is_not_hammered(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    """Its heartbeat answers, so the line looks good again and again."""

    def fail_on_items(request: httpx.Request) -> httpx.Response:
        return problem(500, "internal") if request.url.path == "/v1/items" else centre.serve(request)

    centre.does = fail_on_items
    terminal.file(item(1))
    await trio.sleep(24 * 3600)
    assert 24 * 3600 / (ITEMS.limit_s + HEARTBEAT_MOST_S) <= len(centre.batches()) <= 24 * 3600 / ITEMS.limit_s * 4
    centre.does = centre.serve
    await terminal.until(everything_answered(terminal))


@pytest.mark.parametrize(
    "trouble",
    [
        lambda _request: problem(401, "certificate_refused"),
        lambda _request: problem(403, "suspended"),
        lambda _request: httpx.Response(404, content=b"no such page"),
        certificate_refused,
        wrong_centre,
    ],
    ids=["401", "403", "404 without a code", "certificate refused", "another centre"],
)
async def test_an_unwelcome_terminal_stops_keeps_everything_and_only_beats(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, trouble: Callable[[httpx.Request], httpx.Response]
) -> None:
    await terminal.until_line(Online)
    centre.does = trouble
    terminal.file(item(1))
    await terminal.until_line(Unwelcome)
    before = len(centre.requests)
    assert await terminal.link.call(QUERY, deadline_s=20) == NoAnswer()
    await trio.sleep(3600)
    later = centre.requests[before:]
    assert {request.method for request in later} == {"PUT"}
    assert 3600 / HEARTBEAT_MOST_S - 1 <= len(later) <= 3600 / HEARTBEAT_LEAST_S
    assert terminal.answered == {}
    centre.does = centre.serve
    await terminal.until(everything_answered(terminal))
    assert isinstance(terminal.news[-1].state, Online)


@pytest.mark.parametrize(
    "nonsense",
    [
        lambda _request: httpx.Response(200, content=b"<html>hotel login</html>"),
        lambda _request: json({"answers": []}),
        lambda _request: json({"answers": [{}]}),
        lambda _request: json({"answers": [{"verdict": SIGNED, "problem": None}] * 2}),
        lambda _request: httpx.Response(200, content=b" " * (ANSWER_LIMIT + 1)),
        lambda _request: httpx.Response(200, content=gzip.compress(b"{}"), headers={"content-encoding": "gzip"}),
        lambda _request: httpx.Response(302, headers={"location": "https://elsewhere.test/"}),
    ],
    ids=["html", "none", "empty", "too many", "too long", "packed", "elsewhere"],
)
async def test_nonsense_is_no_answer(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, nonsense: Callable[[httpx.Request], httpx.Response]
) -> None:
    await terminal.until_line(Online)
    centre.next_posts = [nonsense]
    terminal.file(item(1))
    await terminal.until_line(Offline)
    assert terminal.answered == {}
    await terminal.until(everything_answered(terminal))
    assert terminal.answered == {item(1).id: ItemAnswer(verdict=SIGNED)}
    assert all(request.url.host == "centre.test" for request in centre.requests)


# --- questions ---------------------------------------------------------------------------------


async def test_a_refused_question_is_told_with_its_reason(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    centre.does = lambda _request: problem(404, "card_unknown")
    answer = await terminal.link.call(QUERY, deadline_s=20)
    assert isinstance(answer, Declined)
    assert answer.problem.code == "card_unknown"


async def test_one_persons_quota_is_not_the_lines_state(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = lambda _request: problem(429, "too_many")
    assert isinstance(await terminal.link.call(QUERY, deadline_s=20), Declined)
    assert isinstance(terminal.news[-1].state, Online)


async def test_a_silent_centre_is_no_answer_in_time(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    centre.does = silence
    assert await terminal.link.call(QUERY, deadline_s=math.inf) == NoAnswer()
    await terminal.until_line(Offline)


async def test_a_terminal_that_leaves_ends_what_was_asked_for_it(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    begun, ended = trio.Event(), trio.Event()

    async def until_cancelled(_request: httpx.Request) -> httpx.Response:
        begun.set()
        try:
            await trio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError("unreachable")

    await terminal.until_line(Online)
    centre.does = until_cancelled
    terminal.file(item(1))
    await begun.wait()
    terminal.link.close()
    await ended.wait()
    assert centre.in_flight == 0
