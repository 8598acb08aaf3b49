"""The link between the processes: one reply a call, whatever happens to the wire or to either side."""

from __future__ import annotations

import itertools
import math
import socket
import struct
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

from kiosk.frames import (
    ATTACHMENT_LIMIT,
    FRAME_LIMIT,
    ROOM,
    Answered,
    Asked,
    Attached,
    BadFrame,
    Cancelled,
    Failed,
    Frames,
    Message,
    Told,
    frame,
    raw,
)
from kiosk.link import (
    OUTBOX_LIMIT,
    SEND_LIMIT_S,
    Call,
    CarriesPin,
    Link,
    News,
    Unanswered,
    Why,
    answer_in,
    asking,
)
from kiosk.pin import Pin

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


class Tried(msgspec.Struct, frozen=True, tag="tried"):
    digits: int


class Replace(CarriesPin, Call[Tried], frozen=True, tag="replace"):
    new: Pin


class Try(CarriesPin, Call[Tried], frozen=True, tag="try"):
    pass


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


def header(body: bytes, attached: int = 0) -> bytes:
    return struct.pack(">IB", len(body), attached)


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
            list(Frames().feed(header(body) + body))


def _assert_is_message_of(body: bytes) -> None:
    message = msgspec.json.decode(body, type=Message)
    assert list(Frames().feed(header(body) + body)) == [message]


@given(st.integers(FRAME_LIMIT + 1, 2**32 - 1))
def test_a_huge_length_is_refused_before_anything_is_kept(length: int) -> None:
    with pytest.raises(BadFrame):
        list(Frames().feed(struct.pack(">IB", length, 0)))


def test_a_message_no_peer_would_take_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="over the limit"):
        frame(Told(msgspec.Raw(b'"' + b"x" * FRAME_LIMIT + b'"')))


# --- attachments ------------------------------------------------------------------------

digits = st.lists(st.integers(0, 9), min_size=1, max_size=12)
pins = st.builds(Pin, digits)
attachments = st.one_of(st.tuples(pins), st.tuples(pins, pins))
carriers = st.builds(Asked, numbers, bodies) | st.builds(Answered, numbers, bodies)


def seen(message: Message | Attached) -> object:
    return (message.carrier, list(map(list, message.pins))) if isinstance(message, Attached) else message


@given(
    st.lists(messages | st.builds(Attached, carriers, attachments), max_size=5),
    st.lists(st.integers(0, 10_000), max_size=20),
)
def test_attachments_arrive_with_their_carrier_however_the_stream_is_cut(
    sent: list[Message | Attached], places: list[int]
) -> None:
    frames = Frames()
    pieces = cut(b"".join(frame(message) for message in sent), places)
    assert [seen(got) for piece in pieces for got in frames.feed(piece)] == [seen(message) for message in sent]
    assert not any(memory_of(frames))


def memory_of(frames: Frames) -> bytearray:
    """The whole buffer that bytes are received into."""
    buffer = frames.room().obj
    assert isinstance(buffer, bytearray)
    return buffer


@given(digits, st.integers(0, 30))
def test_a_stream_that_ends_inside_a_frame_leaves_nothing(typed: list[int], missing: int) -> None:
    data = frame(Attached(Asked(1, msgspec.Raw(b"{}")), (Pin(typed),)))
    frames = Frames()
    list(frames.feed(data[: max(0, len(data) - missing)]))
    frames.wipe()
    assert not any(memory_of(frames))


@given(st.integers(0, 5), digits)
def test_a_frame_longer_than_the_room_leaves_nothing_where_it_grew(factor: int, typed: list[int]) -> None:
    frames = Frames()
    small = memory_of(frames)
    padding = msgspec.Raw(b'"' + b"x" * (ROOM * factor) + b'"')
    sent = Attached(Asked(1, padding), (Pin(typed), Pin(typed)))
    assert [seen(got) for got in frames.feed(frame(sent))] == [seen(sent)]
    assert not any(small)
    assert not any(memory_of(frames))


@given(messages.filter(lambda message: not isinstance(message, Asked | Answered)), digits)
def test_only_a_call_or_an_answer_may_have_an_attachment(message: Message, typed: list[int]) -> None:
    body, bcd = msgspec.json.encode(message), bytes(Pin(typed).bcd)
    with pytest.raises(BadFrame):
        list(Frames().feed(header(body, len(bcd)) + body + bcd))


@given(st.integers(ATTACHMENT_LIMIT + 1, 255))
def test_an_attachment_longer_than_two_pins_is_refused_before_it_is_kept(length: int) -> None:
    with pytest.raises(BadFrame):
        list(Frames().feed(header(b"{}", length)))


@given(st.binary(min_size=1, max_size=ATTACHMENT_LIMIT))
def test_an_attachment_that_is_no_pin_is_refused_without_its_bytes(attachment: bytes) -> None:
    body = msgspec.json.encode(Asked(1, msgspec.Raw(b"{}")))
    try:
        [got] = Frames().feed(header(body, len(attachment)) + body + attachment)
        assert isinstance(got, Attached)
        assert b"\xff".join(pin.bcd for pin in got.pins) == attachment
        assert all(map(len, got.pins))
    except BadFrame as refusal:
        assert str(refusal) == "an attachment that is no PIN"


