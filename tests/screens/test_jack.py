"""The headphone's plug, as the kernel reports it: real bytes of an input device, here through a pipe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from screens.speech.jack import EV_SW, EV_SYN, EVENT, SW_HEADPHONE_INSERT, SYN_DROPPED, Plug, watch

SYN = EVENT.pack(0, 0, 0, 0, 0)
DROPPED = EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)
MICROPHONE = EVENT.pack(0, 0, EV_SW, 0x04, 1)


def switched(value: int) -> bytes:
    return EVENT.pack(1_795_000_000, 0, EV_SW, SW_HEADPHONE_INSERT, value)


class Wire:
    """The device's far end."""

    def __init__(self, device: Path) -> None:
        self.device = device
        os.mkfifo(device)
        self.told: list[Plug] = []
        self._end = os.open(device, os.O_RDWR)

    async def says(self, data: bytes, told: int) -> None:
        os.write(self._end, data)
        with trio.fail_after(5):
            while len(self.told) < told:
                await trio.lowlevel.checkpoint()

    def unplug(self) -> None:
        os.close(self._end)
        self.device.unlink()


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path / "event0")


async def test_plugged_and_unplugged_are_told_and_nothing_else(wire: Wire, nursery: trio.Nursery) -> None:
    nursery.start_soon(watch, wire.device, wire.told.append)
    await wait_all_tasks_blocked()
    assert wire.told == [Plug.UNKNOWN], "a device that cannot be asked"
    await wire.says(SYN + MICROPHONE + switched(1) + SYN, told=2)
    await wire.says(switched(0), told=3)
    assert wire.told == [Plug.UNKNOWN, Plug.PLUGGED, Plug.UNPLUGGED]


async def test_an_event_that_comes_in_halves_is_one_event(wire: Wire, nursery: trio.Nursery) -> None:
    nursery.start_soon(watch, wire.device, wire.told.append)
    await wait_all_tasks_blocked()
    await wire.says(switched(1)[:10], told=1)
    await wait_all_tasks_blocked(0.01)
    await wire.says(switched(1)[10:], told=2)
    assert wire.told[-1] is Plug.PLUGGED


async def test_after_lost_events_the_device_is_asked_anew(wire: Wire, nursery: trio.Nursery) -> None:
    """The pull may be among what was lost: what nobody can tell is not spoken as if a headphone were there."""
    nursery.start_soon(watch, wire.device, wire.told.append)
    await wait_all_tasks_blocked()
    await wire.says(switched(1) + SYN, told=2)
    await wire.says(DROPPED + switched(1) + SYN, told=3)
    assert wire.told[2:] == [Plug.UNKNOWN], "asked, a pipe cannot answer"
    await wire.says(switched(0) + SYN, told=4)
    assert wire.told[3:] == [Plug.UNPLUGGED]


async def test_a_device_that_goes_away_is_not_believed_any_more(wire: Wire, nursery: trio.Nursery) -> None:
    nursery.start_soon(watch, wire.device, wire.told.append)
    await wait_all_tasks_blocked()
    await wire.says(switched(1), told=2)
    wire.unplug()
    with trio.fail_after(5):
        while len(wire.told) < 3:
            await trio.lowlevel.checkpoint()
    assert wire.told[-1] is Plug.UNKNOWN


async def test_a_device_that_was_never_there_is_unknown(tmp_path: Path, nursery: trio.Nursery) -> None:
    told: list[Plug] = []
    nursery.start_soon(watch, tmp_path / "none", told.append)
    await wait_all_tasks_blocked()
    assert told == [Plug.UNKNOWN]
