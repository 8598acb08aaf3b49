"""Typed calls between the terminal's processes: framed JSON over a Unix socket.

A frame is its length (4 bytes, big-endian) and one JSON message.  A call has an id, a deadline and exactly
one reply; it can be cancelled.  News is published on change and in full on connect.  Either side may call.
A call that finds no peer, or no answer in time, returns `Unanswered`: to the caller that is a fact, not a fault.
"""

from __future__ import annotations

import enum
import socket
import struct
import typing
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec
import trio

FRAME_LIMIT = 16 * 1024 * 1024
"""Bytes.  A batch of 500 items is about 1 MiB; anything near this limit is not ours."""

FAREWELL_S = 1
"""How long a last word to a peer may take."""

_LENGTH = struct.Struct(">I")

A = TypeVar("A")


class Call(msgspec.Struct, Generic[A], frozen=True, tag_field="call"):
    """Base of everything one process asks another.  `A` is the union of its answers."""

    @classmethod
    def answer_type(cls) -> Any:
        base = next(b for b in cls.__orig_bases__ if typing.get_origin(b) is Call)  # type: ignore[attr-defined]
        return typing.get_args(base)[0]


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
    body = msgspec.json.encode(message)
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


class Link:
    """Both ends of a connection look the same: each may call, answer and publish.

    `handlers` maps the calls this side answers to what answers them; `listeners` the news it wants.
    """

    def __init__(
        self,
        stream: trio.abc.Stream,
        handlers: dict[type[Call[Any]], Handler] | None = None,
        listeners: dict[type[News], Listener] | None = None,
    ) -> None:
        self._stream = stream
        self._handlers = handlers or {}
        self._listeners = listeners or {}
        self._calls = _union_decoder(self._handlers)
        self._news = _union_decoder(self._listeners)
        self._waiting: dict[int, trio.MemorySendChannel[Answered | Failed]] = {}
        self._running: dict[int, trio.CancelScope] = {}
        self._next_id = 0
        self._sending = trio.Lock()
        self._closed = False

    async def run(self) -> None:
        """Read until the peer is gone.  Whatever it asked and has not been told yet is cancelled then."""
        frames = Frames()
        try:
            async with trio.open_nursery() as nursery:
                async for data in self._stream:
                    for message in frames.feed(data):
                        self._take(message, nursery)
                nursery.cancel_scope.cancel()
        except* (trio.BrokenResourceError, trio.ClosedResourceError, BadFrame):
            pass  # a peer that is gone, or talks nonsense, is a peer that is gone
        finally:
            self._closed = True
            for waiting in self._waiting.values():
                waiting.close()
            with trio.CancelScope(shield=True, deadline=trio.current_time() + FAREWELL_S):
                await self._stream.aclose()

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
                    return typing.cast(A, msgspec.json.decode(message.body, type=type(call).answer_type()))
                except msgspec.MsgspecError:
                    return Unanswered(Why.FAULT)

    async def _exchange(self, call: Call[Any]) -> Answered | Failed | Unanswered:
        if self._closed:
            return Unanswered(Why.NO_PEER)
        self._next_id += 1
        number = self._next_id
        send, receive = trio.open_memory_channel[Answered | Failed](1)
        self._waiting[number] = send
        try:
            if not await self._send(Asked(number, raw(call))):
                return Unanswered(Why.NO_PEER)
            return await receive.receive()
        except trio.EndOfChannel:
            return Unanswered(Why.NO_PEER)
        except trio.Cancelled:
            # Shielded, or the peer would go on for nobody; bounded, because the peer may not read any more.
            with trio.CancelScope(shield=True, deadline=trio.current_time() + FAREWELL_S):
                await self._send(Cancelled(number))
            raise
        finally:
            del self._waiting[number]

    async def publish(self, news: News) -> None:
        """Tell the peer; nothing happens when it is gone."""
        await self._send(Told(raw(news)))

    def _take(self, message: Message, nursery: trio.Nursery) -> None:
        match message:
            case Asked():
                scope = trio.CancelScope()
                self._running[message.id] = scope
                nursery.start_soon(self._answer, message, scope)
            case Cancelled():
                if message.id in self._running:
                    self._running[message.id].cancel()
            case Answered() | Failed():
                if message.id in self._waiting:
                    self._waiting[message.id].send_nowait(message)
            case Told():
                self._hear(message)

    async def _answer(self, asked: Asked, scope: trio.CancelScope) -> None:
        try:
            with scope:
                try:
                    call = self._calls(asked.body)
                except msgspec.MsgspecError:
                    await self._send(Failed(asked.id))
                    return
                answer = await self._handlers[type(call)](call)
                await self._send(Answered(asked.id, raw(answer)))
        finally:
            del self._running[asked.id]

    def _hear(self, told: Told) -> None:
        try:
            news = self._news(told.body)
        except msgspec.MsgspecError:
            return  # news of a kind this side does not want
        self._listeners[type(news)](news)

    async def _send(self, message: Message) -> bool:
        async with self._sending:
            try:
                await self._stream.send_all(frame(message))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return False
        return True


def _union_decoder(types: Iterable[type]) -> Callable[[msgspec.Raw], Any]:
    known = tuple(types)
    if not known:
        return msgspec.json.Decoder(_Nothing).decode
    return msgspec.json.Decoder(typing.Union[known]).decode  # noqa: UP007 - the members are known at run time


class _Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="nothing"):
    """What a side that answers nothing understands."""


# --- sockets --------------------------------------------------------------------------


def peer_uid(stream: trio.SocketStream) -> int:
    """The user at the other end (SO_PEERCRED)."""
    credentials = stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid)
