"""Over real TLS: a far end that never finishes what it says, or never stops, costs a deadline and no memory."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trio

from kiosk.clock import SystemClock
from kiosk.contract import CardsAnswer, Paths
from kiosk.pairing import LineIdentity
from sync.answers import Lost, Outcome
from sync.central import keys
from sync.client import ANSWER_LIMIT, CentreClient, transport

PATIENCE_S = 0.5
"""Of the caller: what a far end does not finish takes as long."""
HANGS_S = 30
"""Longer than anything here waits for."""

IN_BETWEEN = 16 * 1024 * 1024
"""Bytes that the kernel's buffers at both ends may hold besides."""

OK = b"HTTP/1.1 200 OK\r\n"

Speech = Callable[[trio.SocketStream], Awaitable[None]]


class FarEnd:
    """Listens at a centre's address, with a centre's certificate."""

    def __init__(self, folder: Path) -> None:
        now = SystemClock().now()
        certificate, key = keys.write_server_files(folder, keys.load_or_make(folder, now).authority, ["127.0.0.1"], now)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self.identity = LineIdentity("hall-1", key, certificate, folder / "ca.crt")
        self.written = 0
        """Bytes that the caller's machine took."""

    async def hears(self, stream: trio.SocketStream) -> trio.SSLStream[trio.SocketStream]:
        """The whole question."""
        secured = trio.SSLStream(stream, self._context, server_side=True, https_compatible=True)
        heard = b""
        while not heard.endswith(b"\r\n\r\n{}"):
            heard += await secured.receive_some()
        return secured

    async def says(self, stream: trio.SSLStream[trio.SocketStream], data: bytes) -> None:
        await stream.send_all(data)
        self.written += len(data)


@pytest.fixture
def far_end(tmp_path: Path) -> FarEnd:
    return FarEnd(tmp_path)


async def asked(far_end: FarEnd, speech: Speech) -> Outcome[CardsAnswer]:
    """What comes of a question to somebody who answers so."""

    async def serve(stream: trio.SocketStream) -> None:
        with stream.socket, contextlib.suppress(trio.BrokenResourceError):  # the caller hangs up, as it should
            await speech(stream)

    with trio.fail_after(HANGS_S):
        async with trio.open_nursery() as nursery:
            (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
            nursery.start_soon(trio.serve_listeners, serve, [listener])
            port = listener.socket.getsockname()[1]
            centre = CentreClient(f"https://127.0.0.1:{port}", transport(far_end.identity))
            outcome = await centre.exchange("POST", Paths.CARDS_QUERY, b"{}", CardsAnswer, limit_s=PATIENCE_S)
            await centre.aclose()
            nursery.cancel_scope.cancel()
    return outcome


async def for_ever(far_end: FarEnd, stream: trio.SocketStream, start: bytes, piece: bytes, pause_s: float) -> None:
    secured = await far_end.hears(stream)
    await far_end.says(secured, start)
    while True:
        await far_end.says(secured, piece)
        await trio.sleep(pause_s)


# --- never finished -------------------------------------------------------------------------------------


async def test_a_handshake_that_never_ends(far_end: FarEnd) -> None:
    async def mute(_stream: trio.SocketStream) -> None:
        await trio.sleep_forever()

    assert await asked(far_end, mute) == Lost("no answer in time")


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b"H"),
        (OK, b"x-drop: by drop\r\n"),
        (OK + b"content-length: 1000000\r\n\r\n", b" "),
        (OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["status line", "headers", "body", "chunks"],
)
async def test_drop_by_drop(far_end: FarEnd, start: bytes, piece: bytes) -> None:
    """Slow loris: no silence is long, and the whole takes no longer than the caller waits all the same."""
    outcome = await asked(far_end, lambda stream: for_ever(far_end, stream, start, piece, PATIENCE_S / 20))
    assert outcome == Lost("no answer in time")
    assert far_end.written > len(start), "there was no silence"


# --- never enough -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b"H" * 65_536),
        (OK, b"x-more: of the same\r\n" * 4096),
        (OK + b"transfer-encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65_536 + b"\r\n"),
        (OK + b"content-length: 1099511627776\r\n\r\n", b"[" * 65_536),
        (OK + b"transfer-encoding: chunked\r\n\r\n", b"f" * 65_536),
    ],
    ids=["status line", "headers", "chunks", "body", "length of a chunk"],
)
async def test_without_end(far_end: FarEnd, start: bytes, piece: bytes) -> None:
    outcome = await asked(far_end, lambda stream: for_ever(far_end, stream, start, piece, 0))
    assert isinstance(outcome, Lost)
    assert len(start) < far_end.written <= ANSWER_LIMIT + IN_BETWEEN, "the rest was never taken"
