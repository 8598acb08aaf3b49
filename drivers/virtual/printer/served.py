"""The virtual printer on a serial line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drivers.virtual.printer.machine import Printer
from drivers.virtual.printer.roll import PrintedSlip
from drivers.virtual.pty import PtyLine


class ServedPrinter:
    """A `Printer` at the path `link`; safe to use from any thread.  `close` pulls its plug."""

    def __init__(self, link: Path, printer: Printer) -> None:
        self._printer = printer
        self._line = PtyLine(link, printer.feed)

    @property
    def slips(self) -> tuple[PrintedSlip, ...]:
        """The slips cut off so far, the oldest first."""
        with self._line.lock:
            return tuple(self._printer.slips)

    @property
    def hanging(self) -> PrintedSlip:
        """What sticks out of the printer uncut."""
        with self._line.lock:
            return self._printer.hanging

    def touch(self, hand: Callable[[Printer], object]) -> None:
        """Do something to the printer, e.g. `touch(Printer.open_cover)`; it may have something to say about it."""
        with self._line.lock:
            hand(self._printer)
            self._line.say(self._printer.feed(b""))

    def tear_off(self) -> PrintedSlip | None:
        """Take the oldest slip away; None when there is none."""
        with self._line.lock:
            return self._printer.slips.pop(0) if self._printer.slips else None

    def close(self) -> None:
        self._line.close()
