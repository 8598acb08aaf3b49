"""What goes over a link, and how it is cut: messages in frames.

A frame is the length of its JSON (4 bytes, big-endian), the length of its attachment (1 byte), the JSON, and the
attachment: the PINs of a call or an answer that carries some, in BCD with a byte FF between them, else nothing.
Whatever was written or read is wiped at once, so that no PIN outlives its frame.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Iterator

import msgspec

from kiosk.pin import MAX_BYTES, Pin, wipe

FRAME_LIMIT = 16 * 1024 * 1024
"""Bytes of JSON.  A batch of 500 items is about 1 MiB; anything near this limit is not ours."""

ROOM = 64 * 1024
"""Bytes read at a time; the room grows with a frame that is longer."""

ATTACHMENT_LIMIT = 2 * MAX_BYTES + 1
"""Bytes: the old PIN and the new one."""

_HEADER = struct.Struct(">IB")
_BETWEEN_PINS = 0xFF
"""Never part of a PIN: F stands only in the last nibble of its last byte, behind a digit."""


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
_decode_message: Callable[[bytes], Message] = msgspec.json.Decoder(Message).decode


class Attached(msgspec.Struct, frozen=True):
    """A call or an answer with its PINs.  Whoever takes it out of a frame wipes them."""

    carrier: Asked | Answered
    pins: tuple[Pin, ...]


class BadFrame(Exception):
    """The peer sent something that is no frame of ours: the connection is ended.  Never says what was sent."""


def frame(message: Message | Attached) -> bytearray:
    """To be wiped once written.  Raises ValueError for a message that no peer would take."""
    if not isinstance(message, Attached):
        return _framed(message, ())
    if not all(map(len, message.pins)):
        raise ValueError("what carries a PIN has none")
    return _framed(message.carrier, message.pins)


@contextlib.contextmanager
def framed(message: Message | Attached) -> Iterator[bytearray]:
    """The frame, wiped behind whoever writes it.  Raises ValueError as `frame`."""
    data = frame(message)
    try:
        yield data
    finally:
        wipe(data)


def _framed(message: Message, pins: tuple[Pin, ...]) -> bytearray:
    body = msgspec.json.encode(message)
    if len(body) > FRAME_LIMIT:
        raise ValueError(f"a message of {len(body)} bytes is over the limit of {FRAME_LIMIT}")
    attached = sum(len(pin.bcd) + 1 for pin in pins) - 1 if pins else 0
    # Made in its full size: one that grew would leave copies behind.
    data = bytearray(_HEADER.size + len(body) + attached)
    view, behind = memoryview(data), _HEADER.size + len(body)
    _HEADER.pack_into(data, 0, len(body), attached)
    view[_HEADER.size : behind] = body
    _attach(view[behind:], pins)
    return data


def _attach(room: memoryview, pins: tuple[Pin, ...]) -> None:
    start = 0
    for pin in pins:
        if start:
            room[start - 1] = _BETWEEN_PINS
        end = start + len(pin.bcd)
        room[start:end] = pin.bcd
        start = end + 1


class Frames:
    """Cuts a byte stream into messages; keeps what is not complete yet, and nothing of what was cut."""

    def __init__(self) -> None:
        self._buffer = bytearray(ROOM)
        self._kept = 0

    def room(self) -> memoryview:
        """Where the next bytes are to be received into; `took` says how many came."""
        if self._kept == len(self._buffer):
            self._grow()
        return memoryview(self._buffer)[self._kept :]

    def took(self, count: int) -> Iterator[Message | Attached]:
        """The messages that are complete with the next `count` bytes in the room.  Raises BadFrame."""
        self._kept += count
        start = 0
        try:
            while (size := self._size(start)) is not None:
                start += size
                yield _message(memoryview(self._buffer)[start - size : start])
        finally:
            self._forget(start)

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[Message | Attached]:
        """As `took`, for bytes that lie elsewhere."""
        rest = memoryview(data)
        while rest:
            room = self.room()
            part, rest = rest[: len(room)], rest[len(room) :]
            room[: len(part)] = part
            yield from self.took(len(part))

    def wipe(self) -> None:
        """The stream ended."""
        self._forget(self._kept)

    def _size(self, start: int) -> int | None:
        """Of the frame that begins at `start`; None while it is not complete."""
        if self._kept - start < _HEADER.size:
            return None
        body, attachment = _HEADER.unpack_from(self._buffer, start)
        if body > FRAME_LIMIT or attachment > ATTACHMENT_LIMIT:
            raise BadFrame(f"frame of {body} and {attachment} bytes")
        size = _HEADER.size + int(body) + int(attachment)
        return size if self._kept - start >= size else None

    def _forget(self, count: int) -> None:
        """Move what is left to the front, and leave zeros behind it."""
        view, left = memoryview(self._buffer), self._kept - count
        view[:left] = view[count : self._kept]
        wipe(view[left : self._kept])
        self._kept = left

    def _grow(self) -> None:
        grown = bytearray(2 * len(self._buffer))
        memoryview(grown)[: self._kept] = self._buffer
        wipe(self._buffer)
        self._buffer = grown


def _message(framed: memoryview) -> Message | Attached:
    length, attached = _HEADER.unpack_from(framed)
    behind = _HEADER.size + length
    try:
        # A copy: what stays raw in the message must outlive the buffer.
        message = _decode_message(bytes(framed[_HEADER.size : behind]))
    except msgspec.MsgspecError:
        raise BadFrame("not a message") from None
    if not attached:
        return message
    if not isinstance(message, Asked | Answered):
        raise BadFrame("an attachment of neither a call nor an answer")
    return Attached(message, _pins(framed[behind:]))


def _pins(attachment: memoryview) -> tuple[Pin, ...]:
    ends = [place for place, byte in enumerate(attachment) if byte == _BETWEEN_PINS]
    starts = [0, *(end + 1 for end in ends)]
    parts = [attachment[start:end] for start, end in zip(starts, [*ends, len(attachment)], strict=True)]
    pins = tuple(Pin() for _ in parts)
    if not all(map(_filled, pins, parts)):
        for pin in pins:
            pin.wipe()
        raise BadFrame("an attachment that is no PIN")
    return pins


def _filled(pin: Pin, part: memoryview) -> bool:
    try:
        pin.fill(part)
    except ValueError:
        return False
    return len(pin) > 0


def raw(value: msgspec.Struct) -> msgspec.Raw:
    """Raises TypeError for anything with a PIN in it."""
    return msgspec.Raw(msgspec.json.encode(value))
