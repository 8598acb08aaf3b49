"""A PIN pad at the end of a real serial line: keys pressed one by one, cables pulled, replies lost and garbled."""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from queue import Queue

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.config import DevicesConfig, PinPadConfig
from drivers.daemon import run_devices
from drivers.pin_pad.device import DEFAULT_BAUD_RATE, HELD_ON_S, STATUS_EVERY_S, PinPadDevice
from drivers.pin_pad.frames import Reply
from drivers.pin_pad.kmy350 import ON, Kmy350
from drivers.virtual.pin_pad import PinPad, ServedPinPad
from kiosk.devices import (
    DeviceNews,
    FigurePressed,
    NoKeyPressed,
    PadKeyPressed,
    PadPress,
    PinPadFailed,
    ReadPadKey,
)
from kiosk.sockets import Peer
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceLow, DeviceOk, PadKey
from tests.memory import found

BOUND_S = 30


class Clock:
    """The time of day as it passes; a test may let it leap."""

    def __init__(self) -> None:
        self.leapt = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.leapt


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "pin-pad"


@pytest.fixture
def pad(port: Path) -> Iterator[ServedPinPad]:
    served = ServedPinPad(port)
    yield served
    served.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def device(port: Path, clock: Clock) -> Iterator[PinPadDevice]:
    device = PinPadDevice(str(port), clock=clock)
    yield device
    device.close()


def waits(device: PinPadDevice, *acts: Callable[[], object]) -> PadPress:
    """The terminal waits for a key; each time the device asks whether it still does, the next thing happens."""
    left = iter(acts)

    def still_wanted() -> bool:
        act = next(left, None)
        if act is not None:
            act()
        return act is not None

    return device.answer(ReadPadKey(), still_wanted)


def said(press: PadPress) -> int | PadKey:
    """The key, taken over as the terminal does."""
    match press:
        case FigurePressed(pin=pin):
            with pin:
                [figure] = pin
                return figure
        case PadKeyPressed(key=key):
            return key
    raise AssertionError(press)


def typed(device: PinPadDevice, pad: ServedPinPad, *keys: str) -> list[int | PadKey]:
    return [said(waits(device, lambda key=key: pad.press(key), lambda: None)) for key in keys]  # type: ignore[misc]


def test_every_key_comes_once_and_in_order(device: PinPadDevice, pad: ServedPinPad) -> None:
    assert typed(device, pad, *"0123456789", "delete", "point", "cancel", "confirm") == [
        *range(10),
        PadKey.DELETE,
        PadKey.CLEAR,
        PadKey.CANCEL,
        PadKey.CONFIRM,
    ]


def test_two_keys_at_once_are_two_keys(device: PinPadDevice, pad: ServedPinPad) -> None:
    def both() -> None:
        pad.press("4")
        pad.press("5")

    assert said(waits(device, both, lambda: None)) == 4
    assert said(waits(device, lambda: None)) == 5
    assert waits(device, lambda: None) == NoKeyPressed()


def test_a_key_pressed_the_moment_the_pad_is_on_counts_and_one_before_it_does_not(
    device: PinPadDevice, pad: ServedPinPad
) -> None:
    pad.touch(lambda machine: setattr(machine, "spoil", lambda reply: b"55" + reply + b"7"))
    assert said(waits(device, lambda: None)) == 7
    assert waits(device, lambda: None) == NoKeyPressed()


def test_a_reply_is_heard_however_late_the_terminal_looks(port: Path, pad: ServedPinPad) -> None:
    switched: Queue[str] = Queue()
    pad.touch(lambda machine: setattr(machine, "switched", lambda: switched.put("on")))

    def moments() -> Iterator[float]:
        """Once it has sent its command, this process stands still until the pad has long answered."""
        yield 0.0
        switched.get(timeout=BOUND_S)
        assert pad.is_on
        yield from repeat(10.0)

    terminal = Kmy350(str(port), DEFAULT_BAUD_RATE, moments().__next__)
    assert isinstance(terminal.ask(ON), Reply)
    assert switched.empty(), "it had to be told once only: a key pressed meanwhile counts"
    terminal.close()


