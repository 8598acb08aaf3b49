"""The printer itself: bytes in, answers out, and a slip of paper now and then."""

from __future__ import annotations

import enum
from collections.abc import Callable

from drivers.virtual.printer.interpreter import Interpreter
from drivers.virtual.printer.mechanism import Mechanism
from drivers.virtual.printer.model import FULL, Model
from drivers.virtual.printer.press import Press
from drivers.virtual.printer.roll import PrintedSlip
from drivers.virtual.printer.stream import AskStatus, ClearBuffers, RealTimeFilter, next_token

CLEARED = b"\x37\x25\x00"
"""Answer to DLE DC4 fn 8."""


class Voice(enum.Enum):
    """How the printer takes part in the conversation."""

    NORMAL = enum.auto()
    MUTE = enum.auto()
    """Prints, answers nothing: the line back is broken."""
    DEAD = enum.auto()
    """Prints nothing, answers nothing: switched off."""


class Printer:
    """An ESC/POS receipt printer for paper of 58 or 80 mm.

    Knows no wire and no clock: `feed` it what arrives, send what it returns.
    """

    def __init__(self, width_mm: int, model: Model = FULL) -> None:
        self._model = model
        self._mechanism = Mechanism()
        self._press = Press(width_mm, self._mechanism)
        self._voice = Voice.NORMAL
        self._start()

    def feed(self, data: bytes) -> bytes:
        """Take bytes from the line; returns what the printer says, also what it says unasked."""
        if self._voice is not Voice.DEAD:
            for byte in data:
                self._receive(byte)
            self._work()
        said = bytes(self._said)
        self._said.clear()
        return said if self._voice is Voice.NORMAL else b""

    @property
    def slips(self) -> list[PrintedSlip]:
        """The slips cut off so far, the oldest first; take them away as a citizen would."""
        return self._press.slips

    @property
    def hanging(self) -> PrintedSlip:
        """What sticks out of the printer uncut."""
        return self._press.hanging

    @property
    def errors(self) -> list[str]:
        """What it was told since power-on and did not understand."""
        return self._interpreter.errors

    @property
    def remembers(self) -> bool:
        """Whether something waits in its buffers that could still come out."""
        return bool(self._received) or bool(self._interpreter.line)

    # --- what hands do to it ------------------------------------------------------

    def take_paper_out(self) -> None:
        self._change(paper_out=True)

    def load_paper(self) -> None:
        """A new roll; what hung from the old one is torn off and thrown away."""
        self._press.load()
        self._change(paper_out=False, near_end=False)

    def run_low(self) -> None:
        self._change(near_end=True)

    def open_cover(self) -> None:
        self._change(cover_open=True)

    def close_cover(self) -> None:
        self._change(cover_open=False)

    def heat_up(self) -> None:
        self._change(head_hot=True)

    def cool_down(self) -> None:
        self._change(head_hot=False)

    def jam_cutter(self) -> None:
        """It sticks at the next cut, and only then the printer notices."""
        self._press.cutter_stuck = True

    def free_cutter(self) -> None:
        self._press.cutter_stuck = False
        self._change(cutter_jammed=False)

    def speak(self, voice: Voice) -> None:
        self._voice = voice

    def power_cycle(self) -> None:
        """Off and on: settings and buffers are gone, paper and faults stay."""
        self._start()

    def after_lines(self, lines: int, happening: Callable[[], None]) -> None:
        """Let something happen when `lines` more lines have been printed, e.g. `printer.take_paper_out`."""
        self._press.after_lines(lines, happening)

    # --- inside -------------------------------------------------------------------

    def _start(self) -> None:
        self._real_time = RealTimeFilter(self._model.lacks)
        self._received = bytearray()
        self._said = bytearray()
        self._interpreter = Interpreter(self._model, self._press, self._mechanism, self._said.extend)

    def _receive(self, byte: int) -> None:
        match self._real_time.feed(byte):
            case AskStatus(n):
                status = self._mechanism.real_time(n)
                if n in self._model.reports and status is not None:
                    self._said.append(status)
            case ClearBuffers():
                self._received.clear()
                self._interpreter.line.clear()
                self._said += CLEARED
            case bytes() as rest:
                self._received += rest

    def _work(self) -> None:
        while self._received and not self._mechanism.offline:
            token = next_token(bytes(self._received), self._interpreter.rom, self._model.lacks)
            if token is None:
                return
            del self._received[: token.length]
            self._interpreter.do(token)

    def _change(self, **parts: bool) -> None:
        for part, value in parts.items():
            setattr(self._mechanism, part, value)
        if self._interpreter.automatic:
            self._said += self._mechanism.automatic()
