"""What each ESC/POS command does."""

from __future__ import annotations

from collections.abc import Callable

from drivers.virtual.printer.head import Align, LineBuffer, Style
from drivers.virtual.printer.mechanism import Mechanism
from drivers.virtual.printer.model import Model
from drivers.virtual.printer.press import Press
from drivers.virtual.printer.rom import CodePageRom, Glyph, Rom
from drivers.virtual.printer.stream import Command, Token
from drivers.virtual.printer.symbols import QrSettings, qr_mask, raster_mask


class Interpreter:
    """Works off commands and characters one by one.  `errors` names what it did not understand."""

    def __init__(self, model: Model, press: Press, mechanism: Mechanism, say: Callable[[bytes], None]) -> None:
        self.errors: list[str] = []
        self.automatic = False
        """GS a: tell every change of state unasked."""
        self.line = LineBuffer(press.dots)
        self._model = model
        self._press = press
        self._mechanism = mechanism
        self._say = say
        self.reset()

    @property
    def rom(self) -> Rom:
        return self._model.rom if self._chinese else CodePageRom()

    def reset(self) -> None:
        """ESC @: everything as after power-on, except what was received and not worked off yet."""
        self.line.clear()
        self._style = Style()
        self._chinese = self._model.starts_in_chinese
        self._qr = QrSettings()

    def do(self, token: Token) -> None:
        match token:
            case Glyph():
                if not self.line.has_room(token, self._style):
                    self._print_line()
                self.line.add(token, self._style)
            case Command():
                action = _ACTIONS.get(token.name)
                if action is None:
                    self.errors.append(f"unknown command {token.name.hex(' ')}")
                else:
                    action(self, token.parameters)

    def _print_line(self) -> None:
        self._press.burn(*self.line.take(self._style))

    def _feed(self, dots: int) -> None:
        if self.line:
            self._print_line()
        self._press.feed(dots)

    def _nothing(self, parameters: bytes) -> None:
        """Known, and without effect on what this printer draws."""

    def _initialise(self, parameters: bytes) -> None:
        self.reset()

    # --- style --------------------------------------------------------------------

    def _print_mode(self, parameters: bytes) -> None:
        """ESC !: sizes of ASCII only; bold and underline of both."""
        mode = parameters[0]
        self._style.bold, self._style.underline = bool(mode & 0x08), bool(mode & 0x80)
        self._style.ascii_down, self._style.ascii_across = 1 + (mode >> 4 & 1), 1 + (mode >> 5 & 1)

    def _chinese_style(self, parameters: bytes) -> None:
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
        """ESC a: 0, 1, 2 or their ASCII digits."""
        self._style.align = Align(parameters[0] % 48 % 3)

    def _spacing(self, parameters: bytes) -> None:
        """ESC 3 n, or ESC 2 for the default."""
        self._style.spacing = parameters[0] if parameters else Style().spacing

    def _enter_chinese(self, parameters: bytes) -> None:
        self._chinese = True

    def _leave_chinese(self, parameters: bytes) -> None:
        self._chinese = False

    # --- paper --------------------------------------------------------------------

    def _line_feed(self, parameters: bytes) -> None:
        self._print_line()

    def _feed_lines(self, parameters: bytes) -> None:
        self._feed(parameters[0] * self._style.spacing)

    def _feed_dots(self, parameters: bytes) -> None:
        self._feed(parameters[0])

    def _cut(self, parameters: bytes) -> None:
        """GS V m: where the paper stands; GS V 65|66 n: after feeding it to the cutter."""
        if len(parameters) == 2:
            self._press.feed_to_cutter(parameters[1])
        self._press.cut()

    def _two_dimensional(self, parameters: bytes) -> None:
        """GS ( k pL pH cn fn …: only QR codes (cn = 49)."""
        function, values = parameters[3:5], parameters[5:]
        match function:
            case b"1A":  # the model: 2 is the only one drawn
                pass
            case b"1C":
                self._qr.module = values[0]
            case b"1E":
                self._qr.level = values[0]
            case b"1P":
                self._qr.data = values[1:]
            case b"1Q":
                text = f"[QR {self._qr.data.decode(errors='replace')}]"
                self._press.draw(qr_mask(self._qr), text, self._style.align)
            case _:
                self.errors.append(f"unknown function {function.hex(' ')} of GS (")

    def _raster(self, parameters: bytes) -> None:
        self._press.draw(raster_mask(parameters), "[image]", self._style.align)

    # --- answers ------------------------------------------------------------------

    def _answer_in_order(self, parameters: bytes) -> None:
        self._say(bytes((self._mechanism.sensors(),)))

    def _set_automatic(self, parameters: bytes) -> None:
        self.automatic = bool(parameters[0])
        if self.automatic:
            self._say(self._mechanism.automatic())


_ACTIONS: dict[bytes, Callable[[Interpreter, bytes], None]] = {
    b"\n": Interpreter._line_feed,
    b"\r": Interpreter._nothing,
    b"\x18": Interpreter._nothing,  # CAN works in page mode only
    b"\x1b!": Interpreter._print_mode,
    b"\x1b-": Interpreter._underline,
    b"\x1b2": Interpreter._spacing,
    b"\x1b3": Interpreter._spacing,
    b"\x1b@": Interpreter._initialise,
    b"\x1bE": Interpreter._bold,
    b"\x1bG": Interpreter._bold,
    b"\x1bJ": Interpreter._feed_dots,
    b"\x1ba": Interpreter._align,
    b"\x1bd": Interpreter._feed_lines,
    b"\x1bt": Interpreter._nothing,  # its only code page is 437
    b"\x1c!": Interpreter._chinese_style,
    b"\x1c&": Interpreter._enter_chinese,
    b"\x1c-": Interpreter._underline,
    b"\x1c.": Interpreter._leave_chinese,
    b"\x1cS": Interpreter._nothing,
    b"\x1d!": Interpreter._size,
    b"\x1d(": Interpreter._two_dimensional,
    b"\x1dV": Interpreter._cut,
    b"\x1da": Interpreter._set_automatic,
    b"\x1dr": Interpreter._answer_in_order,
    b"\x1dv": Interpreter._raster,
}