def test_keys_without_a_meaning_are_not_keys(device: PinPadDevice, pad: ServedPinPad) -> None:
    assert waits(device, *(lambda key=key: pad.press(key) for key in ("00", "f1", "f2"))) == NoKeyPressed()  # type: ignore[misc]


def test_it_is_on_only_while_somebody_waits_for_a_key(device: PinPadDevice, pad: ServedPinPad, clock: Clock) -> None:
    device.look()
    assert not pad.is_on
    typed(device, pad, "1")
    device.look()
    assert pad.is_on, "the next key is asked for at once"
    pad.press("2")
    clock.leapt += HELD_ON_S
    assert device.look().state == DeviceOk()
    assert not pad.is_on
    assert typed(device, pad, "3") == [3]


def test_it_is_off_when_the_process_ends(device: PinPadDevice, pad: ServedPinPad) -> None:
    typed(device, pad, "1")
    device.close()
    assert not pad.is_on


def test_it_says_how_it_is(device: PinPadDevice, port: Path, clock: Clock) -> None:
    assert isinstance(device.look().state, DeviceAbsent)
    served = ServedPinPad(port)
    clock.leapt += STATUS_EVERY_S
    sighting = device.look()
    assert (sighting.state, sighting.virtual) == (DeviceOk(), True)
    served.touch(lambda pad: setattr(pad, "spoil", lambda _: bytes.fromhex("02") + b"01C4C5" + b"\x03"))
    clock.leapt += STATUS_EVERY_S
    assert isinstance(device.look().state, DeviceLow)
    served.touch(lambda pad: setattr(pad, "spoil", lambda _: bytes.fromhex("02") + b"01F2F3" + b"\x03"))
    clock.leapt += STATUS_EVERY_S
    assert device.look().state == DeviceFailing("密码键盘有按键被压住：请检查按键，无法恢复则更换。")
    served.close()


def test_a_pad_unplugged_in_the_middle_comes_back(
    device: PinPadDevice, pad: ServedPinPad, port: Path, clock: Clock
) -> None:
    assert typed(device, pad, "1", "2") == [1, 2]
    assert isinstance(waits(device, pad.close, lambda: None, lambda: None), PinPadFailed)
    assert isinstance(device.look().state, DeviceAbsent)
    again = ServedPinPad(port)
    clock.leapt += STATUS_EVERY_S
    assert device.look().state == DeviceOk()
    assert typed(device, again, "3") == [3]
    again.close()


def test_a_silent_pad_is_no_pad_until_it_speaks_again(device: PinPadDevice, pad: ServedPinPad, clock: Clock) -> None:
    pad.touch(lambda machine: setattr(machine, "spoil", lambda _: b""))
    assert isinstance(waits(device, lambda: None), PinPadFailed)
    assert isinstance(device.look().state, DeviceFailing)
    pad.touch(lambda machine: setattr(machine, "spoil", lambda reply: reply))
    clock.leapt += STATUS_EVERY_S
    assert device.look().state == DeviceOk()
    assert typed(device, pad, "8") == [8]


def test_a_pad_that_was_without_power_is_switched_on_again(
    device: PinPadDevice, pad: ServedPinPad, clock: Clock
) -> None:
    assert typed(device, pad, "1") == [1]

    def outage() -> None:
        pad.touch(PinPad.lose_power)
        clock.leapt += STATUS_EVERY_S

    assert said(waits(device, outage, lambda: pad.press("2"), lambda: None)) == 2


@pytest.mark.parametrize("etx", [True, False])
def test_a_pad_may_end_its_replies_or_not(device: PinPadDevice, pad: ServedPinPad, etx: bool) -> None:
    pad.touch(lambda machine: setattr(machine, "etx", etx))
    assert typed(device, pad, "1", "1", "9") == [1, 1, 9]


