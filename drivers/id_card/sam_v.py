"""One command, one answer on the serial line of a SAM_V reader (GA/T 467)."""

from __future__ import annotations

import termios
import time
from collections.abc import Callable

import msgspec
import serial
import structlog

from drivers.child import StillWanted
from drivers.id_card.frames import Frames, encode
from kiosk.terms import Private

CHUNK_S = 0.05
"""Longest silence on the line before somebody is asked whether the answer is still wanted."""
WRITE_S = 1.0
"""A command has 10 bytes; a line that does not take them in this time is stuck."""
TRIES = 3
"""Noise spoils single frames.  What fails three times in a row is the cable or the reader."""
BITS_PER_BYTE = 10
"""8N1: start, eight, stop."""

OK, CARD_FOUND = 0x90, 0x9F
CHECKSUM_ERROR, LENGTH_ERROR = 0x10, 0x11

Clock = Callable[[], float]

_log = structlog.get_logger()


class Command(msgspec.Struct, frozen=True):
    """CMD and Para, and what a good answer to it looks like."""

    name: str
    body: bytes
    time_limit_s: float
    """As used in the field, without the time the answer takes on the line."""
    good: int
    """SW3 of success."""
    data_bytes: int
    """Data of a good answer; tells it from a late one to the command before."""


STATUS = Command("status", b"\x11\xff", 0.3, OK, 0)
FIND = Command("find", b"\x20\x01", 0.1, CARD_FOUND, 4)
SELECT = Command("select", b"\x20\x02", 0.1, OK, 8)
READ = Command("read", b"\x30\x01", 2.0, OK, 4 + 256 + 1024)


class Answer(Private, frozen=True):
    """A whole frame.  `data` may hold a person: it is not kept."""

    sw: int
    data: bytes


class Silent(msgspec.Struct, frozen=True):
    """Nothing came."""


class Garbled(msgspec.Struct, frozen=True):
    """Something came, but no frame."""


class PortGone(msgspec.Struct, frozen=True):
    """The line itself failed: unplugged."""


class NotWanted(msgspec.Struct, frozen=True):
    """Nobody waits for the answer any more."""


Heard = Answer | Silent | Garbled | PortGone | NotWanted


class SamV:
    """An open line to a reader.  OSError from the constructor if the port cannot be opened."""

    def __init__(self, path: str, baud_rate: int, clock: Clock = time.monotonic) -> None:
        self._port = serial.Serial(path, baud_rate, timeout=CHUNK_S, write_timeout=WRITE_S, exclusive=True)
        self._byte_s = BITS_PER_BYTE / baud_rate
        self._clock = clock

    def ask(self, command: Command, still_wanted: StillWanted) -> Heard:
        """Send a command, up to `TRIES` times if it or its answer is lost on the line."""
        for attempt in range(1, TRIES + 1):
            heard = self._exchange(command, still_wanted)
            if not _lost_on_the_line(heard):
                break
            _log.warning("id_reader_line", command=command.name, heard=_describe(heard), attempt=attempt)
        return heard

    def close(self) -> None:
        self._port.close()

    def _exchange(self, command: Command, still_wanted: StillWanted) -> Heard:
        try:
            self._port.reset_input_buffer()
            self._port.write(encode(command.body))
            return self._listen(command, still_wanted)
        except (OSError, termios.error):  # pyserial lets some of the system's errors through
            return PortGone()

    def _listen(self, command: Command, still_wanted: StillWanted) -> Heard:
        frames = Frames()
        heard: Heard = Silent()
        end = self._clock() + command.time_limit_s + (command.data_bytes + 11) * self._byte_s
        while self._clock() < end:
            data = self._port.read(max(1, self._port.in_waiting))
            if data:
                heard = Garbled()
            if answer := _fitting(command, frames.feed(data)):
                return answer
            if not still_wanted():
                return NotWanted()
        return _fitting(command, frames.give_up()) or heard


def _fitting(command: Command, bodies: list[bytes]) -> Answer | None:
    """The first answer that can be one to this command."""
    for body in bodies:
        if len(body) < 3:
            continue
        sw, data = body[2], body[3:]
        if sw not in (OK, CARD_FOUND) or (sw == command.good and len(data) >= command.data_bytes):
            return Answer(sw, data)
    return None


def _lost_on_the_line(heard: Heard) -> bool:
    match heard:
        case Silent() | Garbled():
            return True
        case Answer(sw=sw):
            return sw in (CHECKSUM_ERROR, LENGTH_ERROR)
    return False


def _describe(heard: Heard) -> str:
    return f"sw {heard.sw:02x}" if isinstance(heard, Answer) else type(heard).__name__.lower()
