"""The program of one device's process: `python -m drivers.child_main KIND SETTINGS FD`.

KIND names the device, SETTINGS is its part of the configuration as JSON, FD the socket to `kiosk devices`.
"""

from __future__ import annotations

import ctypes
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from drivers.child import Child, Device, Sighting, StillWanted
from drivers.config import CardReaderConfig, IdReaderConfig, PinPadConfig, PrinterConfig
from drivers.failures import not_begun
from kiosk.devices import (
    ApplySecureMessage,
    AskPinState,
    AuthenticatePuk,
    ChallengeCard,
    ChallengePin,
    ChangePin,
    CloseCard,
    NoCard,
    OpenCard,
    PrintSlip,
    ReadHolder,
    ReadIdCard,
    ReadPadKey,
    VerifyPin,
)
from kiosk.logs import log_to_stderr
from kiosk.terms import DeviceFailing

PR_SET_PDEATHSIG = 1  # prctl(2)
PR_SET_NAME = 15

NOT_MADE = "驱动程序无法启动，请查看日志"

CALLS = {
    "card": (
        OpenCard,
        ChallengeCard,
        ReadHolder,
        ChallengePin,
        AuthenticatePuk,
        ApplySecureMessage,
        VerifyPin,
        ChangePin,
        AskPinState,
        CloseCard,
    ),
    "id_card": (ReadIdCard,),
    "printer": (PrintSlip,),
    "pin_pad": (ReadPadKey,),
}
"""What each device answers."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Unusable:
    """Stands in for a device whose driver could not be made: says so, instead of dying again and again."""

    def answer(self, call: Any, _still_wanted: StillWanted) -> msgspec.Struct:
        return not_begun(call, NOT_MADE)

    def look(self) -> Sighting:
        return Sighting(DeviceFailing(NOT_MADE), NoCard())

    def close(self) -> None:
        pass


# Each driver is imported in its own process only, so that no library is loaded beside another.


def _card(settings: str) -> Device:
    from drivers.card.device import CardReader  # noqa: PLC0415
    from drivers.card.pcsc import Reader  # noqa: PLC0415

    return CardReader(Reader(msgspec.json.decode(settings, type=CardReaderConfig).reader))


def _id_card(settings: str) -> Device:
    from drivers.id_card.device import IdCardDevice  # noqa: PLC0415

    config = msgspec.json.decode(settings, type=IdReaderConfig)
    return IdCardDevice(config.port, config.baud)


def _printer(settings: str) -> Device:
    from drivers.printer.device import EscposPrinter  # noqa: PLC0415
    from drivers.printer.encoders import Encoder, Gb18030Encoder, GbkEncoder  # noqa: PLC0415

    config = msgspec.json.decode(settings, type=PrinterConfig)
    encoder: Encoder = GbkEncoder() if config.encoding == "gbk" else Gb18030Encoder()
    return EscposPrinter(config.port, config.baud, config.width_mm, encoder)


def _pin_pad(settings: str) -> Device:
    from drivers.pin_pad.device import PinPadDevice  # noqa: PLC0415

    config = msgspec.json.decode(settings, type=PinPadConfig)
    return PinPadDevice(config.port, config.baud)


MAKERS: dict[str, Callable[[str], Device]] = {
    "card": _card,
    "id_card": _id_card,
    "printer": _printer,
    "pin_pad": _pin_pad,
}


def made(make: Callable[[str], Device], settings: str) -> Device:
    try:
        return make(settings)
    except Exception:  # the edge: a driver may fail in any way, and its library too
        log.exception("driver_not_made")
        return Unusable()


def live_and_die_with_parent(name: str) -> None:
    """No core dumps (they would hold what a card said), and no life without the daemon.

    The kernel sends the signal when the thread dies that started us: the daemon does that from its main thread.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NAME, f"kiosk-{name}".encode())
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl PR_SET_PDEATHSIG")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the daemon, and the daemon ends us


def main() -> None:
    kind, settings, fd = sys.argv[1:]
    live_and_die_with_parent(kind)
    log_to_stderr()
    wire = socket.socket(fileno=int(fd))
    Child(wire, made(MAKERS[kind], settings), CALLS[kind]).run()


if __name__ == "__main__":
    main()
