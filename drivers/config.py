"""Which hardware a terminal has: the `[devices]` section of kiosk.toml, one table a device."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Baud = Annotated[int, msgspec.Meta(ge=1200, le=921_600)]
Port = Annotated[
    str,
    msgspec.Meta(pattern=r"^/[^\x00]+\Z", description='the path of a serial line, e.g. "/dev/serial/by-id/usb-…"'),
]
"""Path of a serial line, best a stable one below /dev/serial/by-id."""


class CardReaderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[devices.card]"""

    reader: str = ""
    """Beginning of the reader's PC/SC name; "" takes the first there is."""


class IdReaderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[devices.id_card]"""

    port: Port
    baud: Baud = 115_200
    """GA 450: the SAM_V's own rate."""


class PrinterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[devices.printer]"""

    port: Port
    baud: Baud = 9600
    width_mm: Literal[58, 80] = 80
    encoding: Literal["gb18030", "gbk"] = "gb18030"
    """What the printer's font ROM knows."""


class PinPadConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[devices.pin_pad]"""

    port: Port
    baud: Baud = 9600


class DevicesConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """[devices]; what is not named is not there."""

    card: CardReaderConfig | None = None
    id_card: IdReaderConfig | None = None
    printer: PrinterConfig | None = None
    pin_pad: PinPadConfig | None = None
