"""The paper's way through the printer: head, cutter, and what happens on it."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from drivers.virtual.printer.head import Align, margin
from drivers.virtual.printer.mechanism import Mechanism
from drivers.virtual.printer.roll import CUTTER_DOTS, PrintedSlip, Roll


class Press:
    """Prints strips on a roll and cuts slips off it.  `slips` are those cut so far, the oldest first."""

    def __init__(self, width_mm: int, mechanism: Mechanism) -> None:
        self.slips: list[PrintedSlip] = []
        self.cutter_stuck = False
        self._width_mm = width_mm
        self._mechanism = mechanism
        self._awaited: list[tuple[int, Callable[[], None]]] = []
        self.load()

    @property
    def dots(self) -> int:
        return self._roll.dots

    @property
    def hanging(self) -> PrintedSlip:
        """What sticks out uncut."""
        return self._roll.hanging

    def load(self) -> None:
        """A new roll; what hung from the old one is torn off and thrown away."""
        self._roll = Roll(self._width_mm)

    def after_lines(self, lines: int, happening: Callable[[], None]) -> None:
        """Let something happen when `lines` more lines have been printed."""
        self._awaited.append((lines, happening))

    def burn(self, strip: Image.Image, text: str) -> None:
        """Print a strip as wide as the head."""
        self._roll.burn(strip, text)
        self._awaited = [(left - 1, happening) for left, happening in self._awaited]
        due = [happening for left, happening in self._awaited if left <= 0]
        self._awaited = [(left, happening) for left, happening in self._awaited if left > 0]
        for happening in due:
            happening()

    def draw(self, mask: Image.Image, text: str, align: Align) -> None:
        """Print something narrower than the head."""
        strip = Image.new("L", (self.dots, mask.height), 0)
        strip.paste(mask, (margin(mask.width, self.dots, align), 0))
        self.burn(strip, text)

    def feed(self, dots: int) -> None:
        self._roll.feed(dots)

    def feed_to_cutter(self, dots: int) -> None:
        """What stands at the head goes to the cutter, and `dots` beyond it."""
        self._roll.feed(CUTTER_DOTS + dots)

    def cut(self) -> None:
        """A stuck cutter is noticed here, and not before."""
        if self.cutter_stuck:
            self._mechanism.cutter_jammed = True
        else:
            self.slips.append(self._roll.cut())
