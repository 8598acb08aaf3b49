"""Devices that hang, die or talk nonsense: each costs its own call and nobody else's.  Real processes."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from drivers.config import CardReaderConfig, DevicesConfig, IdReaderConfig, PrinterConfig
from drivers.daemon import LOST, NOT_CONFIGURED, Devices, Insertions, run_devices
from drivers.host import CARD_AUTHENTICATION_LIMIT_S, SILENCE_LIMIT_S
from kiosk.devices import (
    AuthenticatePuk,
    CardIn,
    CardMute,
    Changed,
    ChangePin,
    CloseCard,
    Closed,
    DeviceNews,
    IdReaderFailed,
    MuteCard,
    NoCard,
    NotPrinted,
    OpenCard,
    PinVerified,
    Printed,
    PrintSlip,
    PrintUnknown,
    PukAccepted,
    ReaderFailed,
    ReadIdCard,
    VerifyPin,
)
from kiosk.link import Call
from kiosk.pin import Pin
from kiosk.slips.lines import Slip
from kiosk.sockets import Peer
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk

ME = {os.getuid()}
BOUND_S = 30
SETTLED_S = 0.3
"""Real seconds without a word: a device that lives says something every 0.2 s."""
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
        self.heard: list[DeviceNews] = []
        self._peer = Peer(path, ME, listeners={DeviceNews: self.heard.append})
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
    others = set(children_of(os.getpid()))
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
    children = set(children_of(os.getpid())) - others
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


# --- PINs --------------------------------------------------------------------------------


def running(pid: int) -> bool:
    return pid in children_of(os.getpid())


async def test_the_card_process_that_saw_a_pin_ends_with_its_visit_and_nobody_notices(
    start: Start, events: Events
) -> None:
    terminal = await start(card="good")
    first = int(await events.next("card started "))
    told = await terminal.sees(lambda news: news.slot == CardIn(1))
    with Pin([1, 2, 3, 4, 5, 6]) as pin:
        assert await terminal.ask(VerifyPin(pin)) == PinVerified()
    assert await terminal.ask(OpenCard()) == CardMute()
    assert running(first)
    assert await terminal.ask(CloseCard()) == Closed()
    assert await terminal.ask(OpenCard()) == CardMute()
    second = int(await events.next("card started "))
    assert second != first
    assert not running(first)
    assert terminal.heard[terminal.heard.index(told) :] == [told]


async def test_a_terminal_that_leaves_after_a_pin_leaves_no_process_that_saw_it(start: Start, events: Events) -> None:
    terminal = await start(card="good")
    first = int(await events.next("card started "))
    with Pin([1, 2, 3, 4, 5, 6]) as pin:
        await terminal.ask(VerifyPin(pin))
    terminal.leave()
    assert int(await events.next("card started ")) != first
    assert not running(first)


async def test_a_visit_without_a_pin_keeps_its_process(start: Start, events: Events) -> None:
    terminal = await start(card="good")
    first = int(await events.next("card started "))
    for call in (OpenCard(), CloseCard(), OpenCard()):
        await terminal.ask(call)
    assert running(first)


async def test_a_silent_card_is_given_more_time_once_the_puk_went_out(
    mock_clock: trio.testing.MockClock, start: Start, events: Events, nursery: trio.Nursery
) -> None:
    terminal = await start(card="hang")
    answers = []

    async def authenticate() -> None:
        answers.append(await terminal.ask(AuthenticatePuk("00" * 16)))

    with structlog.testing.capture_logs() as logs, killed_at_the_end(int(await events.next("card started "))) as first:
        nursery.start_soon(authenticate)
        await events.next("card asked AuthenticatePuk")
        await pass_time(mock_clock, 0, SILENCE_LIMIT_S + 1, SILENCE_LIMIT_S + 1)
        assert running(first)
        assert answers == []
        assert [entry["event"] for entry in logs].count("device_slow") == 1
        await pass_time(mock_clock, CARD_AUTHENTICATION_LIMIT_S, 1)
        assert answers == [ReaderFailed(LOST)]
        assert "device_silent" in [entry["event"] for entry in logs]


async def test_between_the_puk_and_the_message_a_silent_card_is_given_more_time_too(
    mock_clock: trio.testing.MockClock, start: Start, events: Events
) -> None:
    terminal = await start(card="good")
    with killed_at_the_end(int(await events.next("card started "))) as first:
        assert await terminal.ask(AuthenticatePuk("00" * 16)) == PukAccepted("00" * 8)
        os.kill(first, signal.SIGSTOP)
        await pass_time(mock_clock, 0, SILENCE_LIMIT_S + 1, SILENCE_LIMIT_S + 1)
        assert running(first)
        os.kill(first, signal.SIGCONT)
        assert await terminal.ask(OpenCard()) == CardMute()
        assert running(first)


@contextmanager
def killed_at_the_end(pid: int) -> Iterator[int]:
    """While virtual time stands still nobody else gives up a process that hangs."""
    try:
        yield pid
    finally:
        if running(pid):
            os.kill(pid, signal.SIGKILL)


async def pass_time(clock: trio.testing.MockClock, *jumps: float) -> None:
    """After each, everybody hears what was said before it."""
    for seconds in jumps:
        clock.jump(seconds)
        await trio.testing.wait_all_tasks_blocked(SETTLED_S)


DAEMON_WITH_CARD = """
import pathlib, sys, trio
from drivers.daemon import Devices
path, device, events, uid = sys.argv[1:]
trio.run(Devices({"card": [sys.executable, device, "card", "good", events]}).run, pathlib.Path(path), {int(uid)})
"""


async def test_a_pin_that_went_through_the_daemon_is_nowhere_in_its_memory(
    tmp_path: Path, events: Events, nursery: trio.Nursery
) -> None:
    arguments = [str(tmp_path / "devices"), ODD_DEVICE, str(events.path), str(os.getuid())]
    with subprocess.Popen([sys.executable, "-c", DAEMON_WITH_CARD, *arguments]) as daemon:  # noqa: ASYNC220
        try:
            terminal = Terminal(tmp_path / "devices")
            nursery.start_soon(terminal.run)
            await terminal.sees(lambda news: news.slot == CardIn(1))
            for _ in range(20):
                with Pin([8, 1, 9, 3, 0, 7, 4, 6, 2, 5, 9, 1]) as pin:
                    assert await terminal.ask(VerifyPin(pin)) == PinVerified()
                await events.next("card asked VerifyPin")
                with Pin([8, 1, 9, 3, 0, 7, 4, 6, 2, 5, 9, 1]) as pin, Pin([4, 6, 2, 5, 9, 1, 8, 1, 9, 3, 0, 7]) as new:
                    assert await terminal.ask(ChangePin(pin, new)) == Changed()
                await events.next("card asked ChangePin")
            remembered = memory_of(daemon.pid)
            assert events.path.name.encode() in remembered
            with Pin([8, 1, 9, 3, 0, 7, 4, 6, 2, 5, 9, 1]) as pin:
                assert pin.bcd not in remembered
            with Pin([4, 6, 2, 5, 9, 1, 8, 1, 9, 3, 0, 7]) as new:
                assert new.bcd not in remembered
        finally:
            daemon.terminate()


def memory_of(pid: int) -> bytes:
    """Everything the process can write to."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        regions = [line.split() for line in maps if line.split()[1].startswith("rw") and "[v" not in line]
        found = []
        for begin, end in (region[0].split("-") for region in regions):
            memory.seek(int(begin, 16))
            found.append(memory.read(int(end, 16) - int(begin, 16)))
    return b"".join(found)


@given(st.integers(1, 2**20), st.lists(st.integers(0, 3), min_size=1))
def test_the_card_that_stayed_in_while_its_process_was_replaced_is_the_same(first: int, later: list[int]) -> None:
    insertions, before = Insertions(), CardIn(0)
    for more in [0, *later]:
        first += more
        now = insertions.counted(CardIn(first))
        assert isinstance(now, CardIn)
        assert (now == before) is (before != CardIn(0) and more == 0)
        before = now
    insertions.counted(NoCard())
    restarted = insertions.counted(CardIn(first - 1))
    assert isinstance(restarted, CardIn)
    assert restarted.insertion > before.insertion or first == 1


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
