"""One command, one reply on the serial line of a KMY350, and the keys pressed between them.

What comes is read into a buffer that is wiped: a figure is nowhere else in this process.
"""

from __future__ import annotations

import os
import select
import termios
import time
from collections.abc import Callable

import msgspec
import serial

from drivers.pin_pad.frames import Incoming, Reply, command
from kiosk.pin import wipe

ANSWER_S = 0.3
"""A reply of a dozen bytes takes 15 ms at 9600 baud; pad and USB bridge add some tens."""
QUIET_S = 0.05
"""A silence that no frame has inside."""
WRITE_S = 1.0
"""A command has at most 10 bytes; a line that does not take them in this time is stuck."""
TRIES = 2
"""Noise spoils single frames."""
ROOM = 256
"""Bytes read at a time."""

VERSION = command(0x30)
OFF = command(0x45, b"\x01")
ON = command(0x45, b"\x03")
"""Without the pad's own beep: the terminal beeps for every key, on the glass or on the pad."""

Clock = Callable[[], float]


class Silent(msgspec.Struct, frozen=True):
    """Nothing came, or nothing whole."""


class PortGone(msgspec.Struct, frozen=True):
    """The line itself failed: unplugged."""


Heard = Reply | Silent | PortGone


class Kmy350:
    """An open line to a pad.  OSError from the constructor if the port cannot be opened."""

    def __init__(self, path: str, baud_rate: int, clock: Clock = time.monotonic) -> None:
        self._port = serial.Serial(path, baud_rate, timeout=0, write_timeout=WRITE_S, exclusive=True)
        self._room = bytearray(ROOM)
        self._incoming = Incoming()
        self._clock = clock

    def ask(self, asked: bytes) -> Heard:
        """Send a command, once more if it or its reply is lost."""
        heard: Heard = Silent()
        for _ in range(TRIES):
            heard = self._exchange(asked)
            if not isinstance(heard, Silent):
                break
        return heard

    def key(self, wait_s: float) -> int | PortGone | None:
        """The code of the next key; None: none was pressed within `wait_s`, which is longer than `QUIET_S`."""
        try:
            if not self._incoming.keys:
                self._listen(wait_s)
        except (OSError, termios.error):
            return PortGone()
        return self._incoming.next_key() if self._incoming.keys else None

    def forget_keys(self, first: int) -> None:
        """So many of those that wait, the first ones: they are nobody's."""
        for _ in range(min(first, self._incoming.keys)):
            self._incoming.next_key()

    def close(self) -> None:
        self._incoming.forget_keys()
        self._port.close()

    def _exchange(self, asked: bytes) -> Heard:
        """A key pressed meanwhile counts if the reply came whole; else it may be what is left of a reply.

        The line is looked at once more when the time is over: it may be this process that was late, not the pad.
        """
        before = self._incoming.keys
        end = self._clock() + ANSWER_S
        in_time = True
        try:
            self._port.write(asked)
            while in_time:
                in_time = self._clock() < end
                for reply in self._listen(QUIET_S):
                    while not self._incoming.settled and self._clock() < end:
                        self._listen(QUIET_S)
                    return reply
        except (OSError, termios.error):
            return PortGone()
        self._incoming.forget_keys(behind=before)
        return Silent()

    def _listen(self, wait_s: float) -> list[Reply]:
        """What comes at once, or within `wait_s`."""
        line = self._port.fileno()
        ready, _, _ = select.select([line], [], [], wait_s)
        if not ready:
            self._incoming.quiet()
            return []
        try:
            count = os.readv(line, [self._room])
            if not count:
                raise OSError("the line has ended")
            return self._incoming.feed(memoryview(self._room)[:count])
        finally:
            wipe(self._room)
