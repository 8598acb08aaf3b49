"""What comes out of a printer, without one: a slip laid out for its paper and drawn by the virtual printer."""

from __future__ import annotations

from drivers.printer import commands
from drivers.printer.encoders import Gb18030Encoder
from drivers.printer.layout import lay_out
from drivers.printer.rows import Paper
from drivers.virtual.printer.machine import Printer
from drivers.virtual.printer.roll import PrintedSlip
from kiosk.slips.lines import Slip


def preview(slip: Slip, paper: Paper) -> PrintedSlip:
    """As text and as a picture."""
    printer = Printer(paper.width_mm)
    for piece in commands.slip(lay_out(slip, paper), Gb18030Encoder()):
        printer.feed(piece)
    return printer.slips[0]
