"""Devices that hang, die or talk nonsense: each costs its own call and nobody else's.  Real processes."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from drivers.config import CardReaderConfig, DevicesConfig, IdReaderConfig, PrinterConfig
from drivers.daemon import LOST, NOT_CONFIGURED, Devices, Insertions, run_devices
from kiosk.devices import (
    CardIn,
    CardMute,
    CloseCard,
    Closed,
    DeviceNews,
    IdReaderFailed,
    MuteCard,
    NoCard,
    NotPrinted,
    OpenCard,
    Printed,
    PrintSlip,
    PrintUnknown,
    ReaderFailed,
    ReadIdCard,
)
from kiosk.link import Call
from kiosk.slips.lines import Slip
from kiosk.sockets import Peer
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk

ME = {os.getuid()}
BOUND_S = 30
SLIP = Slip(())
ODD_DEVICE = str(Path(__file__).with_name("odd_device.py"))


class Events:
    """What the odd devices say happens to them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = trio.socket.socket(trio.socket.AF_UNIX, trio.socket.SOCK_DGRAM)
        self._past: list[str] = []

    async def next(self, beginning: str) -> str:
        """Wait for an event; what stands after its beginning."""
        with trio.fail_after(BOUND_S):
            while True:
                for event in self._past:
                    if event.startswith(beginning):
                        self._past.remove(event)
                        return event.removeprefix(beginning)
                self._past.append((await self._socket.recv(1000)).decode())

    async def bind(self) -> None:
        await self._socket.bind(str(self.path))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
async def events(tmp_path: Path) -> Any:
    events = Events(tmp_path / "events")
    await events.bind()
    yield events
    events.close()


class Terminal:
    """The other end: asks as the terminal does."""

    def __init__(self, path: Path) -> None:
        self._peer = Peer(path, ME, news=[DeviceNews])
        self._life = trio.CancelScope()

    async def run(self) -> None:
        with self._life:
            await self._peer.run()

    def leave(self) -> None:
        self._life.cancel()

    async def ask(self, call: Call[Any]) -> Any:
        with trio.fail_after(BOUND_S):
            return await self._peer.call(call, deadline_s=math.inf)

    async def sees(self, wanted: Callable[[DeviceNews], bool]) -> DeviceNews:
        with trio.fail_after(BOUND_S):
            while (news := self._peer.latest(DeviceNews)) is None or not wanted(news):
                await self._peer.changed()
        return news


Start = Callable[..., Any]


@pytest.fixture
async def start(nursery: trio.Nursery, tmp_path: Path, events: Events) -> Start:
    """Start the daemon with devices that behave so; the terminal that is connected to it."""

    async def started(**behaviours: str) -> Terminal:
        programs = {
            name: [sys.executable, ODD_DEVICE, name, behaviour, str(events.path)]
            for name, behaviour in behaviours.items()
        }
        await nursery.start(Devices(programs).run, tmp_path / "devices", ME)
        terminal = Terminal(tmp_path / "devices")
        nursery.start_soon(terminal.run)
        await terminal.sees(lambda news: True)
        return terminal

    return started


async def test_a_stopped_card_process_is_replaced_while_the_printer_prints(start: Start, events: Events) -> None:
    terminal = await start(card="good", printer="good")
    first = int(await events.next("card started "))
    await terminal.sees(lambda news: news.card_reader == DeviceOk() and news.printer == DeviceOk())
    os.kill(first, signal.SIGSTOP)
    answers = []

    async def open_card() -> None:
        answers.append(await terminal.ask(OpenCard()))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(open_card)
        assert await terminal.ask(PrintSlip(SLIP)) == Printed()
        assert answers == []
    assert answers == [ReaderFailed(LOST)]
    assert (await terminal.sees(lambda news: news.card_reader != DeviceOk())).slot == NoCard()
    second = int(await events.next("card started "))
    assert second != first
    assert first not in children_of(os.getpid())
    await terminal.sees(lambda news: news.card_reader == DeviceOk() and news.slot == CardIn(2))
    assert await terminal.ask(OpenCard()) == CardMute()


async def test_a_call_that_hangs_is_answered_and_its_process_replaced(start: Start, events: Events) -> None:
    terminal = await start(id_card="hang", printer="good")
    await events.next("id_card started ")
    assert await terminal.ask(ReadIdCard()) == IdReaderFailed(LOST)
    assert (await terminal.sees(lambda news: news.id_reader == DeviceFailing(LOST))).printer == DeviceOk()
    await events.next("id_card started ")
    await terminal.sees(lambda news: news.id_reader == DeviceOk())


@pytest.mark.parametrize("behaviour", ["die", "flood"])
async def test_a_slip_is_in_doubt_when_its_printer_is_lost(start: Start, events: Events, behaviour: str) -> None:
    terminal = await start(card="good", printer=behaviour)
    await terminal.sees(lambda news: news.printer == DeviceOk())
    assert await terminal.ask(PrintSlip(SLIP)) == PrintUnknown(LOST)
    await terminal.sees(lambda news: news.printer == DeviceFailing(LOST))
    assert await terminal.ask(OpenCard()) == CardMute()
    await terminal.sees(lambda news: news.printer == DeviceOk())


