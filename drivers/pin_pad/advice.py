"""What a technician should do about a PIN pad: one Chinese sentence for each trouble."""

from __future__ import annotations

import errno

from drivers.pin_pad.frames import Reply
from drivers.pin_pad.kmy350 import Heard, PortGone
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceLow, DeviceOk, DeviceState

_GOOD = {0x04, 0xA4}
"""A4: its master key is not valid, and none is used here."""
_BATTERY_LOW = 0xC4
_BATTERY_LOW_ADVICE = "密码键盘电池电量低：请安排更换。"

_FAULTS = {
    0x15: "密码键盘不接受参数：请确认型号为 KMY350/3501。",
    0xD5: "密码键盘电池电量低，命令失败：请更换电池。",
    0xE0: "密码键盘不支持该命令：请确认型号为 KMY350/3501。",
    0xF0: "密码键盘自检失败（处理器）：请更换密码键盘。",
    0xF1: "密码键盘自检失败（存储器）：请更换密码键盘。",
    0xF2: "密码键盘有按键被压住：请检查按键，无法恢复则更换。",
    0xF3: "密码键盘自检失败（串口）：请更换密码键盘。",
    0xF5: "密码键盘自检失败（电池）：请更换电池。",
}

_NOT_THERE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}


def advice(heard: Heard) -> str:
    match heard:
        case Reply(status=status):
            return _FAULTS.get(status, f"密码键盘报告故障（代码 {status:02X}）：请断电重启密码键盘。")
        case PortGone():
            return "密码键盘连接中断：请检查数据线。"
    return "密码键盘没有应答：请检查电源、数据线和波特率设置。"


def state_of(heard: Heard) -> DeviceState:
    """The pad's state after its reply to a command."""
    match heard:
        case Reply(status=status) if status in _GOOD:
            return DeviceOk()
        case Reply(status=status) if status == _BATTERY_LOW:
            return DeviceLow(_BATTERY_LOW_ADVICE)
        case PortGone():
            return DeviceAbsent(advice(heard))
    return DeviceFailing(advice(heard))


def state_unopened(error: OSError, path: str) -> DeviceState:
    """The pad's state when its port could not be opened."""
    match error.errno:
        case number if number in _NOT_THERE:
            return DeviceAbsent(f"未找到密码键盘（{path}）：请检查数据线和设备配置。")
        case errno.EACCES | errno.EPERM:
            return DeviceFailing(f"没有权限打开密码键盘（{path}）：请将服务用户加入 dialout 组。")
        case errno.EAGAIN | errno.EBUSY:
            return DeviceFailing(f"密码键盘（{path}）被其他程序占用：请关闭该程序。")
    return DeviceFailing(f"无法打开密码键盘（{path}）：它不是可用的串口。")
