"""Typed calls between the terminal's processes: framed JSON over a Unix socket (`kiosk.frames`).

A call has an id, a deadline and exactly
one reply; it can be cancelled.  News is published on change and in full on connect.  Either side may call.
A call that finds no peer, or no answer in time, returns `Unanswered`: to the caller that is a fact, not a fault.
"""

from __future__ import annotations

import contextlib
import enum
import functools
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
import structlog
import trio

from kiosk.frames import (
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
from kiosk.pin import Pin, wipe

SEND_LIMIT_S = 10
"""How long a peer may take to read one frame.  Every process reads all the time; one that does not, hangs."""

OUTBOX_LIMIT = 1000
"""Frames.  A peer so far behind does not read any more; memory is not kept for it."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

A = TypeVar("A")


class Call(msgspec.Struct, Generic[A], frozen=True, tag_field="call"):
    """Base of everything one process asks another.  `A` is the union of its answers."""

    @classmethod
    def answer_type(cls) -> Any:
        bases = (base for base in cls.__orig_bases__ if typing.get_args(base))  # type: ignore[attr-defined]
        return typing.get_args(next(bases))[0]

    @classmethod
    @functools.cache
    def answer_decoder(cls) -> Callable[[msgspec.Raw], Any]:
        return msgspec.json.Decoder(cls.answer_type(), dec_hook=_to_attach).decode


class CarriesPin(msgspec.Struct, frozen=True):
    """A call or an answer with one PIN or more: in the frame these are an attachment behind the JSON, never in it.

    Both ends wipe what they had of it: the writer its buffers, who answers the PINs of the call that was taken and of
    the answer once it was written, and whoever asked those of the answer that came.
    """

    pin: Pin

    @property
    def pins(self) -> dict[str, Pin]:
        """By the names of their fields."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in fields.items() if isinstance(value, Pin)}


class News(msgspec.Struct, frozen=True, tag_field="news"):
    """Base of everything a process tells unasked.  The latest of a kind replaces the one before."""


class Why(enum.StrEnum):
    NO_PEER = "no_peer"
    """Nobody is connected, or the connection ended while we waited."""
    LATE = "late"
    """The deadline passed; the peer was told to stop."""
    FAULT = "fault"
    """The peer does not know the call, or failed in it (its log says why)."""


class Unanswered(msgspec.Struct, frozen=True):
    why: Why


# --- calls and answers in messages --------------------------------------------------------

Decode = Callable[[msgspec.Raw], Any]
S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", Asked, Answered)


def asking(number: int, call: Call[Any]) -> Asked | Attached:
    """The message for a call."""
    return _carrying(Asked, number, call)


def answering(number: int, answer: msgspec.Struct) -> Answered | Attached:
    """The message for an answer."""
    return _carrying(Answered, number, answer)


def answer_in(message: Answered | Attached, call: type[Call[A]]) -> A | Unanswered:
    """The answer to a call of this kind; what is none is a fault, and its PINs are wiped."""
    answer = _decoded(message, call.answer_decoder())
    whole = None if answer is None else _with_pins(answer, message)
    return Unanswered(Why.FAULT) if whole is None else typing.cast(A, whole)


def done_with(carrier: msgspec.Struct | None) -> None:
    """To be called once: with a call that was taken, however it ended, and with an answer that was written."""
    if isinstance(carrier, CarriesPin):
        for pin in carrier.pins.values():
            pin.wipe()


class Calls:
    """The calls that one side answers."""

    def __init__(self, types: Iterable[type[Call[Any]]]) -> None:
        self._decode = _union_decoder(types)

    def read(self, message: Asked | Attached) -> Call[Any] | None:
        """None: no call of this side.  Raises BadFrame for an attachment that the call has or lacks wrongly.

        The PINs are in the call, for `done_with`, or else they were wiped.
        """
        call: Call[Any] | None = _decoded(message, self._decode)
        if call is None:
            return None
        whole = _with_pins(call, message)
        if whole is None:
            raise BadFrame("an attachment that does not belong to its call")
        return whole


def _carrying(message: type[M], number: int, content: msgspec.Struct) -> M | Attached:
    if not isinstance(content, CarriesPin):
        return message(number, raw(content))
    body = msgspec.Raw(msgspec.json.encode(content, enc_hook=_attached))
    return Attached(message(number, body), tuple(content.pins.values()))


def _decoded(message: Asked | Answered | Attached, decode: Decode) -> Any:
    """None, and the PINs wiped, for what is nothing that this side knows."""
    try:
        return decode(message.carrier.body if isinstance(message, Attached) else message.body)
    except msgspec.MsgspecError:
        _forget(message)
        return None


def _with_pins(content: S, message: Message | Attached) -> S | None:
    """What was read, with the PINs that came behind it; None, and these wiped, if they are not as many as its own."""
    places = content.pins if isinstance(content, CarriesPin) else {}
    pins = message.pins if isinstance(message, Attached) else ()
    if len(places) != len(pins):
        _forget(message)
        return None
    return msgspec.structs.replace(content, **dict(zip(places, pins, strict=True)))


def _forget(message: Message | Attached) -> None:
    """Nobody takes its PINs out."""
    if isinstance(message, Attached):
        for pin in message.pins:
            pin.wipe()


def _attached(value: Any) -> None:
    """In the JSON of a call or an answer null stands for a PIN."""
    if not isinstance(value, Pin):
        raise TypeError(type(value).__name__)


def _to_attach(kind: type, value: Any) -> Pin:
    if kind is not Pin or value is not None:
        raise ValueError("a PIN is attached")
    return Pin()


# --- one connection -------------------------------------------------------------------

Handler = Callable[[Any], Awaitable[msgspec.Struct]]
"""Takes one call, returns one of its answers."""

Listener = Callable[[Any], None]
"""Takes one piece of news."""

Handlers = Mapping[type[Call[Any]], Handler]
Listeners = Mapping[type[News], Listener]


class Link:
    """Both ends of a connection look the same: each may call, answer and publish.

    `handlers` maps the calls this side answers to what answers them; `listeners` the news it wants.
    Frames are written by one task alone, so that nothing that is cancelled leaves half a frame on the wire.
    """

    def __init__(
        self, stream: trio.abc.Stream, handlers: Handlers | None = None, listeners: Listeners | None = None
    ) -> None:
        self._stream = stream
        self._handlers = handlers or {}
        self._listeners = listeners or {}
        self._calls = Calls(self._handlers)
        self._news = _union_decoder(self._listeners)
        self._waiting: dict[int, trio.MemorySendChannel[Answered | Attached | Failed]] = {}
        self._running: dict[int, trio.CancelScope] = {}
        self._next_id = 0
        self._outbox, self._to_write = trio.open_memory_channel[bytearray](OUTBOX_LIMIT)
        self._life = trio.CancelScope()
        self._closed = False

    async def run(self) -> None:
        """Read until the peer is gone.  Whatever it asked and has not been told yet is cancelled then."""
        try:
            with self._life:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write)
                    await self._read(nursery)
                    nursery.cancel_scope.cancel()
        except* (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError, BadFrame):
            pass  # a peer that is gone, hangs or talks nonsense is a peer that is gone
        finally:
            self._closed = True
            for waiting in self._waiting.values():
                waiting.close()
            self._drop_unwritten()
            await trio.aclose_forcefully(self._stream)

    def close(self) -> None:
        """End the connection; `run` returns."""
        self._life.cancel()

    async def call(self, call: Call[A], *, deadline_s: float) -> A | Unanswered:
        """Ask the peer.  Cancelling this tells the peer to stop; so does the deadline, in seconds."""
        message: Answered | Attached | Failed | Unanswered = Unanswered(Why.LATE)
        with trio.move_on_after(deadline_s):
            message = await self._exchange(call)
        match message:
            case Unanswered():
                return message
            case Failed():
                return Unanswered(Why.FAULT)
            case Answered() | Attached():
                return answer_in(message, type(call))

    def publish(self, news: News) -> None:
        """Tell the peer; nothing happens when it is gone."""
        self._post(Told(raw(news)))

    async def _exchange(self, call: Call[Any]) -> Answered | Attached | Failed | Unanswered:
        if self._closed:
            return Unanswered(Why.NO_PEER)
        self._next_id += 1
        number = self._next_id
        send, receive = trio.open_memory_channel[Answered | Attached | Failed](1)
        self._waiting[number] = send
        try:
            self._post(asking(number, call))
            return await receive.receive()
        except trio.EndOfChannel:
            return Unanswered(Why.NO_PEER)
        finally:
            if self._waiting.pop(number, None) and not self._closed:
                self._post(Cancelled(number))  # nobody waits any more
            with contextlib.suppress(trio.WouldBlock, trio.EndOfChannel):
                _forget(receive.receive_nowait())

    # --- reading

    async def _read(self, nursery: trio.Nursery) -> None:
        frames = Frames()
        try:
            while count := await self._receive_into(frames.room()):
                for message in frames.took(count):
                    self._take(message, nursery)
        finally:
            frames.wipe()

    async def _receive_into(self, room: memoryview) -> int:
        """How many bytes came; 0 at the end.  A socket's bytes are nowhere else in this process."""
        if isinstance(self._stream, trio.SocketStream):
            try:
                return await self._stream.socket.recv_into(room)
            except OSError as error:
                raise trio.BrokenResourceError from error
        data = await self._stream.receive_some(len(room))
        room[: len(data)] = data
        return len(data)

    def _take(self, message: Message | Attached, nursery: trio.Nursery) -> None:
        match message:
            case Asked(id=number) | Attached(carrier=Asked(id=number)):
                self._start(number, self._calls.read(message), nursery)
            case Cancelled():
                if message.id in self._running:
                    self._running[message.id].cancel()
            case Answered(id=number) | Attached(carrier=Answered(id=number)) | Failed(id=number):
                waiting = self._waiting.pop(number, None)
                if waiting is None:
                    _forget(message)
                else:
                    waiting.send_nowait(message)
            case Told():
                self._hear(message)

    def _start(self, number: int, call: Call[Any] | None, nursery: trio.Nursery) -> None:
        if number in self._running:
            done_with(call)
            raise BadFrame("a call's number was used twice")
        if call is None:
            log.warning("call_not_known")
            self._post(Failed(number))
            return
        self._running[number] = trio.CancelScope()
        nursery.start_soon(self._answer, number, call)

    async def _answer(self, number: int, call: Call[Any]) -> None:
        try:
            with self._running[number]:
                answer = await self._handlers[type(call)](call)
                try:
                    self._post(answering(number, answer))
                finally:
                    done_with(answer)
        except Exception:  # the edge: one failed call must not end the others
            log.exception("call_failed", call=type(call).__name__)
            self._post(Failed(number))
        finally:
            done_with(call)
            del self._running[number]

    def _hear(self, told: Told) -> None:
        try:
            news = self._news(told.body)
        except msgspec.MsgspecError:
            return  # news of a kind this side does not want
        try:
            self._listeners[type(news)](news)
        except Exception:  # the edge, as for a call
            log.exception("news_failed", news=type(news).__name__)

    # --- writing

    def _post(self, message: Message | Attached) -> None:
        data = frame(message)
        try:
            self._outbox.send_nowait(data)
        except trio.WouldBlock:
            wipe(data)
            log.warning("peer_does_not_read")
            self.close()

    async def _write(self) -> None:
        async for data in self._to_write:
            try:
                with trio.fail_after(SEND_LIMIT_S):
                    await self._stream.send_all(data)
            finally:
                wipe(data)

    def _drop_unwritten(self) -> None:
        with contextlib.suppress(trio.WouldBlock):
            while True:
                wipe(self._to_write.receive_nowait())


def _union_decoder(types: Iterable[type]) -> Decode:
    known = tuple(types)
    if not known:
        return msgspec.json.Decoder(_Nothing).decode
    return msgspec.json.Decoder(typing.Union[known], dec_hook=_to_attach).decode  # noqa: UP007 - the members are known at run time


class _Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="nothing"):
    """What a side that answers nothing understands."""