async def test_a_device_that_dies_at_once_fails_alone(start: Start, events: Events) -> None:
    terminal = await start(printer="stillborn", card="good")
    await events.next("printer started ")
    await terminal.sees(lambda news: news.printer == DeviceFailing(LOST))
    assert await terminal.ask(PrintSlip(SLIP)) == NotPrinted(LOST)
    assert await terminal.ask(OpenCard()) == CardMute()


async def test_a_terminal_that_leaves_leaves_no_card_powered_and_no_reader_waiting(
    start: Start, events: Events, nursery: trio.Nursery
) -> None:
    terminal = await start(card="good", id_card="good")
    await terminal.ask(OpenCard())
    nursery.start_soon(terminal.ask, ReadIdCard())
    await events.next("id_card asked ReadIdCard")
    terminal.leave()
    await events.next("id_card no longer wanted")
    await events.next("card asked CloseCard")


async def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(start: Start, events: Events) -> None:
    terminal = await start(id_card="good")
    for _ in range(3):
        async with trio.open_nursery() as visit:
            visit.start_soon(terminal.ask, ReadIdCard())
            await events.next("id_card asked ReadIdCard")
            visit.cancel_scope.cancel()
        await events.next("id_card no longer wanted")
    await terminal.sees(lambda news: news.id_reader == DeviceOk())


async def test_what_is_not_configured_is_absent(start: Start) -> None:
    terminal = await start()
    absent = DeviceAbsent(NOT_CONFIGURED)
    await terminal.sees(lambda news: news == DeviceNews(absent, absent, absent, NoCard()))
    assert await terminal.ask(OpenCard()) == ReaderFailed(NOT_CONFIGURED)
    assert await terminal.ask(ReadIdCard()) == IdReaderFailed(NOT_CONFIGURED)
    assert await terminal.ask(PrintSlip(SLIP)) == NotPrinted(NOT_CONFIGURED)
    assert await terminal.ask(CloseCard()) == Closed()


async def test_hardware_that_is_not_there_is_absent_and_its_process_lives_on(
    nursery: trio.Nursery, tmp_path: Path
) -> None:
    missing = str(tmp_path / "ttyUSB0")
    config = DevicesConfig(
        card=CardReaderConfig("no such reader"), id_card=IdReaderConfig(missing), printer=PrinterConfig(missing)
    )
    await nursery.start(run_devices, config, tmp_path / "devices", ME)
    terminal = Terminal(tmp_path / "devices")
    nursery.start_soon(terminal.run)
    news = await terminal.sees(
        lambda news: (
            isinstance(news.id_reader, DeviceAbsent)
            and isinstance(news.printer, DeviceAbsent)
            and isinstance(news.card_reader, DeviceAbsent | DeviceFailing)
        )
    )
    assert LOST not in {news.card_reader.advice, news.id_reader.advice, news.printer.advice}
    children = children_of(os.getpid())
    assert len(children) == 3
    for pid in children:
        assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


DAEMON = """
import pathlib, sys, trio
from drivers.config import DevicesConfig, PrinterConfig
from drivers.daemon import run_devices
trio.run(run_devices, DevicesConfig(printer=PrinterConfig("/dev/none")), pathlib.Path(sys.argv[1]), {int(sys.argv[2])})
"""


async def test_no_child_outlives_a_killed_daemon_even_when_stopped(tmp_path: Path, nursery: trio.Nursery) -> None:
    path = tmp_path / "devices"
    with subprocess.Popen([sys.executable, "-c", DAEMON, str(path), str(os.getuid())]) as daemon:  # noqa: ASYNC220
        terminal = Terminal(path)
        nursery.start_soon(terminal.run)
        await terminal.sees(lambda news: isinstance(news.printer, DeviceAbsent))
        [child] = children_of(daemon.pid)
        pidfd = os.pidfd_open(child)
        os.kill(child, signal.SIGSTOP)  # it cannot see that its socket was closed
        daemon.kill()
    with trio.fail_after(BOUND_S):
        await trio.lowlevel.wait_readable(pidfd)
    os.close(pidfd)


@given(st.lists(st.lists(st.integers(1, 5), max_size=4).map(sorted), max_size=6))
def test_another_insertion_is_another_number_over_all_lives(lives: list[list[int]]) -> None:
    insertions, given_out, meant = Insertions(), [], []
    for number, life in enumerate(lives):
        for insertion in life:
            slot = insertions.counted(MuteCard(insertion) if insertion % 2 else CardIn(insertion))
            assert not isinstance(slot, NoCard)
            given_out.append(slot.insertion)
            meant.append((number, insertion))
        insertions.new_life()
    assert len(set(given_out)) == len(set(meant))
    assert given_out == sorted(given_out)
