"""One slip on its way through the printer.  Once begun it is finished: half a slip helps nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drivers.child import StillWanted
from drivers.printer.port import PortGone, PrinterPort
from drivers.printer.status import SILENT
from kiosk.devices import NotPrinted, Printed, Printing, PrintUnknown
from kiosk.terms import DeviceFailing, DeviceLow, DeviceOk, DeviceOut, DeviceState

PATIENCE_S = 15.0
"""For a long slip on a slow printer (300 mm at 50 mm/s) and its cut."""

SILENCE_S = 2.0
"""A printer that answers nothing for so long will not answer."""

LOST = PrintUnknown("打印时与打印机的连接断了，请检查数据线和电源")
UNCONFIRMED = PrintUnknown("打印机没有确认凭条已经打完，请查看出纸口")
SWALLOWED = PrintUnknown("凭条打完时纸也用完了，请换上新纸卷")
NOT_WANTED = NotPrinted("没有开始打印：已经没有人等这张凭条")


class Job:
    """Prints one slip that is already bytes."""

    def __init__(self, port: PrinterPort, still_wanted: StillWanted, clock: Callable[[], float]) -> None:
        self._port = port
        self._still_wanted = still_wanted
        self._clock = clock

    def run(self, pieces: Iterable[bytes]) -> Printing:
        """`still_wanted` can stop it before the first byte; later it is only the sign of life."""
        if not self._still_wanted():
            return NOT_WANTED
        try:
            confirms = self._confirms_in_order()
        except PortGone:
            return NotPrinted(LOST.advice)
        try:
            self._send(pieces)
            if confirms:
                self._port.ask_in_order()
            return self._settle(confirms=confirms)
        except PortGone:
            return LOST

    def _confirms_in_order(self) -> bool:
        """Whether this printer answers GS r 1, which cheap ones do not know."""
        self._port.ask_in_order()
        return self._port.await_in_order() is not None

    def _send(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._port.send(piece)
            self._still_wanted()

    def _settle(self, *, confirms: bool) -> Printing:
        """Wait for the end: the answer in order, a fault, silence, or patience at its end."""
        last_heard = start = self._clock()
        state: DeviceState = SILENT
        while self._clock() - start < PATIENCE_S:
            self._still_wanted()
            if answer := self._port.await_in_order():
                return SWALLOWED if answer.paper_end else Printed()
            state = self._port.ask_state()
            if isinstance(state, DeviceOut | DeviceFailing):
                return self._stopped(state)
            if state != SILENT:
                last_heard = self._clock()
            elif self._clock() - last_heard > SILENCE_S:
                return PrintUnknown(SILENT.advice)
        well = isinstance(state, DeviceOk | DeviceLow)
        return Printed() if well and not confirms else UNCONFIRMED

    def _stopped(self, state: DeviceOut | DeviceFailing) -> Printing:
        """A fault before the answer in order.  What is still in the printer must not come out for the next person."""
        rest = "" if self._port.clear() else "；请关机再开机，清除剩余内容"
        match state:
            case DeviceOut(advice):
                return NotPrinted(f"{advice}；凭条没有打完，请撕掉半张{rest}")
            case DeviceFailing(advice):  # the text may be out whole, and only the cut missing
                return PrintUnknown(advice + rest)
