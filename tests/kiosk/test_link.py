"""The link between the processes: one reply a call, whatever happens to the wire or to either side."""

from __future__ import annotations

import itertools
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import structlog
import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from kiosk.link import (
    FRAME_LIMIT,
    OUTBOX_LIMIT,
    SEND_LIMIT_S,
    Answered,
    Asked,
    BadFrame,
    Call,
    Cancelled,
    Failed,
    Frames,
    Link,
    Message,
    News,
    Told,
    Unanswered,
    Why,
    frame,
    raw,
)

BOUND_S = 10


class Doubled(msgspec.Struct, frozen=True, tag="doubled"):
    number: int


class Tripled(msgspec.Struct, frozen=True, tag="tripled"):
    number: int


class Double(Call[Doubled | Tripled], frozen=True, tag="double"):
    number: int


class Wait(Call[Doubled], frozen=True, tag="wait"):
    pass


class Weather(News, frozen=True, tag="weather"):
    degrees: int


async def double(call: Double) -> Doubled:
    return Doubled(call.number * 2)


async def wait(_call: Wait) -> Doubled:
    await trio.sleep_forever()
    raise AssertionError("unreachable")


@asynccontextmanager
async def linked(left: Link, right: Link) -> AsyncIterator[None]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(left.run)
        nursery.start_soon(right.run)
        yield
        nursery.cancel_scope.cancel()


def two_links(handlers: dict[Any, Any] | None = None, listeners: dict[Any, Any] | None = None) -> tuple[Link, Link]:
    """The left one has nothing to offer; the right one answers and listens."""
    near, far = trio.testing.memory_stream_pair()
    return Link(near), Link(far, handlers, listeners)


# --- frames -----------------------------------------------------------------------------

numbers = st.integers(0, 2**40)
bodies = st.recursive(st.none() | st.booleans() | st.text() | st.integers(-(2**53), 2**53), st.lists, max_leaves=5).map(
    lambda value: msgspec.Raw(msgspec.json.encode(value))
)
messages = st.one_of(
    st.builds(Asked, numbers, bodies),
    st.builds(Cancelled, numbers),
    st.builds(Answered, numbers, bodies),
    st.builds(Failed, numbers),
    st.builds(Told, bodies),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    marks = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in itertools.pairwise(marks)]


@given(st.lists(messages, max_size=5), st.lists(st.integers(0, 10_000), max_size=20))
def test_messages_arrive_whole_however_the_stream_is_cut(sent: list[Message], places: list[int]) -> None:
    frames = Frames()
    pieces = cut(b"".join(frame(message) for message in sent), places)
    assert [got for piece in pieces for got in frames.feed(piece)] == sent


@given(st.binary(min_size=1, max_size=200))
def test_garbage_is_either_waited_for_or_refused(body: bytes) -> None:
    try:
        _assert_is_message_of(body)
    except msgspec.MsgspecError:
        with pytest.raises(BadFrame):
            list(Frames().feed(len(body).to_bytes(4, "big") + body))


def _assert_is_message_of(body: bytes) -> None:
    message = msgspec.json.decode(body, type=Message)
    assert list(Frames().feed(len(body).to_bytes(4, "big") + body)) == [message]


@given(st.integers(FRAME_LIMIT + 1, 2**32 - 1))
def test_a_huge_length_is_refused_before_anything_is_kept(length: int) -> None:
    with pytest.raises(BadFrame):
        list(Frames().feed(length.to_bytes(4, "big")))


def test_a_message_no_peer_would_take_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="over the limit"):
        frame(Told(msgspec.Raw(b'"' + b"x" * FRAME_LIMIT + b'"')))


# --- calls ------------------------------------------------------------------------------


async def test_a_call_gets_the_answer_of_its_own_question(autojump_clock: trio.testing.MockClock) -> None:
    async def slow_for_big_ones(call: Double) -> Doubled:
        await trio.sleep(call.number)
        return Doubled(call.number * 2)

    left, right = two_links({Double: slow_for_big_ones})
    answers: dict[int, Doubled | Tripled | Unanswered] = {}

    async def ask(number: int) -> None:
        answers[number] = await left.call(Double(number), deadline_s=60)

    async with linked(left, right), trio.open_nursery() as nursery:
        for number in (5, 1, 4, 2, 3):
            nursery.start_soon(ask, number)
    assert answers == {n: Doubled(2 * n) for n in range(1, 6)}