def test_a_pin_is_never_in_the_json() -> None:
    with Pin([1, 2, 3, 4, 5, 6]) as pin:
        asked = asking(1, Try(pin))
        assert isinstance(asked, Attached)
        assert msgspec.json.decode(asked.carrier.body) == {"call": "try", "pin": None}
        with pytest.raises(TypeError):
            raw(Try(pin))
    with pytest.raises(ValueError, match="has none"):
        frame(asked)


class Watched(trio.abc.SendStream):
    """A wire that remembers which buffers it was given."""

    def __init__(self, wire: trio.abc.SendStream) -> None:
        self._wire = wire
        self.given: list[bytearray] = []
        self.carried = b""

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        assert isinstance(data, bytearray)
        self.given.append(data)
        self.carried += data
        await self._wire.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        await self._wire.aclose()


async def test_a_pin_reaches_its_handler_and_both_ends_forget_it() -> None:
    taken: list[Pin] = []
    memory: list[bytearray] = []

    async def attempt(call: Try) -> Tried:
        taken.append(call.pin)
        memory.append(call.pin.bcd)
        return Tried(len(call.pin))

    near, far = trio.testing.memory_stream_pair()
    wire = Watched(near.send_stream)
    left = Link(trio.StapledStream(wire, near.receive_stream))
    async with linked(left, Link(far, {Try: attempt})):
        with Pin([1, 2, 3, 4, 5]) as pin:
            assert await left.call(Try(pin), deadline_s=5) == Tried(5)
            assert list(pin) == [1, 2, 3, 4, 5]
    assert b"\x12\x34\x5f" in wire.carried
    assert not any(byte for data in wire.given for byte in data)
    assert not taken[0].bcd
    assert memory == [bytearray(3)]


async def test_two_pins_reach_their_handler_each_in_its_place() -> None:
    memory: list[bytearray] = []

    async def attempt(call: Replace) -> Tried:
        memory.extend((call.pin.bcd, call.new.bcd))
        return Tried(int("".join(map(str, [*call.pin, 0, *call.new]))))

    left, right = two_links({Replace: attempt})
    async with linked(left, right):
        with Pin([1, 2, 3, 4, 5]) as old, Pin([9, 8, 7, 6]) as new:
            assert await left.call(Replace(old, new), deadline_s=5) == Tried(1234509876)
            assert msgspec.json.decode(asking(1, Replace(old, new)).carrier.body) == {  # type: ignore[union-attr]
                "call": "replace",
                "pin": None,
                "new": None,
            }
        assert memory == [bytearray(3), bytearray(2)]


async def test_a_pin_goes_through_a_real_socket() -> None:
    async def attempt(call: Try) -> Tried:
        return Tried(int("".join(map(str, call.pin))))

    ours, theirs = socket.socketpair()
    left = Link(trio.SocketStream(trio.socket.from_stdlib_socket(ours)))
    right = Link(trio.SocketStream(trio.socket.from_stdlib_socket(theirs)), {Try: attempt})
    async with linked(left, right):
        with Pin([7] * 12) as pin:
            assert await left.call(Try(pin), deadline_s=5) == Tried(777777777777)
        right.close()
        with Pin([7] * 12) as pin:
            assert await left.call(Try(pin), deadline_s=5) == Unanswered(Why.NO_PEER)


async def test_the_pin_of_a_call_that_failed_or_was_cancelled_is_wiped() -> None:
    memory: list[bytearray] = []
    begun = trio.Event()

    async def attempt(call: Try) -> Tried:
        memory.append(call.pin.bcd)
        if len(call.pin) == 4:
            raise RuntimeError("the card driver has a bug")
        begun.set()
        await trio.sleep_forever()
        raise AssertionError("unreachable")

    left, right = two_links({Try: attempt})
    with structlog.testing.capture_logs() as logs, Pin([8, 8, 4, 8]) as four, Pin([8, 8, 4, 8, 9]) as five:
        async with linked(left, right):
            assert await left.call(Try(four), deadline_s=5) == Unanswered(Why.FAULT)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(lambda: left.call(Try(five), deadline_s=math.inf))
                await begun.wait()
                nursery.cancel_scope.cancel()
            await trio.testing.wait_all_tasks_blocked()
            assert memory == [bytearray(2), bytearray(3)]
    assert "8848" not in str(logs)
    assert [(entry["event"], entry["call"]) for entry in logs] == [("call_failed", "Try")]


async def test_a_call_nobody_knows_is_forgotten_with_its_pin() -> None:
    left, right = two_links({Double: double})
    async with linked(left, right):
        with Pin([1, 2, 3, 4]) as pin:
            assert await left.call(Try(pin), deadline_s=5) == Unanswered(Why.FAULT)
        assert await left.call(Double(1), deadline_s=5) == Doubled(2)


