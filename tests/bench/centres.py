"""The reference centre and a bare one, each a process of its own: `centres ours|bare FOLDER` tells its port.

Bare: Starlette and sqlite3 behind the same TLS.  It writes each body in one flushed commit and answers with as many
bytes a batch as ours did; what they say it does not read.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.contract import Paths
from sync.central import serving
from sync.central.tls import PeerCertificateProtocol, server_context
from tests.bench.child import ROOT, tell

HOST = "127.0.0.1"
TOLD = "answer"
"""File below the folder: what the bare centre answers."""


@contextmanager
def centre(kind: str, folder: Path) -> Iterator[str]:
    """Its URL.  Other stores than SQLite take a kind of their own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.centres", kind, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"https://{HOST}:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def ours(folder: Path) -> uvicorn.Server:
    state = folder / "centre"
    return serving.make_server(serving.open_centre(f"sqlite:///{folder}/central.db", state), state, HOST)


def bare(folder: Path) -> uvicorn.Server:
    database = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode=wal", "synchronous=full"):
        database.execute(f"PRAGMA {setting}")
    database.execute("CREATE TABLE IF NOT EXISTS item (number INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def keep(body: bytes) -> None:
        database.execute("INSERT INTO item (body) VALUES (?)", (body,))

    async def take(request: Request) -> Response:
        await asyncio.to_thread(keep, await request.body())
        return Response((folder / TOLD).read_bytes(), media_type="application/json")

    state = folder / "centre"
    context = server_context(state / "server.crt", state / "server.key", state / "ca.crt")
    return uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[Route(Paths.ITEMS, take, methods=["POST"])]),
            http=PeerCertificateProtocol,
            ssl_context_factory=lambda _config, _default: context,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
        )
    )


if __name__ == "__main__":
    kinds = {"ours": ours, "bare": bare}
    server = kinds[sys.argv[1]](Path(sys.argv[2]))
    with serving.listen(HOST, 0) as listener:
        tell(listener.getsockname()[1])
        server.run([listener])