async def test_both_sides_may_ask_at_once() -> None:
    near, far = trio.testing.memory_stream_pair()
    left, right = Link(near, {Double: double}), Link(far, {Double: double})

    async def ask_back(call: Double) -> Doubled:
        answer = await right.call(call, deadline_s=5)
        assert isinstance(answer, Doubled)
        return answer

    right._handlers = {Double: ask_back}  # type: ignore[assignment]  # answers by asking the asker
    async with linked(left, right):
        assert await left.call(Double(21), deadline_s=5) == Doubled(42)


async def test_a_late_answer_is_a_fact_and_the_peer_is_told_to_stop(autojump_clock: trio.testing.MockClock) -> None:
    stopped = trio.Event()

    async def until_stopped(_call: Wait) -> Doubled:
        try:
            await trio.sleep_forever()
        finally:
            stopped.set()
        raise AssertionError("unreachable")

    left, right = two_links({Wait: until_stopped, Double: double})
    async with linked(left, right):
        assert await left.call(Wait(), deadline_s=3) == Unanswered(Why.LATE)
        with trio.fail_after(BOUND_S):
            await stopped.wait()
        assert await left.call(Double(1), deadline_s=3) == Doubled(2)


async def test_a_cancelled_caller_stops_its_handler_and_no_other() -> None:
    begun, stopped = trio.Event(), trio.Event()

    async def until_stopped(_call: Wait) -> Doubled:
        begun.set()
        try:
            await trio.sleep_forever()
        finally:
            stopped.set()
        raise AssertionError("unreachable")

    left, right = two_links({Wait: until_stopped, Double: double})
    async with linked(left, right):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(lambda: left.call(Wait(), deadline_s=math.inf))
            await begun.wait()
            nursery.cancel_scope.cancel()
        with trio.fail_after(BOUND_S):
            await stopped.wait()
        assert await left.call(Double(1), deadline_s=5) == Doubled(2)


async def test_a_failing_handler_is_logged_answered_and_survived() -> None:
    async def fail(_call: Wait) -> Doubled:
        raise RuntimeError("the printer driver has a bug")

    left, right = two_links({Wait: fail, Double: double})
    with structlog.testing.capture_logs() as logs:
        async with linked(left, right):
            assert await left.call(Wait(), deadline_s=5) == Unanswered(Why.FAULT)
            assert await left.call(Double(4), deadline_s=5) == Doubled(8)
    assert [(entry["event"], entry["exc_info"]) for entry in logs] == [("call_failed", True)]


async def test_a_call_the_peer_does_not_know_is_a_fault() -> None:
    left, right = two_links({Double: double})
    async with linked(left, right):
        assert await left.call(Wait(), deadline_s=5) == Unanswered(Why.FAULT)


async def test_an_answer_of_the_wrong_kind_is_a_fault() -> None:
    async def wrong(_call: Wait) -> Weather:
        return Weather(1)

    left, right = two_links({Wait: wrong})
    async with linked(left, right):
        assert await left.call(Wait(), deadline_s=5) == Unanswered(Why.FAULT)


async def test_a_peer_that_dies_answers_everything_it_was_asked() -> None:
    left, right = two_links({Wait: wait})
    answers: list[object] = []

    async def ask() -> None:
        answers.append(await left.call(Wait(), deadline_s=math.inf))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(left.run)
        nursery.start_soon(right.run)
        for _ in range(3):
            nursery.start_soon(ask)
        await trio.testing.wait_all_tasks_blocked()
        right.close()
    assert answers == [Unanswered(Why.NO_PEER)] * 3
    assert await left.call(Wait(), deadline_s=5) == Unanswered(Why.NO_PEER)


