"""One question to the centre over HTTPS, and what came of it."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Iterator
from typing import TypeVar

import httpx
import structlog
import trio

import kiosk
from kiosk.pairing import LineIdentity
from sync.answers import Barred, Failure, Lost, Outcome, Severed, Unreached, understand

CONNECT_S = 3
"""Each for TCP and TLS; so both fit into the shortest time anyone waits."""
IDLE_S = 3
"""A connection that lies unused so long is closed by us, before the centre does it under a new question."""
ANSWER_LIMIT = 4 * 1024 * 1024
"""Bytes.  Verdicts on a full batch are a tenth of it."""

NOTHING_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

T = TypeVar("T")


def transport(identity: LineIdentity) -> httpx.AsyncHTTPTransport:
    """Mutual TLS 1.3 to a centre that this CA vouches for, whatever the machine trusts besides.

    Raises OSError or ssl.SSLError when the files cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(identity.ca)
    context.load_cert_chain(identity.certificate, identity.key)
    return httpx.AsyncHTTPTransport(verify=context, limits=httpx.Limits(keepalive_expiry=IDLE_S))


class CentreClient:
    """Asks; never repeats on its own."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            headers={
                "accept": "application/json",
                "accept-encoding": "identity",  # so that the limit on an answer's size holds
                "user-agent": f"shebao-kiosk/{kiosk.__version__}",
            },
            trust_env=False,  # no proxy may stand between
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def exchange(
        self, method: str, path: str, body: bytes, wanted: type[T], *, limit_s: float, request_id: str | None = None
    ) -> Outcome[T]:
        """Send `body`, wait `limit_s` for an answer of the wanted type.

        `request_id` is given only to repeat the very same request.
        """
        headers = {"content-type": "application/json", "x-request-id": request_id or fresh_id()}
        outcome: Outcome[T] = Lost("no answer in time")
        with trio.move_on_after(limit_s):
            outcome = await self._exchange(
                self._http.build_request(method, path, content=body, headers=headers), wanted
            )
        if isinstance(outcome, Failure):
            log.warning("centre_failed", path=path, outcome=type(outcome).__name__, why=outcome.why)
        return outcome

    async def _exchange(self, request: httpx.Request, wanted: type[T]) -> Outcome[T]:
        try:
            response = await self._http.send(request, stream=True)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
        except httpx.TransportError as error:
            return _failure(error)
        if body is None:
            return Lost("answer too large or packed")
        return understand(response.status_code, response.headers, body, wanted)


def fresh_id() -> str:
    return str(uuid.uuid4())


async def _read(response: httpx.Response) -> bytes | None:
    """The body; None when it is longer than any answer of the contract, or packed, which we did not ask for."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return None
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > ANSWER_LIMIT:
            return None
    return bytes(body)


def _failure(error: httpx.TransportError) -> Barred | Unreached | Lost:
    fault = next(_certificate_faults(error), None)
    if fault is not None:
        return Barred(fault)
    why = type(error).__name__
    return Unreached(why) if isinstance(error, NOTHING_LEFT) else Severed(why)


def _certificate_faults(error: BaseException | None) -> Iterator[str]:
    """Ours refused (under TLS 1.3 that arrives with the first read), or the centre's not to be trusted."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            yield f"centre's certificate: {error.verify_message}"
        elif isinstance(error, ssl.SSLError):
            reason = error.reason or ""
            if "CERTIFICATE" in reason or "UNKNOWN_CA" in reason or "ACCESS_DENIED" in reason:
                yield reason.lower()
        error = error.__cause__ or error.__context__
