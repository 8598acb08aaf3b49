"""pcscd goes away and comes back under a card reader's own process, with a real card in the slot."""

from __future__ import annotations

import os
import socket
import sys

import pytest
import trio

from drivers.child import Sighting
from drivers.virtual.card import issue
from drivers.virtual.pcscd import SOCKET
from drivers.virtual.people import find, load_people
from kiosk.devices import CardIn, CardOpened, ChallengeCard, NoCard, OpenCard, ReaderFailed
from kiosk.link import Link
from kiosk.terms import DeviceFailing, DeviceOk

ANSWER_S = 10.0


async def forward(client):
    """One client's connection to the real pcscd."""
    async with client, await trio.open_unix_socket(SOCKET) as server, trio.open_nursery() as both:

        async def pump(source, sink):
            async for data in source:
                await sink.send_all(data)
            both.cancel_scope.cancel()

        both.start_soon(pump, client, server)
        both.start_soon(pump, server, client)


async def door(path, task_status):
    """A way to pcscd that can be shut: all that a restarting pcscd is to its clients."""
    with trio.CancelScope() as shut, trio.socket.socket(socket.AF_UNIX) as listener:
        await listener.bind(str(path))
        listener.listen()
        task_status.started(shut)
        await trio.serve_listeners(forward, [trio.SocketListener(listener)])
    path.unlink()


@pytest.fixture
async def child(tmp_path, nursery):
    """The driver in its process, told to find pcscd behind a door; its link and what it sees."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = await trio.lowlevel.open_process(
            [sys.executable, "-m", "drivers.child_main", "card", '{"reader": "Virtual PCD"}', str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env={**os.environ, "PCSCLITE_CSOCK_NAME": str(tmp_path / "pcscd.comm")},
        )
    tell, seen = trio.open_memory_channel(1000)
    link = Link(trio.SocketStream(trio.socket.from_stdlib_socket(ours)), listeners={Sighting: tell.send_nowait})
    nursery.start_soon(link.run)
    yield link, seen
    process.kill()
    await process.wait()


async def until(seen, state, slot):
    with trio.fail_after(ANSWER_S):
        async for sighting in seen:
            if isinstance(sighting.state, state) and isinstance(sighting.slot, slot):
                return sighting
    raise AssertionError("the driver's process ended")


async def test_a_restarted_pcscd_is_found_again_and_its_card_is_a_new_one(pcscd, slot, child, tmp_path, nursery):
    link, seen = child
    path = tmp_path / "pcscd.comm"
    assert "pcscd" in (await until(seen, DeviceFailing, NoCard)).state.advice

    shut = await nursery.start(door, path)
    await until(seen, DeviceOk, NoCard)
    slot.insert(issue(find(load_people(), "normal_v1")))
    first = await until(seen, DeviceOk, CardIn)
    assert isinstance(await link.call(OpenCard(), deadline_s=ANSWER_S), CardOpened)

    shut.cancel()
    failing = await until(seen, DeviceFailing, NoCard)
    assert "pcscd" in failing.state.advice
    assert isinstance(await link.call(ChallengeCard(), deadline_s=ANSWER_S), ReaderFailed)

    await nursery.start(door, path)
    again = await until(seen, DeviceOk, CardIn)
    assert again.slot != first.slot
    assert isinstance(await link.call(OpenCard(), deadline_s=ANSWER_S), CardOpened)