async def test_what_was_never_written_is_wiped_when_the_connection_ends() -> None:
    near, far = trio.testing.memory_stream_pair()
    link = Link(trio.StapledStream(Stuck(near.send_stream), near.receive_stream))
    with Pin([9] * 6) as pin:
        async with trio.open_nursery() as nursery:
            for _ in range(2):
                nursery.start_soon(lambda: link.call(Try(pin), deadline_s=math.inf))
            await trio.testing.wait_all_tasks_blocked()
            waiting = [link._to_write.receive_nowait() for _ in range(2)]
            for data in waiting:
                link._outbox.send_nowait(data)
            assert all(data.endswith(b"\x99\x99\x99") for data in waiting)
            nursery.start_soon(link.run)
            await trio.testing.wait_all_tasks_blocked()
            await far.aclose()
    assert not any(byte for data in waiting for byte in data)


# --- attachments of answers ---------------------------------------------------------------


class Drawn(CarriesPin, frozen=True, tag="drawn"):
    pass


class DrawnTwice(CarriesPin, frozen=True, tag="drawn_twice"):
    second: Pin


class Draw(Call[Drawn | DrawnTwice | Tried], frozen=True, tag="draw"):
    pass


async def test_an_answer_brings_its_pin_and_the_giver_forgets_it() -> None:
    given: list[Pin] = []

    async def draw(_call: Draw) -> Drawn:
        given.append(Pin([7]))
        return Drawn(given[0])

    near, far = trio.testing.memory_stream_pair()
    wire = Watched(far.send_stream)
    left, right = Link(near), Link(trio.StapledStream(wire, far.receive_stream), {Draw: draw})
    async with linked(left, right):
        drawn = await left.call(Draw(), deadline_s=5)
        assert isinstance(drawn, Drawn)
        assert list(drawn.pin) == [7]
        assert "7" not in repr(drawn)
    assert wire.carried.endswith(b'"body":{"type":"drawn","pin":null}}\x7f')
    assert not any(byte for data in wire.given for byte in data)
    assert not given[0].bcd


async def test_an_answer_brings_two_pins_each_in_its_place_and_the_giver_forgets_both() -> None:
    given: list[Pin] = []

    async def draw(_call: Draw) -> DrawnTwice:
        given.extend((Pin([7]), Pin([8, 9])))
        return DrawnTwice(*given)

    left, right = two_links({Draw: draw})
    async with linked(left, right):
        drawn = await left.call(Draw(), deadline_s=5)
        assert isinstance(drawn, DrawnTwice)
        assert [*drawn.pin, 0, *drawn.second] == [7, 0, 8, 9]
    assert not any(pin.bcd for pin in given)


@pytest.mark.parametrize(
    "answer",
    [
        Answered(1, msgspec.Raw(b'{"type":"drawn","pin":null}')),
        Answered(1, msgspec.Raw(b'{"type":"drawn","pin":"7"}')),
        Attached(Answered(1, msgspec.Raw(b'{"type":"tried","digits":1}')), (Pin([7]),)),
        Attached(Answered(1, msgspec.Raw(b'{"type":"drawn","pin":null}')), (Pin([7]), Pin([8]))),
        Attached(Answered(1, msgspec.Raw(b'{"type":"drawn_twice","pin":null,"second":null}')), (Pin([7]),)),
        Attached(Answered(1, msgspec.Raw(b"7")), (Pin([7]), Pin([8]))),
    ],
)
def test_an_attachment_that_an_answer_has_or_lacks_wrongly_is_a_fault(answer: Answered | Attached) -> None:
    assert answer_in(answer, Draw) == Unanswered(Why.FAULT)
    assert not isinstance(answer, Attached) or not any(pin.bcd for pin in answer.pins)


async def test_the_pins_of_an_answer_that_nobody_waits_for_are_wiped() -> None:
    near, _far = trio.testing.memory_stream_pair()
    late = Attached(Answered(9, msgspec.Raw(b"{}")), (Pin([7]), Pin([8])))
    async with trio.open_nursery() as nursery:
        Link(near)._take(late, nursery)
    assert not any(pin.bcd for pin in late.pins)


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
        b"\xff\xff\xff\xff\x00",
        b"\x00\x00\x00\x02\x00{}",
        b"GET / HTTP/1.1\r\n\r\n",
        frame(Asked(1, raw(Wait()))) * 2,
        frame(Attached(Asked(1, raw(Wait())), (Pin([1, 2, 3, 4]),))),
        frame(Asked(1, msgspec.Raw(b'{"call":"try","pin":null}'))),
        frame(Attached(Asked(1, msgspec.Raw(b'{"call":"try","pin":null}')), (Pin([1, 2, 3, 4]), Pin([4, 3, 2, 1])))),
    ],
    ids=[
        *("huge length", "no message", "another protocol", "a number used twice"),
        *("a PIN too many", "a PIN missing", "two PINs for one"),
    ],
)
async def test_nonsense_ends_the_connection(sent: bytes) -> None:
    near, far = trio.testing.memory_stream_pair()
    link = Link(far, {Wait: wait, Try: wait})
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