async def test_a_caller_that_dies_cancels_what_it_asked() -> None:
    stopped = trio.Event()

    async def until_stopped(_call: Wait) -> Doubled:
        try:
            await trio.sleep_forever()
        finally:
            stopped.set()
        raise AssertionError("unreachable")

    left, right = two_links({Wait: until_stopped})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(right.run)
        nursery.start_soon(left.run)
        nursery.start_soon(lambda: left.call(Wait(), deadline_s=math.inf))
        await trio.testing.wait_all_tasks_blocked()
        left.close()
    assert stopped.is_set()


# --- a peer that is no good ------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02{}",
        b"GET / HTTP/1.1\r\n\r\n",
        frame(Asked(1, raw(Wait()))) * 2,
    ],
    ids=["huge length", "no message", "another protocol", "a number used twice"],
)
async def test_nonsense_ends_the_connection(sent: bytes) -> None:
    near, far = trio.testing.memory_stream_pair()
    link = Link(far, {Wait: wait})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        await near.send_all(sent)
    assert await link.call(Double(1), deadline_s=5) == Unanswered(Why.NO_PEER)


async def test_answers_nobody_waits_for_are_dropped() -> None:
    near, far = trio.testing.memory_stream_pair()
    link = Link(far, {Double: double})
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        await near.send_all(frame(Answered(7, raw(Doubled(1)))) * 3 + frame(Cancelled(9)) + frame(Failed(8)))
        await near.send_all(frame(Asked(1, raw(Double(3)))))
        assert list(Frames().feed(await near.receive_some())) == [Answered(1, raw(Doubled(6)))]
        nursery.cancel_scope.cancel()


class Trickle(trio.abc.SendStream):
    """A wire that takes one byte at a time, slowly."""

    def __init__(self, wire: trio.abc.SendStream) -> None:
        self._wire = wire

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        for byte in bytes(data):
            await trio.sleep(0.02)
            await self._wire.send_all(bytes([byte]))

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        await self._wire.aclose()


@given(patience=st.floats(0.01, 3))
def test_cancelling_in_the_middle_of_a_frame_leaves_the_stream_whole(patience: float) -> None:
    async def story() -> None:
        near, far = trio.testing.memory_stream_pair()
        left = Link(trio.StapledStream(Trickle(near.send_stream), near.receive_stream))
        async with linked(left, Link(far, {Wait: wait, Double: double})):
            with trio.move_on_after(patience):
                await left.call(Wait(), deadline_s=math.inf)
            assert await left.call(Double(8), deadline_s=60) == Doubled(16)

    trio.run(story, clock=trio.testing.MockClock(autojump_threshold=0))


class Stuck(Trickle):
    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await trio.sleep_forever()


async def test_a_peer_that_does_not_read_is_given_up(autojump_clock: trio.testing.MockClock) -> None:
    near, _far = trio.testing.memory_stream_pair()
    link = Link(trio.StapledStream(Stuck(near.send_stream), near.receive_stream))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        assert await link.call(Double(1), deadline_s=SEND_LIMIT_S * 2) == Unanswered(Why.NO_PEER)


async def test_news_for_a_peer_that_does_not_read_is_not_kept_for_ever() -> None:
    near, _far = trio.testing.memory_stream_pair()
    link = Link(trio.StapledStream(Stuck(near.send_stream), near.receive_stream))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        await trio.testing.wait_all_tasks_blocked()
        for degrees in range(OUTBOX_LIMIT + 2):
            link.publish(Weather(degrees))
    assert await link.call(Double(1), deadline_s=5) == Unanswered(Why.NO_PEER)


# --- news -----------------------------------------------------------------------------------


async def test_news_comes_in_order_and_a_failing_listener_is_survived() -> None:
    heard: list[int] = []

    def listen(news: Weather) -> None:
        if news.degrees == 2:
            raise RuntimeError("the screen has a bug")
        heard.append(news.degrees)

    left, right = two_links({Double: double}, {Weather: listen})
    with structlog.testing.capture_logs() as logs:
        async with linked(left, right):
            for degrees in (1, 2, 3):
                left.publish(Weather(degrees))
            await left.call(Double(0), deadline_s=5)
    assert heard == [1, 3]
    assert [entry["event"] for entry in logs] == ["news_failed"]
