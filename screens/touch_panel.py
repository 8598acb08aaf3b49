"""Whether there is a touch panel, and whether it has ever been felt: what the kernel lists, and what came.

Touches come through the display server, which tells nothing of the device behind them.
"""

from __future__ import annotations

import enum
import struct
from pathlib import Path

from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk, DeviceState, DeviceUnknown

INPUTS = Path("/sys/class/input")
LOOK_S = 10
"""How often the list is read: a technician who plugs a panel in need not wait, and it is a few small files."""

INPUT_PROP_DIRECT = 0x01
BTN_LEFT, BTN_TOOL_FINGER, BTN_TOUCH = 0x110, 0x145, 0x14A
ABS_X, ABS_MT_POSITION_X = 0x00, 0x35
"""linux/input-event-codes.h"""
WORD = 8 * struct.calcsize("@l")
"""Bits of one word of a bitmap in sysfs."""

HAUNTED = "没有人碰，触摸屏却一直有触点：擦干净屏幕，检查接地、排线和边框，不行就换屏"
NOT_THERE = "系统里没有触摸屏：检查触摸屏的 USB 线和排线，插好后不用重启"
NOT_FELT = "触摸屏已接上，开机以来还没有人碰过：请碰一下屏幕"


class Listed(enum.Enum):
    """By the kernel."""

    YES = "yes"
    NO = "no"
    UNTOLD = "untold"
    """There is no list to read."""


class TouchPanel:
    """What a technician is told of it.  One that nobody has touched is not known to work."""

    def __init__(self, inputs: Path = INPUTS) -> None:
        self._inputs = inputs
        self._listed = Listed.UNTOLD
        self._felt = False

    def look(self) -> None:
        """Read the list; a panel that went away has to be felt anew."""
        was, self._listed = self._listed, listed(self._inputs)
        if (was, self._listed) == (Listed.YES, Listed.NO):
            self._felt = False

    def felt(self) -> None:
        """A touch came: whatever the list says, something gives them."""
        self._felt = True

    def state(self, *, haunted: bool) -> DeviceState:
        if haunted:
            return DeviceFailing(HAUNTED)
        if self._felt:
            return DeviceOk()
        return DeviceAbsent(NOT_THERE) if self._listed is Listed.NO else DeviceUnknown(NOT_FELT)


def listed(inputs: Path) -> Listed:
    """Whether a touch panel is among them."""
    if not inputs.is_dir():
        return Listed.UNTOLD
    return Listed.YES if any(map(_is_touch_panel, inputs.glob("input*"))) else Listed.NO


def _is_touch_panel(device: Path) -> bool:
    """As udev's ID_INPUT_TOUCHSCREEN: neither a mouse, which has a left button, nor a touch pad, which has fingers."""
    try:
        properties, keys, axes = (
            _bitmap(device / name) for name in ("properties", "capabilities/key", "capabilities/abs")
        )
    except OSError:  # unplugged meanwhile
        return False
    touches = _has(keys, BTN_TOUCH) and not _has(keys, BTN_TOOL_FINGER) and not _has(keys, BTN_LEFT)
    return (_has(axes, ABS_X) or _has(axes, ABS_MT_POSITION_X)) and (_has(properties, INPUT_PROP_DIRECT) or touches)


def _bitmap(file: Path) -> int:
    """Words in hex, the most significant first."""
    number = 0
    for word in file.read_text().split():
        number = number << WORD | int(word, 16)
    return number


def _has(bitmap: int, bit: int) -> bool:
    return bool(bitmap >> bit & 1)
