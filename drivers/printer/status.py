"""What a printer's status bytes mean, and what a technician should do about it.

DLE EOT n (n = 1 printer, 2 cause of being off line, 3 error, 4 paper) is answered with one byte.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from kiosk.terms import DeviceFailing, DeviceLow, DeviceOk, DeviceOut, DeviceState, DeviceUnknown

QUERIES = (1, 4, 2, 3)
"""In the order they are asked: cheap printers know only 1 and 4."""


class Fact(enum.Enum):
    """What a status byte can report."""

    OFFLINE = enum.auto()
    WAITING = enum.auto()
    COVER_OPEN = enum.auto()
    FEED_BUTTON = enum.auto()
    PAPER_OUT = enum.auto()
    ERROR = enum.auto()
    RECOVERABLE = enum.auto()
    CUTTER = enum.auto()
    UNRECOVERABLE = enum.auto()
    HEAD_HOT = enum.auto()
    NEAR_END = enum.auto()


_BITS: Mapping[int, tuple[tuple[int, Fact], ...]] = {
    1: ((0x08, Fact.OFFLINE), (0x20, Fact.WAITING), (0x40, Fact.FEED_BUTTON)),
    2: ((0x04, Fact.COVER_OPEN), (0x08, Fact.FEED_BUTTON), (0x20, Fact.PAPER_OUT), (0x40, Fact.ERROR)),
    3: (
        (0x04, Fact.RECOVERABLE),
        (0x08, Fact.CUTTER),
        (0x20, Fact.UNRECOVERABLE),
        (0x40, Fact.HEAD_HOT),
    ),
    4: ((0x0C, Fact.NEAR_END), (0x60, Fact.PAPER_OUT)),
}

_STATES: Mapping[Fact, DeviceState] = {
    Fact.COVER_OPEN: DeviceOut("打印机上盖没有合好，请放好纸卷后合上"),
    Fact.PAPER_OUT: DeviceOut("打印纸用完了，请换上新纸卷"),
    Fact.CUTTER: DeviceFailing("切纸刀卡住了，请打开上盖取出碎纸，合上后重新开机"),
    Fact.UNRECOVERABLE: DeviceFailing("打印机故障，请关机一分钟后再开；仍不行请报修"),
    Fact.HEAD_HOT: DeviceOut("打印头过热，请等几分钟，它会自己恢复"),
    Fact.RECOVERABLE: DeviceFailing("打印机出错，请打开再合上上盖；仍不行请重新开机"),
    Fact.ERROR: DeviceFailing("打印机出错，请重新开机；仍不行请报修"),
    Fact.FEED_BUTTON: DeviceOut("有人正在按走纸键，请松开"),
    Fact.WAITING: DeviceOut("打印机在等待恢复联机，请按一下走纸键"),
    Fact.OFFLINE: DeviceOut("打印机脱机，请检查打印机面板"),
    Fact.NEAR_END: DeviceLow("打印纸快用完了，请准备新纸卷"),
}
"""The cause before its consequences: an open cover also reports no paper, and both are off line."""

SILENT = DeviceUnknown("打印机没有应答，请检查电源、数据线和波特率")
NO_PAPER_REPORT = DeviceUnknown("打印机没有报告纸张情况，请人工查看")


def is_real_time_answer(byte: int) -> bool:
    """The fixed bits of an answer to DLE EOT; everything else on the line is noise or another answer."""
    return byte & 0x93 == 0x12


def state(answers: Mapping[int, int | None]) -> DeviceState:
    """The printer's state from its answers to DLE EOT n, by n; None or missing where it stayed silent.

    Any fault it reports counts.  To be well it must say both that it is on line (1) and that it has paper (4).
    """
    heard = {n: byte for n, byte in answers.items() if byte is not None and is_real_time_answer(byte)}
    facts = {fact for n, byte in heard.items() for bits, fact in _BITS[n] if byte & bits}
    reported = next((condition for fact, condition in _STATES.items() if fact in facts), None)
    if reported is not None and not reported.usable:
        return reported
    if 1 not in heard:
        return SILENT
    if 4 not in heard:
        return NO_PAPER_REPORT
    return reported or DeviceOk()
