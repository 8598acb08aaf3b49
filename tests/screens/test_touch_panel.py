"""What a technician is told of the touch panel; what the kernel writes is that of real devices."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk, DeviceUnknown
from screens.touch_panel import TouchPanel

PANELS = {
    "Goodix Capacitive TouchScreen": ("2", "400 0 0 0 0 0", "260800000000003"),
    "ILITEK ILITEK-TP": ("2", "400 0 0 0 0 0", "273800000000003"),
    "eGalax, a resistive one that does not say it is direct": ("0", "400 0 0 0 0 0", "3"),
}
OTHERS = {
    "Logitech USB Optical Mouse": ("0", "ff0000 0 0 0 0", "0"),
    "Microntek keypad": ("0", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "0"),
    "SynPS/2 Synaptics TouchPad": ("5", "e520 10000 0 0 0 0", "660800011000003"),
    "QEMU USB Tablet, a pointer": ("0", "1f0000 0 0 0 0", "3"),
    "HDA Intel Headphone": ("0", "0", "0"),
}


class Sysfs:
    """`/sys/class/input` of one machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def plug_in(self, number: int, properties: str, keys: str, axes: str) -> None:
        device = self.folder / f"input{number}"
        (device / "capabilities").mkdir(parents=True)
        (device / "properties").write_text(f"{properties}\n")
        (device / "capabilities" / "key").write_text(f"{keys}\n")
        (device / "capabilities" / "abs").write_text(f"{axes}\n")

    def unplug(self, number: int) -> None:
        shutil.rmtree(self.folder / f"input{number}")


@pytest.fixture
def sysfs(tmp_path: Path) -> Sysfs:
    machine = Sysfs(tmp_path / "input")
    for number, device in enumerate(OTHERS.values()):
        machine.plug_in(number, *device)
    return machine


@pytest.fixture
def panel(sysfs: Sysfs) -> TouchPanel:
    return TouchPanel(sysfs.folder)


@pytest.mark.parametrize("device", PANELS)
def test_a_panel_is_unknown_until_it_is_felt(sysfs: Sysfs, panel: TouchPanel, device: str) -> None:
    sysfs.plug_in(9, *PANELS[device])
    panel.look()
    assert isinstance(panel.state(haunted=False), DeviceUnknown)
    panel.felt()
    assert panel.state(haunted=False) == DeviceOk()


def test_no_panel_among_mice_pads_and_keypads_is_absent(panel: TouchPanel) -> None:
    panel.look()
    assert isinstance(panel.state(haunted=False), DeviceAbsent)


def test_before_anybody_looked_nothing_is_known(panel: TouchPanel) -> None:
    assert isinstance(panel.state(haunted=False), DeviceUnknown)


def test_a_machine_without_a_list_cannot_tell(tmp_path: Path) -> None:
    panel = TouchPanel(tmp_path / "nothing")
    panel.look()
    assert isinstance(panel.state(haunted=False), DeviceUnknown)


def test_a_panel_that_went_away_is_absent_and_must_be_felt_anew(sysfs: Sysfs, panel: TouchPanel) -> None:
    sysfs.plug_in(9, *PANELS["ILITEK ILITEK-TP"])
    panel.look()
    panel.felt()
    sysfs.unplug(9)
    panel.look()
    assert isinstance(panel.state(haunted=False), DeviceAbsent)
    sysfs.plug_in(10, *PANELS["ILITEK ILITEK-TP"])
    panel.look()
    assert isinstance(panel.state(haunted=False), DeviceUnknown)
    panel.felt()
    assert panel.state(haunted=False) == DeviceOk()


def test_touches_are_believed_where_the_list_knows_no_panel(panel: TouchPanel) -> None:
    panel.look()
    panel.felt()
    panel.look()
    assert panel.state(haunted=False) == DeviceOk()


def test_a_panel_that_touches_itself_is_failing_whatever_else(panel: TouchPanel) -> None:
    panel.felt()
    assert isinstance(panel.state(haunted=True), DeviceFailing)
