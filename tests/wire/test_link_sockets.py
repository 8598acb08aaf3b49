"""Real Unix sockets: who may connect, what is left behind, and what comes back after a death."""

from __future__ import annotations

import math
import os
import socket
import stat
from pathlib import Path

import msgspec
import pytest
import structlog
import trio

from kiosk.link import Call, Link, News, Unanswered, Why
from kiosk.sockets import AlreadyServed, Peer, Server

ME = {os.getuid()}
NOBODY = {os.getuid() + 1}
BOUND_S = 10


class Doubled(msgspec.Struct, frozen=True, tag="doubled"):
    number: int


class Double(Call[Doubled], frozen=True, tag="double"):
    number: int


class Weather(News, frozen=True, tag="weather"):
    degrees: int


async def double(call: Double) -> Doubled:
    return Doubled(call.number * 2)


async def until_connected(peer: Peer, *, connected: bool = True) -> None:
    with trio.fail_after(BOUND_S):
        while peer.connected is not connected:
            await peer.changed()


async def until_weather(peer: Peer, degrees: int) -> None:
    with trio.fail_after(BOUND_S):
        while peer.latest(Weather) != Weather(degrees):
            await peer.changed()


async def test_whoever_connects_is_told_everything_then_every_change(nursery: trio.Nursery, tmp_path: Path) -> None:
    server, path = Server({Double: double}), tmp_path / "link"
    server.publish(Weather(1))
    await nursery.start(server.run, path, ME)
    heard: list[int] = []
    peer = Peer(path, ME, listeners={Weather: lambda news: heard.append(news.degrees)})
    nursery.start_soon(peer.run)
    await until_weather(peer, 1)
    server.publish(Weather(2))
    await until_weather(peer, 2)
    assert heard == [1, 2]
    assert await peer.call(Double(4), deadline_s=BOUND_S) == Doubled(8)


async def test_a_server_that_comes_back_is_found_again(nursery: trio.Nursery, tmp_path: Path) -> None:
    path = tmp_path / "link"
    peer = Peer(path, ME, news=[Weather])
    nursery.start_soon(peer.run)
    assert await peer.call(Double(1), deadline_s=BOUND_S) == Unanswered(Why.NO_PEER)

    async with trio.open_nursery() as first_life:
        server = Server()
        server.publish(Weather(20))
        await first_life.start(server.run, path, ME)
        await until_weather(peer, 20)
        first_life.cancel_scope.cancel()
    await until_connected(peer, connected=False)
    assert peer.latest(Weather) is None
    assert not path.exists()

    await nursery.start(Server({Double: double}).run, path, ME)
    await until_connected(peer)
    assert await peer.call(Double(3), deadline_s=BOUND_S) == Doubled(6)


async def test_a_socket_left_by_a_dead_process_is_replaced(nursery: trio.Nursery, tmp_path: Path) -> None:
    path = tmp_path / "link"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    await nursery.start(Server({Double: double}).run, path, ME)
    peer = Peer(path, ME)
    nursery.start_soon(peer.run)
    await until_connected(peer)
    assert await peer.call(Double(3), deadline_s=BOUND_S) == Doubled(6)


async def test_a_living_server_is_not_replaced(nursery: trio.Nursery, tmp_path: Path) -> None:
    path = tmp_path / "link"
    await nursery.start(Server().run, path, ME)
    with pytest.raises(AlreadyServed, match="stop it first"):
        await Server().run(path, ME)


async def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "link"
    path.write_text("somebody's")
    with pytest.raises(AlreadyServed, match="move it away"):
        await Server().run(path, ME)
    assert path.read_text() == "somebody's"


@pytest.mark.parametrize(("uids", "mode"), [(ME, 0o600), (ME | NOBODY, 0o660)])
async def test_the_socket_is_open_to_those_who_may_connect(
    nursery: trio.Nursery, tmp_path: Path, uids: set[int], mode: int
) -> None:
    path = tmp_path / "link"
    await nursery.start(Server().run, path, uids)
    assert stat.S_IMODE(path.stat().st_mode) == mode


async def test_another_user_is_turned_away_by_the_server(nursery: trio.Nursery, tmp_path: Path) -> None:
    path, asked = tmp_path / "link", []

    async def never(call: Double) -> Doubled:
        asked.append(call)
        return Doubled(0)

    with structlog.testing.capture_logs() as logs:
        await nursery.start(Server({Double: never}).run, path, NOBODY)
        stream = await trio.open_unix_socket(path)
        with trio.fail_after(BOUND_S):
            await Link(stream).run()
    assert asked == []
    assert logs == [{"event": "peer_refused", "uid": os.getuid(), "log_level": "warning"}]


async def test_a_server_of_another_user_is_not_talked_to(nursery: trio.Nursery, tmp_path: Path) -> None:
    path, gone = tmp_path / "link", trio.Event()

    async def attend(_link: Link) -> None:
        try:
            await trio.sleep_forever()
        finally:
            gone.set()

    await nursery.start(Server({Double: double}, attend=attend).run, path, ME)
    peer = Peer(path, NOBODY)
    nursery.start_soon(peer.run)
    with trio.fail_after(BOUND_S):
        await gone.wait()
    assert await peer.call(Double(1), deadline_s=BOUND_S) == Unanswered(Why.NO_PEER)


async def test_the_server_may_ask_and_end_the_connection(nursery: trio.Nursery, tmp_path: Path) -> None:
    path, told = tmp_path / "link", trio.Event()

    async def attend(link: Link) -> None:
        assert await link.call(Double(5), deadline_s=math.inf) == Doubled(10)
        told.set()

    await nursery.start(Server(attend=attend).run, path, ME)
    peer = Peer(path, ME, {Double: double})
    nursery.start_soon(peer.run)
    with trio.fail_after(BOUND_S):
        await told.wait()
    await until_connected(peer, connected=False)
