"""Typed calls between the terminal's processes: framed JSON over a Unix socket.

A frame is its length (4 bytes, big-endian) and one JSON message.  A call has an id, a deadline and exactly
one reply; it can be cancelled.  News is published on change and in full on connect.  Either side may call.
A call that finds no peer, or no answer in time, returns `Unanswered`: to the caller that is a fact, not a fault.
"""

from __future__ import annotations

import enum
import functools
import struct
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
import structlog
import trio

from kiosk.pin import Pin

FRAME_LIMIT = 16 * 1024 * 1024
"""Bytes.  A batch of 500 items is about 1 MiB; anything near this limit is not ours."""

SEND_LIMIT_S = 10
"""How long a peer may take to read one frame.  Every process reads all the time; one that does not, hangs."""

OUTBOX_LIMIT = 1000
"""Frames.  A peer so far behind does not read any more; memory is not kept for it."""

_LENGTH = struct.Struct(">I")
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
        return msgspec.json.Decoder(cls.answer_type()).decode


class CarriesPin(Call[A], frozen=True):
    """A call with a PIN: in the frame it is an attachment behind the JSON, never in it.

    Both ends wipe what they had of it: the sender's buffers once written, the receiver's `pin` once answered.
    """

    pin: Pin


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


# --- messages and frames --------------------------------------------------------------


class Asked(msgspec.Struct, frozen=True, tag="call"):
    id: int
    body: msgspec.Raw


class Cancelled(msgspec.Struct, frozen=True, tag="cancel"):
    id: int


class Answered(msgspec.Struct, frozen=True, tag="reply"):
    id: int
    body: msgspec.Raw


class Failed(msgspec.Struct, frozen=True, tag="fault"):
    id: int


class Told(msgspec.Struct, frozen=True, tag="news"):
    body: msgspec.Raw


Message = Asked | Cancelled | Answered | Failed | Told
_decode_message = msgspec.json.Decoder(Message).decode


class BadFrame(Exception):
    """The peer sent something that is no frame of ours: the connection is ended."""


def frame(message: Message) -> bytes:
    """Raises ValueError for a message that no peer would take."""
    body = msgspec.json.encode(message)
    if len(body) > FRAME_LIMIT:
        raise ValueError(f"a message of {len(body)} bytes is over the limit of {FRAME_LIMIT}")
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Cuts a byte stream into messages; keeps what is not complete yet."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes | bytearray) -> Iterable[Message]:
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > FRAME_LIMIT:
                raise BadFrame(f"frame of {length} bytes")
            if len(self._buffer) < _LENGTH.size + length:
                return
            body = bytes(self._buffer[_LENGTH.size : _LENGTH.size + length])
            del self._buffer[: _LENGTH.size + length]
            try:
                yield _decode_message(body)
            except msgspec.MsgspecError:
                raise BadFrame("not a message") from None


def raw(value: msgspec.Struct) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


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
        self._calls = _union_decoder(self._handlers)
        self._news = _union_decoder(self._listeners)
        self._waiting: dict[int, trio.MemorySendChannel[Answered | Failed]] = {}
        self._running: dict[int, trio.CancelScope] = {}
        self._next_id = 0
        self._outbox, self._to_write = trio.open_memory_channel[bytes](OUTBOX_LIMIT)
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
            await trio.aclose_forcefully(self._stream)

    def close(self) -> None:
        """End the connection; `run` returns."""
        self._life.cancel()

    async def call(self, call: Call[A], *, deadline_s: float) -> A | Unanswered:
        """Ask the peer.  Cancelling this tells the peer to stop; so does the deadline, in seconds."""
        message: Answered | Failed | Unanswered = Unanswered(Why.LATE)
        with trio.move_on_after(deadline_s):
            message = await self._exchange(call)
        match message:
            case Unanswered():
                return message
            case Failed():
                return Unanswered(Why.FAULT)
            case Answered():
                try:
                    return typing.cast(A, type(call).answer_decoder()(message.body))
                except msgspec.MsgspecError:
                    return Unanswered(Why.FAULT)

    def publish(self, news: News) -> None:
        """Tell the peer; nothing happens when it is gone."""
        self._post(Told(raw(news)))

    async def _exchange(self, call: Call[Any]) -> Answered | Failed | Unanswered:
        if self._closed:
            return Unanswered(Why.NO_PEER)
        self._next_id += 1
        number = self._next_id
        send, receive = trio.open_memory_channel[Answered | Failed](1)
        self._waiting[number] = send
        try:
            self._post(Asked(number, raw(call)))
            return await receive.receive()
        except trio.EndOfChannel:
            return Unanswered(Why.NO_PEER)
        finally:
            if self._waiting.pop(number, None) and not self._closed:
                self._post(Cancelled(number))  # nobody waits any more

    # --- reading

    async def _read(self, nursery: trio.Nursery) -> None:
        frames = Frames()
        async for data in self._stream:
            for message in frames.feed(data):
                self._take(message, nursery)

    def _take(self, message: Message, nursery: trio.Nursery) -> None:
        match message:
            case Asked():
                self._start(message, nursery)
            case Cancelled():
                if message.id in self._running:
                    self._running[message.id].cancel()
            case Answered() | Failed():
                waiting = self._waiting.pop(message.id, None)
                if waiting is not None:
                    waiting.send_nowait(message)
            case Told():
                self._hear(message)

    def _start(self, asked: Asked, nursery: trio.Nursery) -> None:
        if asked.id in self._running:
            raise BadFrame("a call's number was used twice")
        self._running[asked.id] = trio.CancelScope()
        nursery.start_soon(self._answer, asked)

    async def _answer(self, asked: Asked) -> None:
        try:
            with self._running[asked.id]:
                self._post(await self._reply(asked))
        except Exception:  # the edge: one failed call must not end the others
            log.exception("call_failed")
            self._post(Failed(asked.id))
        finally:
            del self._running[asked.id]

    async def _reply(self, asked: Asked) -> Message:
        try:
            call = self._calls(asked.body)
        except msgspec.MsgspecError:
            log.warning("call_not_known")
            return Failed(asked.id)
        return Answered(asked.id, raw(await self._handlers[type(call)](call)))

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

    def _post(self, message: Message) -> None:
        try:
            self._outbox.send_nowait(frame(message))
        except trio.WouldBlock:
            log.warning("peer_does_not_read")
            self.close()

    async def _write(self) -> None:
        async for data in self._to_write:
            with trio.fail_after(SEND_LIMIT_S):
                await self._stream.send_all(data)


def _union_decoder(types: Iterable[type]) -> Callable[[msgspec.Raw], Any]:
    known = tuple(types)
    if not known:
        return msgspec.json.Decoder(_Nothing).decode
    return msgspec.json.Decoder(typing.Union[known]).decode  # noqa: UP007 - the members are known at run time


class _Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="nothing"):
    """What a side that answers nothing understands."""
