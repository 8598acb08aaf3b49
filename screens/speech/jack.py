"""Whether a headphone is plugged in: the switch that the sound card's input device reports (evdev).

The kernel makes such a device for every jack that can tell.  Its events are a few bytes: linux/input.h.
"""

from __future__ import annotations

import enum
import fcntl
import os
import struct
from collections.abc import Callable
from pathlib import Path

import structlog
import trio

EVENT = struct.Struct("@llHHi")
"""struct input_event: time, type, code, value."""
EV_SYN, SYN_REPORT, SYN_DROPPED = 0x00, 0x00, 0x03
EV_SW = 0x05
SW_HEADPHONE_INSERT = 0x02
EVIOCGSW = 2 << 30 | 1 << 16 | ord("E") << 8 | 0x1B
"""_IOR('E', 0x1b, one byte): how the switches stand now; the first eight fit."""
AGAIN_S = 5
"""Until a device that went away is looked for again."""

log = structlog.get_logger()


class Plug(enum.Enum):
    PLUGGED = "plugged"
    UNPLUGGED = "unplugged"
    UNKNOWN = "unknown"
    """Nobody can tell: everything that is said may be overheard."""


async def watch(device: Path, tell: Callable[[Plug], None]) -> None:
    """Tell every change, until cancelled."""
    while True:
        try:
            await _follow(device, tell)
            why = "it ended"
        except OSError as error:
            why = error.strerror or type(error).__name__
        log.warning("headphone_jack_lost", device=str(device), why=why)
        tell(Plug.UNKNOWN)
        await _until_it_opens(device)


async def _until_it_opens(device: Path) -> None:
    while True:
        await trio.sleep(AGAIN_S)
        try:
            os.close(os.open(device, os.O_RDONLY | os.O_NONBLOCK))
        except OSError:
            continue
        return


async def _follow(device: Path, tell: Callable[[Plug], None]) -> None:
    """Where the kernel dropped events, what comes up to the next report is no use, and the state is asked for anew
    (Documentation/input/event-codes.rst, SYN_DROPPED).
    """
    descriptor = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
    try:
        tell(_now(descriptor))
        rest, dropped = b"", False
        while True:
            await trio.lowlevel.wait_readable(descriptor)
            more = os.read(descriptor, EVENT.size * 64)
            if not more:
                return
            rest += more
            while len(rest) >= EVENT.size:
                _, _, kind, code, value = EVENT.unpack_from(rest)
                rest = rest[EVENT.size :]
                if (kind, code) == (EV_SYN, SYN_DROPPED):
                    dropped = True
                elif dropped and (kind, code) == (EV_SYN, SYN_REPORT):
                    dropped = False
                    tell(_now(descriptor))
                elif not dropped and (kind, code) == (EV_SW, SW_HEADPHONE_INSERT):
                    tell(Plug.PLUGGED if value else Plug.UNPLUGGED)
    finally:
        os.close(descriptor)


def _now(descriptor: int) -> Plug:
    """Unknown until the first event, where the device cannot be asked."""
    switches = bytearray(1)
    try:
        fcntl.ioctl(descriptor, EVIOCGSW, switches)
    except OSError:
        return Plug.UNKNOWN
    return Plug.PLUGGED if switches[0] >> SW_HEADPHONE_INSERT & 1 else Plug.UNPLUGGED
