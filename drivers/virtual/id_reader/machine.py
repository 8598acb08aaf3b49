"""A resident ID card reader (SAM_V, GA/T 467) without its wire: bytes in, bytes out."""

from __future__ import annotations

import enum

from drivers.id_card.frames import PREAMBLE, Frames, encode
from drivers.virtual.id_reader.document import TEXT_BYTES, IdDocument, text_block
from drivers.virtual.id_reader.faults import (
    FIND,
    READ,
    SELECT,
    STATUS,
    BadChecksum,
    Fault,
    HalfFrame,
    Lifted,
    Noise,
    SamFault,
    Silent,
)

RESET = b"\x10\xff"
SAM_ID = b"\x12\xff"

PHOTO = (PREAMBLE * 205)[:1024]
"""Nobody's portrait: 1024 bytes that look like the beginning of frames wherever one looks."""

OK, CARD_FOUND = 0x90, 0x9F
COMMAND_ERROR, READ_FAILED, FIND_FAILED, SELECT_FAILED = 0x21, 0x41, 0x80, 0x81

_GARBAGE = b"\x00\xff\xaa\xaa" + PREAMBLE + b"\xff\xff"
"""Ends in a preamble whose length no frame has."""


class Stage(enum.Enum):
    """How far the reader got with the card on its glass."""

    LAID = enum.auto()
    FOUND = enum.auto()
    SELECTED = enum.auto()
    READ = enum.auto()
    """Not found again until it was lifted: so most readers, see `RefindingIdReader`."""


class IdReader:
    """The reader, and the hand that lays a document on it."""

    def __init__(self) -> None:
        self._frames = Frames()
        self._document: IdDocument | None = None
        self._text = b""
        self._stage = Stage.LAID
        self._fault: Fault | None = None
        self._left: int | None = None

    @property
    def document(self) -> IdDocument | None:
        """What lies on the glass."""
        return self._document

    def lay(self, document: IdDocument) -> None:
        """Lay a document on; one that lies there is taken away first.  ValueError if it cannot be written."""
        self._text = text_block(document)
        self._document, self._stage = document, Stage.LAID

    def lift(self) -> None:
        self._document = None

    def spoil(self, fault: Fault) -> None:
        """From now on this goes wrong, and nothing else."""
        self._fault, self._left = fault, fault.times

    def recover(self) -> None:
        self._fault = None

    def feed(self, data: bytes) -> bytes:
        """What comes from the terminal; returns what the reader says to it."""
        return b"".join(self._reply(body) for body in self._frames.feed(data))

    def _reply(self, command: bytes) -> bytes:
        fault = self._due(command)
        if isinstance(fault, SamFault):
            return encode(_status(fault.sw))
        answer = encode(self._answer(command))
        match fault:
            case Silent():
                return b""
            case HalfFrame():
                return answer[: len(answer) // 2]
            case BadChecksum():
                return answer[:-2] + bytes([answer[-2] ^ 0x10]) + answer[-1:]
            case Noise():
                return _GARBAGE + answer + _GARBAGE
            case Lifted():
                self.lift()
        return answer

    def _due(self, command: bytes) -> Fault | None:
        fault = self._fault
        if fault is None or fault.command not in (None, command) or self._left == 0:
            return None
        if self._left is not None:
            self._left -= 1
        return fault

    def _answer(self, command: bytes) -> bytes:
        match command:
            case _ if command in (RESET, STATUS) or command[:1] == b"\x60":
                return _status(OK)
            case _ if command == SAM_ID:
                return _status(OK) + bytes.fromhex("0500 0100 3E8B3401 01000000 01000000")
            case _ if command == FIND:
                return self._find()
            case _ if command == SELECT:
                return self._select()
            case _ if command == READ:
                return self._read()
        return _status(COMMAND_ERROR)

    def _find(self) -> bytes:
        if self._document is None or self._stage is Stage.READ:
            return _status(FIND_FAILED)
        self._stage = Stage.FOUND
        return _status(CARD_FOUND) + bytes(4)

    def _select(self) -> bytes:
        if self._document is None or self._stage is not Stage.FOUND:
            return _status(SELECT_FAILED)
        self._stage = Stage.SELECTED
        return _status(OK) + bytes(8)

    def _read(self) -> bytes:
        if self._document is None or self._stage not in (Stage.SELECTED, Stage.READ):
            return _status(READ_FAILED)
        self._stage = Stage.READ
        lengths = TEXT_BYTES.to_bytes(2, "big") + len(PHOTO).to_bytes(2, "big")
        return _status(OK) + lengths + self._text + PHOTO


class RefindingIdReader(IdReader):
    """Goes on finding a card it has read, as some readers in the field do."""

    def _find(self) -> bytes:
        self._stage = Stage.LAID
        return super()._find()


def _status(sw: int) -> bytes:
    return bytes([0, 0, sw])
