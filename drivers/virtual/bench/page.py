"""The bench's page: on this machine alone, for whoever has a browser."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody
from litestar.static_files import create_static_files_router

from drivers.virtual.bench.bench import Bench, Passer, State
from drivers.virtual.bench.hands import NotHere
from drivers.virtual.vpcd import NoVirtualReader

STATIC = Path(__file__).parent / "static"
LOCAL = "127.0.0.1"
END_S = 3.0


class Act(msgspec.Struct, frozen=True):
    """One act of a person at the bench."""

    verb: str
    what: str = ""


@contextlib.contextmanager
def bench_page(bench: Bench) -> Iterator[str]:
    """Serve the page in a thread until the block ends; its address."""
    listener = socket.create_server((LOCAL, 0))
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        make_app(bench, port),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=1,  # a browser keeps its connection open
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="bench page", daemon=True)
    thread.start()
    try:
        yield f"http://{LOCAL}:{port}/"
    finally:
        server.should_exit = True
        thread.join(END_S)
        listener.close()


def make_app(bench: Bench, port: int) -> Litestar:
    """Answers only to its own address: a name that points here from elsewhere is refused."""

    @get("/people", sync_to_thread=False)
    def people() -> tuple[Passer, ...]:
        return bench.passers

    @get("/state", sync_to_thread=False)
    def state() -> State:
        return bench.state

    @post("/acts", status_code=200, sync_to_thread=True, guards=[_only_json])
    def act(data: JSONBody[Act]) -> State:
        bench.do(data.verb, data.what)
        return bench.state

    @get("/slips/{number:int}", sync_to_thread=True)
    def slip(number: FromPath[int]) -> Response[bytes]:
        picture = io.BytesIO()
        bench.slip(number).image.save(picture, "PNG")
        return Response(picture.getvalue(), media_type="image/png")

    return Litestar(
        [people, state, act, slip, create_static_files_router("/", directories=[STATIC], html_mode=True)],
        exception_handlers={NotHere: _say, NoVirtualReader: _say},
        allowed_hosts=AllowedHostsConfig([f"{LOCAL}:{port}", f"localhost:{port}"]),
        openapi_config=None,
        logging_config=None,
    )


def _only_json(request: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Another site's page cannot send JSON here without asking first, and is not answered then."""
    if request.headers.get("content-type") != "application/json":
        raise ClientException("application/json is taken, nothing else")


def _say(_request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    return Response(str(error), status_code=409, media_type=MediaType.TEXT)
