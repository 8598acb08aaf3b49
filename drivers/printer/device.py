"""The receipt printer as a device of `kiosk devices`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from drivers.child import Sighting, StillWanted
from drivers.printer import commands
from drivers.printer.encoders import Encoder
from drivers.printer.job import Job
from drivers.printer.layout import lay_out
from drivers.printer.port import PortGone, PrinterPort
from drivers.printer.rows import Paper
from drivers.serial_port import is_pseudo
from kiosk.devices import NotPrinted, Printing, PrintSlip
from kiosk.slips.lines import Slip
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOut, DeviceState, DeviceUnknown

LOOK_EVERY_S = 2.0
"""How often an idle printer is asked, or a missing one looked for: soon enough for whoever changes the paper."""


class EscposPrinter:
    """Prints slips on an ESC/POS printer at `device`, e.g. /dev/ttyUSB0; comes back by itself when unplugged.

    `width_mm` is 58 or 80, anything else raises ValueError; `encoder` is what its font ROM knows.
    """

    def __init__(
        self, device: str, baud: int, width_mm: int, encoder: Encoder, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._device = device
        self._baud = baud
        self._paper = Paper.of_width(width_mm)
        self._encoder = encoder
        self._clock = clock
        self._port: PrinterPort | None = None
        self._state: DeviceState = DeviceUnknown()
        self._looked = float("-inf")

    def answer(self, call: Any, still_wanted: StillWanted) -> Printing:
        """Answer PrintSlip, the one call a printer knows."""
        match call:
            case PrintSlip(slip):
                return self._print(slip, still_wanted)
            case _:
                raise TypeError(f"a printer does not answer {type(call).__name__}")

    def look(self) -> Sighting:
        """The state, asked anew every `LOOK_EVERY_S`; DLE EOT disturbs nothing."""
        if self._clock() - self._looked >= LOOK_EVERY_S:
            self._ask_state()
        return Sighting(self._state, virtual=is_pseudo(self._device))

    def close(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None

    def _print(self, slip: Slip, still_wanted: StillWanted) -> Printing:
        match self._ask_state():
            case DeviceOut(advice) | DeviceAbsent(advice) | DeviceFailing(advice):
                return NotPrinted(advice)
        pieces = commands.slip(lay_out(slip, self._paper), self._encoder)
        outcome = Job(self._open_port(), still_wanted, self._clock).run(pieces)
        self._looked = float("-inf")  # whatever happened, the state before is old
        return outcome

    def _ask_state(self) -> DeviceState:
        try:
            self._state = self._open_port().ask_state()
        except PortGone:
            self.close()
            self._state = DeviceAbsent(f"找不到打印机（{self._device}），请检查数据线和电源")
        self._looked = self._clock()
        return self._state

    def _open_port(self) -> PrinterPort:
        """The open line.  A printer met anew may hold what was left of a slip: it forgets it first."""
        if self._port is None:
            self._port = PrinterPort(self._device, self._baud, self._clock)
            self._port.clear()
            self._port.send(commands.START)
        return self._port
