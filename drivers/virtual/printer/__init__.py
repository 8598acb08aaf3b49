"""A receipt printer that exists only on the wire: it understands ESC/POS and draws what it prints."""

from drivers.virtual.printer.machine import Printer, Voice
from drivers.virtual.printer.model import CHEAP, FULL, GBK_ONLY, Model
from drivers.virtual.printer.roll import PrintedSlip
from drivers.virtual.printer.served import ServedPrinter

__all__ = ["CHEAP", "FULL", "GBK_ONLY", "Model", "PrintedSlip", "Printer", "ServedPrinter", "Voice"]