garbled = st.one_of(
    st.builds(lambda start, end: lambda reply: reply[start : len(reply) - end], st.integers(0, 8), st.integers(0, 8)),
    st.builds(
        lambda place, bits: lambda reply: reply[:place] + bytes([reply[place] ^ bits]) + reply[place + 1 :],
        st.integers(0, 7),
        st.integers(1, 255),
    ),
    st.builds(lambda noise: lambda reply: reply[:4] + noise + reply[4:], st.binary(max_size=5)),
)
"""What becomes of one reply of eight bytes."""


@settings(max_examples=15)
@given(garbled, garbled)
def test_whatever_becomes_of_a_reply_only_pressed_keys_are_typed(
    first: Callable[[bytes], bytes], second: Callable[[bytes], bytes]
) -> None:
    """The reply to being switched on, and the one that comes between two keys."""
    with tempfile.TemporaryDirectory() as folder:
        machine, clock = PinPad(), Clock()
        served = ServedPinPad(Path(folder) / "pad", machine)
        device = PinPadDevice(str(served.path), clock=clock)

        def spoil_next(spoil: Callable[[bytes], bytes]) -> None:
            def once(reply: bytes) -> bytes:
                machine.spoil = lambda whole: whole
                return spoil(reply)

            machine.spoil = once
            clock.leapt += STATUS_EVERY_S

        try:
            spoil_next(first)
            assert typed(device, served, "3") == [3]
            pressed = waits(device, lambda: spoil_next(second), lambda: served.press("9"), lambda: None)
            assert said(pressed) == 9
            assert waits(device, lambda: None) == NoKeyPressed()
        finally:
            device.close()
            served.close()


# --- through the daemon -----------------------------------------------------------------------


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def test_a_number_goes_from_the_pad_to_the_terminal_and_stays_nowhere(
    port: Path, tmp_path: Path, nursery: trio.Nursery
) -> None:
    pad, token, turned = ServedPinPad(port), trio.lowlevel.current_trio_token(), trio.Event()
    pad.touch(lambda machine: setattr(machine, "switched", lambda: token.run_sync_soon(turned.set)))
    before = children()
    await nursery.start(run_devices, DevicesConfig(pin_pad=PinPadConfig(str(port))), tmp_path / "link", {os.getuid()})
    peer = Peer(tmp_path / "link", {os.getuid()}, news=(DeviceNews,))
    nursery.start_soon(peer.run)
    figures: list[int | PadKey] = []

    async def switched(*, on: bool) -> None:
        nonlocal turned
        while True:
            turned = trio.Event()
            if pad.is_on is on:
                return
            await turned.wait()

    async def listen() -> None:
        while len(figures) < 12:
            press = await peer.call(ReadPadKey(), deadline_s=math.inf)
            assert "pin=<Pin>" in repr(press) or isinstance(press, PadKeyPressed)
            figures.append(said(press))  # type: ignore[arg-type]

    with trio.fail_after(BOUND_S):
        while not isinstance(getattr(peer.latest(DeviceNews), "pin_pad", None), DeviceOk):
            await peer.changed()
        assert not pad.is_on
        async with trio.open_nursery() as typing:
            typing.start_soon(listen)
            await switched(on=True)
            for figure in "394857160284":
                pad.press(figure)
        assert figures == [int(figure) for figure in "394857160284"]
        [child] = children() - before
        assert found(child, "394857160284") == set()
        await switched(on=False)
    pad.close()


async def test_a_terminal_without_a_pad_lacks_nothing(tmp_path: Path, nursery: trio.Nursery) -> None:
    await nursery.start(run_devices, DevicesConfig(), tmp_path / "link", {os.getuid()})
    peer = Peer(tmp_path / "link", {os.getuid()}, news=(DeviceNews,))
    nursery.start_soon(peer.run)
    with trio.fail_after(BOUND_S):
        while (news := peer.latest(DeviceNews)) is None:
            await peer.changed()
        assert news.pin_pad is None
        assert isinstance(await peer.call(ReadPadKey(), deadline_s=5), PinPadFailed)
