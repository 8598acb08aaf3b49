"""The printer's serial line, by python-escpos: bytes out, answers in.

Of python-escpos only the line is used.  `text()` picks code pages of its own and leaves Chinese mode;
`is_online()` and `paper_status()` take silence for an answer; `_read()` waits for 16 bytes where one comes.
"""

from __future__ import annotations

import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import escpos.exceptions
import escpos.printer
import serial

from drivers.printer.answers import InOrder, RealTime, Sorter
from drivers.printer.commands import ASK_IN_ORDER, BUFFERS_CLEARED, CLEAR_BUFFERS, ask_status
from drivers.printer.status import QUERIES, state
from kiosk.terms import DeviceState

ANSWER_S = 0.3
"""A printer answers DLE EOT within milliseconds, also while it prints; USB bridges add some tens."""

WRITE_S = 2.0
"""A row is written in 0.1 s at 9600 baud; longer means that the line is blocked."""


class PortGone(Exception):
    """The line could not be opened, or broke: unplugged, switched off, no such device."""


class PrinterPort:
    """One printer on a serial line, without flow control: a slip is smaller than any printer's buffer (4 KB).

    Raises PortGone from every call when the line is not there.
    """

    def __init__(self, device: str, baud: int, clock: Callable[[], float]) -> None:
        with _gone_when_broken():
            self._escpos = escpos.printer.Serial(device, baudrate=baud, timeout=ANSWER_S, dsrdtr=False)
            self._escpos.open()
            self._line: serial.Serial = self._escpos.device
            self._line.write_timeout = WRITE_S
        self._clock = clock
        self._sorter = Sorter()
        self._in_order: InOrder | None = None

    def close(self) -> None:
        """Let go of the line; what was not transmitted yet is dropped."""
        self._line.close()  # before python-escpos does, which would flush a line that may be dead

    def send(self, data: bytes) -> None:
        """Returns when `data` has left this machine."""
        with _gone_when_broken():
            self._escpos._raw(data)
            self._line.flush()

    def ask_state(self) -> DeviceState:
        """The printer's state by DLE EOT, in real time: also while it prints, and off line."""
        answers: dict[int, int | None] = {}
        for n in QUERIES:
            answers[n] = self._ask(n)
            if answers[1] is None:
                break  # silence costs time, and one silence says it all
        return state(answers)

    def ask_in_order(self) -> None:
        """Ask for an answer that comes when all sent before has been printed; see `await_in_order`."""
        self._take(self._waiting())
        self._in_order = None
        self.send(ASK_IN_ORDER)

    def await_in_order(self) -> InOrder | None:
        """The answer to `ask_in_order`, waiting at most `ANSWER_S` for something new on the line."""
        if self._in_order is None:
            self._take(self._read())
        return self._in_order

    def clear(self) -> bool:
        """Make the printer forget what it has not printed, also when it is off line.  False: it does not know how."""
        self._take(self._waiting())
        self.send(CLEAR_BUFFERS)
        with _gone_when_broken():  # nothing may be sent before the answer came
            return bytes(self._line.read_until(BUFFERS_CLEARED)).endswith(BUFFERS_CLEARED)

    def _ask(self, n: int) -> int | None:
        self._take(self._waiting())
        self.send(ask_status(n))
        end = self._clock() + ANSWER_S
        while self._clock() < end:
            if answer := self._take(self._read()):
                return answer.byte
        return None

    def _take(self, data: bytes) -> RealTime | None:
        """Sort `data`: keeps an answer in order for `await_in_order`, returns the last one in real time."""
        latest = None
        for byte in data:
            match self._sorter.feed(byte):
                case InOrder() as answer:
                    self._in_order = answer
                case RealTime() as answer:
                    latest = answer
                case _:
                    pass
        return latest

    def _waiting(self) -> bytes:
        with _gone_when_broken():
            return bytes(self._line.read(self._line.in_waiting))

    def _read(self) -> bytes:
        """What comes within `ANSWER_S`, as soon as it comes."""
        with _gone_when_broken():
            return bytes(self._line.read(1)) + self._waiting()


@contextmanager
def _gone_when_broken() -> Iterator[None]:
    try:
        yield
    except (OSError, termios.error, escpos.exceptions.DeviceNotFoundError) as e:  # SerialException is an OSError
        raise PortGone(str(e)) from None
