"""What a technician should do about a reader: one Chinese sentence for each trouble."""

from __future__ import annotations

import errno

from drivers.id_card.sam_v import OK, Answer, Garbled, Heard, PortGone, Silent
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk, DeviceState

_FAULTS = {
    0x21: "身份证读卡器不支持该命令：请确认设备型号为 SAM_V 串口读卡器。",
    0x31: "身份证读卡器与证件互认证失败：请更换读卡器安全模块。",
    0x32: "身份证读卡器与证件互认证失败：请更换读卡器安全模块。",
    0x60: "身份证读卡器自检失败：请断电重启，仍不恢复则更换读卡器。",
    0x66: "身份证读卡器安全模块未经授权：请联系供应商重新授权。",
}

_NOT_THERE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO}


def advice(heard: Heard) -> str:
    match heard:
        case Answer():
            return _FAULTS.get(heard.sw, f"身份证读卡器报告故障（代码 {heard.sw:02X}）：请断电重启读卡器。")
        case Silent():
            return "身份证读卡器没有应答：请检查电源、数据线和波特率设置。"
        case Garbled():
            return "身份证读卡器线路干扰严重：请检查数据线、接地和波特率设置。"
    return "身份证读卡器连接中断：请检查数据线。"


def state_of(heard: Heard) -> DeviceState:
    """The reader's state after its answer to a status query."""
    match heard:
        case Answer(sw=sw) if sw == OK:
            return DeviceOk()
        case PortGone():
            return DeviceAbsent(advice(heard))
    return DeviceFailing(advice(heard))


def state_unopened(error: OSError, path: str) -> DeviceState:
    """The reader's state when its port could not be opened."""
    if error.errno in _NOT_THERE:
        return DeviceAbsent(advice_unopened(error, path))
    return DeviceFailing(advice_unopened(error, path))


def advice_unopened(error: OSError, path: str) -> str:
    match error.errno:
        case number if number in _NOT_THERE:
            return f"未找到身份证读卡器（{path}）：请检查数据线和设备配置。"
        case errno.EACCES | errno.EPERM:
            return f"没有权限打开身份证读卡器（{path}）：请将服务用户加入 dialout 组。"
        case errno.EAGAIN | errno.EBUSY:
            return f"身份证读卡器（{path}）被其他程序占用：请关闭该程序。"
    return f"无法打开身份证读卡器（{path}）：它不是可用的串口。"
