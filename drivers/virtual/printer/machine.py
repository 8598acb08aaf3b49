"""The printer itself: bytes in, answers out, and a slip of paper now and then."""

from __future__ import annotations

import enum
from collections.abc import Callable

from PIL import Image

from drivers.virtual.printer.head import Align, LineBuffer, Style, margin
from drivers.virtual.printer.mechanism import Mechanism
from drivers.virtual.printer.model import DOTS, FULL, Model
from drivers.virtual.printer.roll import CUTTER_DOTS, PrintedSlip, Roll
from drivers.virtual.printer.rom import CodePageRom, Glyph
from drivers.virtual.printer.stream import AskStatus, ClearBuffers, Command, RealTimeFilter, Token, next_token
from drivers.virtual.printer.symbols import QrSettings, qr_mask, raster_mask

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
    """An ESC/POS receipt printer.  Knows no wire and no clock: `feed` it what arrives, send what it returns.

    `slips` are those cut off so far, the oldest first; `errors` names what it did not understand.
    """

    def __init__(self, width_mm: int, model: Model = FULL) -> None:
        self.slips: list[PrintedSlip] = []
        self.errors: list[str] = []
        self._model = model
        self._dots = DOTS[width_mm]
        self._mechanism = Mechanism()
        self._roll = Roll(self._dots)
        self._voice = Voice.NORMAL
        self._cutter_stuck = False
        self._awaited: list[tuple[int, Callable[[], None]]] = []
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
    def hanging(self) -> PrintedSlip:
        """What sticks out of the printer uncut."""
        return self._roll.hanging

    @property
    def remembers(self) -> bool:
        """Whether bytes wait in its buffers that could still come out."""
        return bool(self._received) or bool(self._line)

    # --- what hands do to it ------------------------------------------------------

    def take_paper_out(self) -> None:
        self._change(paper_out=True)

    def load_paper(self) -> None:
        """A new roll; what hung from the old one is torn off and thrown away."""
        self._roll = Roll(self._dots)
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
        self._cutter_stuck = True

    def free_cutter(self) -> None:
        self._cutter_stuck = False
        self._change(cutter_jammed=False)

    def speak(self, voice: Voice) -> None:
        self._voice = voice

    def power_cycle(self) -> None:
        """Off and on: settings and buffers are gone, paper and faults stay."""
        self._start()

    def after_lines(self, lines: int, happening: Callable[[], None]) -> None:
        """Let something happen when `lines` more lines have been printed, e.g. `printer.take_paper_out`."""
        self._awaited.append((lines, happening))

    # --- receiving ----------------------------------------------------------------

    def _start(self) -> None:
        self._real_time = RealTimeFilter()
        self._received = bytearray()
        self._said = bytearray()
        self._automatic = False
        self._line = LineBuffer(self._dots)
        self._reset()

    def _reset(self) -> None:
        self._style = Style()
        self._chinese = self._model.starts_in_chinese
        self._qr = QrSettings()
        self._line.clear()

    def _receive(self, byte: int) -> None:
        match self._real_time.feed(byte):
            case AskStatus(n):
                status = self._mechanism.real_time(n)
                if n in self._model.reports and status is not None:
                    self._said.append(status)
            case ClearBuffers():
                self._received.clear()
                self._line.clear()
                self._said += CLEARED
            case bytes() as rest:
                self._received += rest

    def _work(self) -> None:
        while self._received and not self._mechanism.offline:
            token = next_token(bytes(self._received), self._model.rom if self._chinese else CodePageRom())
            if token is None:
                return
            del self._received[: token.length]
            self._do(token)

    def _do(self, token: Token) -> None:
        match token:
            case Glyph():
                if not self._line.has_room(token, self._style):
                    self._print_line()
                self._line.add(token, self._style)
            case Command():
                action = None if token.name in self._model.lacks else _ACTIONS.get(token.name)
                if action is None:
                    self.errors.append(f"unknown command {token.name.hex(' ')}")
                else:
                    action(self, token.parameters)

    def _change(self, **parts: bool) -> None:
        for part, value in parts.items():
            setattr(self._mechanism, part, value)
        if self._automatic:
            self._said += self._mechanism.automatic()

    # --- printing -----------------------------------------------------------------

    def _print_line(self) -> None:
        self._burn(*self._line.take(self._style))

    def _burn(self, strip: Image.Image, text: str) -> None:
        self._roll.burn(strip, text)
        self._awaited = [(left - 1, happening) for left, happening in self._awaited]
        due = [happening for left, happening in self._awaited if left <= 0]
        self._awaited = [(left, happening) for left, happening in self._awaited if left > 0]
        for happening in due:
            happening()

    def _draw(self, mask: Image.Image, text: str) -> None:
        strip = Image.new("L", (self._dots, mask.height), 0)
        strip.paste(mask, (margin(mask.width, self._dots, self._style.align), 0))
        self._burn(strip, text)

    def _feed_dots(self, dots: int) -> None:
        if self._line:
            self._print_line()
        self._roll.feed(dots)

    # --- commands -----------------------------------------------------------------

    def _nothing(self, parameters: bytes) -> None:
        """Known, and without effect on what this printer draws."""

    def _initialise(self, parameters: bytes) -> None:
        self._reset()

    def _print_mode(self, parameters: bytes) -> None:
        """ESC !: sizes of ASCII only; bold and underline of both."""
        mode = parameters[0]
        self._style.bold, self._style.underline = bool(mode & 0x08), bool(mode & 0x80)
        self._style.ascii_down, self._style.ascii_across = 1 + (mode >> 4 & 1), 1 + (mode >> 5 & 1)

    def _chinese_mode(self, parameters: bytes) -> None:
        """FS !: sizes of Chinese only."""
        mode = parameters[0]
        self._style.underline = bool(mode & 0x80)
        self._style.chinese_across, self._style.chinese_down = 1 + (mode >> 2 & 1), 1 + (mode >> 3 & 1)

    def _size(self, parameters: bytes) -> None:
        """GS !: sizes of both, up to eight times."""
        across, down = (parameters[0] >> 4 & 7) + 1, (parameters[0] & 7) + 1
        self._style.ascii_across = self._style.chinese_across = across
        self._style.ascii_down = self._style.chinese_down = down

    def _bold(self, parameters: bytes) -> None:
        self._style.bold = bool(parameters[0] & 1)

    def _underline(self, parameters: bytes) -> None:
        self._style.underline = bool(parameters[0] & 3)

    def _align(self, parameters: bytes) -> None:
        self._style.align = Align(parameters[0] % 48 % 3)

    def _spacing(self, parameters: bytes) -> None:
        self._style.spacing = parameters[0] if parameters else Style().spacing

    def _line_feed(self, parameters: bytes) -> None:
        self._print_line()

    def _feed_lines(self, parameters: bytes) -> None:
        self._feed_dots(parameters[0] * self._style.spacing)

    def _feed_units(self, parameters: bytes) -> None:
        self._feed_dots(parameters[0])

    def _enter_chinese(self, parameters: bytes) -> None:
        self._chinese = True

    def _leave_chinese(self, parameters: bytes) -> None:
        self._chinese = False

    def _cut(self, parameters: bytes) -> None:
        """GS V m: where the paper stands; GS V 65|66 n: after feeding it to the cutter."""
        if len(parameters) == 2:
            self._feed_dots(CUTTER_DOTS + parameters[1])
        if self._cutter_stuck:
            self._change(cutter_jammed=True)
        else:
            self.slips.append(self._roll.cut())

    def _answer_in_order(self, parameters: bytes) -> None:
        self._said.append(self._mechanism.sensors())

    def _set_automatic(self, parameters: bytes) -> None:
        self._automatic = bool(parameters[0])
        if self._automatic:
            self._said += self._mechanism.automatic()

    def _two_dimensional(self, parameters: bytes) -> None:
        """GS ( k pL pH cn fn …: only QR codes (cn = 49)."""
        function, values = parameters[3:5], parameters[5:]
        match function:
            case b"1A":
                pass
            case b"1C":
                self._qr.module = values[0]
            case b"1E":
                self._qr.level = values[0]
            case b"1P":
                self._qr.data = values[1:]
            case b"1Q":
                self._draw(qr_mask(self._qr), f"[QR {self._qr.data.decode(errors='replace')}]")
            case _:
                self.errors.append(f"unknown function {function.hex(' ')} of GS (")

    def _raster(self, parameters: bytes) -> None:
        self._draw(raster_mask(parameters), "[image]")


_ACTIONS: dict[bytes, Callable[[Printer, bytes], None]] = {
    b"\n": Printer._line_feed,
    b"\r": Printer._nothing,
    b"\x18": Printer._nothing,  # CAN works in page mode only
    b"\x1b!": Printer._print_mode,
    b"\x1b-": Printer._underline,
    b"\x1b2": Printer._spacing,
    b"\x1b3": Printer._spacing,
    b"\x1b@": Printer._initialise,
    b"\x1bE": Printer._bold,
    b"\x1bG": Printer._bold,
    b"\x1bJ": Printer._feed_units,
    b"\x1ba": Printer._align,
    b"\x1bd": Printer._feed_lines,
    b"\x1bt": Printer._nothing,  # its only code page is 437
    b"\x1c!": Printer._chinese_mode,
    b"\x1c&": Printer._enter_chinese,
    b"\x1c-": Printer._underline,
    b"\x1c.": Printer._leave_chinese,
    b"\x1cS": Printer._nothing,
    b"\x1d!": Printer._size,
    b"\x1d(": Printer._two_dimensional,
    b"\x1dV": Printer._cut,
    b"\x1da": Printer._set_automatic,
    b"\x1dr": Printer._answer_in_order,
    b"\x1dv": Printer._raster,
}
