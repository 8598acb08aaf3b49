"""A device that behaves as it is told: NAME BEHAVIOUR EVENTS FD.

It reports what happens to it as datagrams to the socket EVENTS, so that a test can wait for it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import Any

import msgspec

from drivers.child import Child, Sighting, StillWanted
from drivers.child_main import CALLS
from kiosk.devices import (
    AuthenticatePuk,
    CardIn,
    CardMute,
    Changed,
    ChangePin,
    CloseCard,
    Closed,
    IdLiftedEarly,
    NoCard,
    OpenCard,
    PinVerified,
    Printed,
    PrintSlip,
    PukAccepted,
    ReadIdCard,
    VerifyPin,
)
from kiosk.terms import DeviceOk

NAME, BEHAVIOUR, EVENTS, FD = sys.argv[1:]
events = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
events.connect(EVENTS)


def report(event: str) -> None:
    events.send(f"{NAME} {event}".encode())


class OddDevice:
    def answer(self, call: Any, still_wanted: StillWanted) -> msgspec.Struct:
        report(f"asked {type(call).__name__}")
        match BEHAVIOUR:
            case "hang":
                signal.pause()
            case "die":
                os._exit(3)
            case "flood":
                wire.sendall(b"\xff" * 100_000)
        return self._behave(call, still_wanted)

    def _behave(self, call: Any, still_wanted: StillWanted) -> msgspec.Struct:
        match call:
            case ReadIdCard():
                while still_wanted():
                    signal.sigtimedwait([], 0.01)  # a poll's pause
                report("no longer wanted")
                return IdLiftedEarly()
            case OpenCard():
                return CardMute()
            case CloseCard():
                return Closed()
            case PrintSlip():
                return Printed()
            case AuthenticatePuk():
                return PukAccepted("00" * 8)
            case VerifyPin() | ChangePin():
                return PinVerified() if isinstance(call, VerifyPin) else Changed()
        raise TypeError(type(call).__name__)

    def look(self) -> Sighting:
        return Sighting(DeviceOk(), CardIn(1) if NAME == "card" else NoCard())

    def close(self) -> None:
        pass


report(f"started {os.getpid()}")
if BEHAVIOUR == "stillborn":
    sys.exit(1)
wire = socket.socket(fileno=int(FD))
Child(wire, OddDevice(), CALLS[NAME]).run()
