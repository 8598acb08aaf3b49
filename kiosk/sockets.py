"""The link's sockets: one side listens on a path, the other keeps one connection to it alive.

Who may talk is decided twice: by the mode of the socket, and by the user at the other end (SO_PEERCRED).
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
import typing
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

import structlog
import trio

from kiosk.link import Call, Handlers, Link, Listeners, News, Unanswered, Why

BACKLOG = 8
"""Connections that may wait to be taken; there is one terminal."""

RECONNECT_FIRST_S = 0.1
"""A process that systemd starts again is back within a second."""
RECONNECT_LIMIT_S = 2
"""The most a citizen may wait for a process that is already there again."""
STEADY_S = 5
"""A connection that held so long was a good one: the next failure starts from `RECONNECT_FIRST_S`."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

A = TypeVar("A")
N = TypeVar("N", bound=News)


def peer_uid(stream: trio.SocketStream) -> int:
    """The user at the other end (SO_PEERCRED)."""
    credentials = stream.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return int(uid)


# --- the side that listens --------------------------------------------------------------


class AlreadyServed(Exception):
    """Another process answers on this path, or something that is no socket lies there."""


Attend = Callable[[Link], Awaitable[None]]
"""What goes on while somebody is connected: cancelled when the connection ends, and ends it by returning."""


async def _only_answer(_link: Link) -> None:
    await trio.sleep_forever()


class Server:
    """Listens on a Unix socket; whoever connects is told all news in full, then every change."""

    def __init__(
        self,
        handlers: Handlers | None = None,
        listeners: Listeners | None = None,
        *,
        attend: Attend = _only_answer,
    ) -> None:
        self._handlers = handlers or {}
        self._listeners = listeners or {}
        self._attend = attend
        self._news: dict[type[News], News] = {}
        self._links: set[Link] = set()

    def publish(self, news: News) -> None:
        """Tell everyone who is connected, and everyone who connects later."""
        self._news[type(news)] = news
        for link in self._links:
            link.publish(news)

    async def run(
        self,
        path: Path,
        allowed_uids: Collection[int],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serve until cancelled.  Raises `AlreadyServed`; OSError when the path cannot be bound."""

        async def take(stream: trio.SocketStream) -> None:
            if peer_uid(stream) in allowed_uids:
                await self.serve(stream)
            else:
                log.warning("peer_refused", uid=peer_uid(stream))
                await trio.aclose_forcefully(stream)

        listener = await _listen(path, 0o600 if set(allowed_uids) <= {os.getuid()} else 0o660)
        task_status.started()
        try:
            await trio.serve_listeners(take, [listener])
        finally:
            path.unlink(missing_ok=True)  # noqa: ASYNC240 - a tmpfs

    async def serve(self, stream: trio.abc.Stream) -> None:
        """One connection, from its first word to its last."""
        link = Link(stream, self._handlers, self._listeners)
        for news in self._news.values():
            link.publish(news)
        self._links.add(link)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._while_connected, link)
                await link.run()
                nursery.cancel_scope.cancel()
        finally:
            self._links.discard(link)

    async def _while_connected(self, link: Link) -> None:
        await self._attend(link)
        link.close()


async def _listen(path: Path, mode: int) -> trio.SocketListener:
    _make_way(path)
    sock = trio.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Linux gives the file the mode of the unbound socket, so that it is at no moment open to others.
    os.fchmod(sock.fileno(), 0o600)
    await sock.bind(str(path))
    path.chmod(mode)  # noqa: ASYNC240 - a tmpfs
    sock.listen(BACKLOG)
    return trio.SocketListener(sock)


def _make_way(path: Path) -> None:
    """Remove the socket of a process that died; leave everything else alone."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise AlreadyServed(f"{path} is not a socket: move it away")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise AlreadyServed(f"another process serves {path}: stop it first")


# --- the side that connects --------------------------------------------------------------


class Peer:
    """Keeps one connection alive and knows the latest news; while it is down, every call is `NO_PEER`."""

    def __init__(
        self,
        path: Path,
        allowed_uids: Collection[int],
        handlers: Handlers | None = None,
        listeners: Listeners | None = None,
        *,
        news: Collection[type[News]] = (),
    ) -> None:
        """`news`: the kinds kept for `latest`; those of `listeners` are kept, too."""
        self._path = path
        self._allowed_uids = allowed_uids
        self._handlers = handlers or {}
        self._listeners = listeners or {}
        self._wanted: Listeners = dict.fromkeys((*news, *self._listeners), self._hear)
        self._latest: dict[type[News], News] = {}
        self._link: Link | None = None
        self._change = trio.Event()

    @property
    def connected(self) -> bool:
        return self._link is not None

    async def call(self, call: Call[A], *, deadline_s: float) -> A | Unanswered:
        """As `Link.call`; `Unanswered(NO_PEER)` at once while nobody is there."""
        if self._link is None:
            return Unanswered(Why.NO_PEER)
        return await self._link.call(call, deadline_s=deadline_s)

    def publish(self, news: News) -> None:
        if self._link is not None:
            self._link.publish(news)

    def latest(self, kind: type[N]) -> N | None:
        """None while nobody is connected: old news is no news."""
        return typing.cast("N | None", self._latest.get(kind))

    async def changed(self) -> None:
        """Wait for the next news, connection or loss of it."""
        await self._change.wait()

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        delay = RECONNECT_FIRST_S
        while True:
            began = trio.current_time()
            await self._connect_once()
            if trio.current_time() - began >= STEADY_S:
                delay = RECONNECT_FIRST_S
            await trio.sleep(delay)
            delay = min(delay * 2, RECONNECT_LIMIT_S)

    async def _connect_once(self) -> None:
        try:
            stream = await trio.open_unix_socket(self._path)
        except OSError:
            return  # not there yet: `connected` says so
        if peer_uid(stream) not in self._allowed_uids:
            log.warning("peer_refused", uid=peer_uid(stream))
            await trio.aclose_forcefully(stream)
            return
        with self._connection(Link(stream, self._handlers, self._wanted)) as link:
            await link.run()

    @contextlib.contextmanager
    def _connection(self, link: Link) -> typing.Iterator[Link]:
        self._link = link
        self._changed()
        try:
            yield link
        finally:
            self._link = None
            self._latest.clear()
            self._changed()

    def _hear(self, news: Any) -> None:
        self._latest[type(news)] = news
        self._changed()
        if type(news) in self._listeners:
            self._listeners[type(news)](news)

    def _changed(self) -> None:
        self._change.set()
        self._change = trio.Event()
