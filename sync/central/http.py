"""The contract over HTTPS: a thin shell, one handler a call, each naming the rule it asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import anyio.to_thread
import msgspec
import structlog
from litestar import Litestar, Response, get, post, put
from litestar import Request as HttpRequest
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kiosk.contract import (
    BasicRead,
    Batch,
    BatchAnswer,
    CardsAnswer,
    CardsQuery,
    CertificateAnswer,
    CertificateRequest,
    ClerkSignedIn,
    ClerkSignIn,
    CryptogramRequest,
    ExternalAuthentication,
    Heartbeat,
    HeartbeatAnswer,
    PairingAnswer,
    PairingRequest,
    Paths,
    PolicyAnswer,
    Problem,
    ProductionAnswer,
    ProductionQuery,
    ProofChecked,
    ProofCode,
    ProofRequest,
    ProofSent,
    SecuredMessage,
    Signed,
)
from sync.central import problems, rules
from sync.central.answering import RETRY_AFTER_S, Answer, Request, Rule, answer, answer_stranger
from sync.central.centre import Centre
from sync.central.tls import PEER_CERTIFICATE

log = structlog.get_logger()

CALL_LIMIT = 64 * 1024
"""Bytes; no single message of the contract comes near."""
BATCH_BYTES = 4 * 1024 * 1024
"""500 items of 8 KiB."""

Http = HttpRequest[Any, Any, State]


# --- handlers -----------------------------------------------------------------------------


@post(Paths.PAIRING, status_code=200)
async def pair(request: Http, data: JSONBody[PairingRequest]) -> Response[PairingAnswer]:
    """One-time code and public keys → certificate and the centre's keys.  Without a client certificate."""
    body = await request.body()
    return await _reply_to_stranger(request, lambda centre: rules.pair(centre, data, body))


@post(Paths.TERMINALS + "/{terminal:str}/certificate", status_code=200)
async def renew_certificate(
    request: Http, terminal: FromPath[str], data: JSONBody[CertificateRequest]
) -> Response[CertificateAnswer]:
    """A new certificate under the old one, from 30 days before it ends."""
    return await _reply(request, lambda centre, caller: rules.renew_certificate(centre, caller, data), named=terminal)


@put(Paths.TERMINALS + "/{terminal:str}/heartbeat")
async def heartbeat(request: Http, terminal: FromPath[str], data: JSONBody[Heartbeat]) -> Response[HeartbeatAnswer]:
    """The terminal's state → signed time, orders, whether it is suspended."""
    return await _reply(
        request,
        lambda centre, caller: rules.heartbeat(centre, caller, data),
        named=terminal,
        while_suspended=True,
    )


@post(Paths.CARDS_QUERY, status_code=200)
async def query_cards(request: Http, data: JSONBody[CardsQuery]) -> Response[CardsAnswer]:
    """The cards of a holder, or the one card that was shown."""
    return await _reply(request, lambda centre, caller: rules.cards(centre, caller, data))


@post(Paths.PRODUCTION_QUERY, status_code=200)
async def query_production(request: Http, data: JSONBody[ProductionQuery]) -> Response[ProductionAnswer]:
    """How far the holder's new card is."""
    return await _reply(request, lambda centre, caller: rules.progress(centre, caller, data))


@post(Paths.CRYPTOGRAMS, status_code=200)
async def cryptogram(
    request: Http, data: JSONBody[CryptogramRequest]
) -> Response[BasicRead | ExternalAuthentication | SecuredMessage]:
    """What the HSM computes for the chip in the slot."""
    return await _reply(request, lambda centre, caller: rules.cryptogram(centre, caller, data))


@post(Paths.PROOFS, status_code=200)
async def send_code(request: Http, data: JSONBody[ProofRequest]) -> Response[ProofSent]:
    """A code to the holder's registered phone."""
    return await _reply(request, lambda centre, caller: rules.send_code(centre, caller, data))


@post(Paths.PROOFS + "/{id:str}", status_code=200)
async def check_code(request: Http, id: FromPath[str], data: JSONBody[ProofCode]) -> Response[ProofChecked]:
    """The code as it was typed → whether it is right, and tries left."""
    return await _reply(request, lambda centre, caller: rules.check_code(centre, caller, id, data))


@post(Paths.CLERKS, status_code=200)
async def sign_in(request: Http, data: JSONBody[ClerkSignIn]) -> Response[ClerkSignedIn]:
    """A clerk's number, password and changing code → a sign-in, good for this visit."""
    return await _reply(request, lambda centre, caller: rules.sign_in(centre, caller, data))


@put(Paths.TRANSACTIONS + "/{id:str}")
async def put_transaction(request: Http, id: FromPath[str], data: JSONBody[Signed]) -> Response[Signed]:
    """A signed `Transaction` → a signed `Verdict`."""
    return await _reply(request, lambda centre, caller: rules.put_transaction(centre, caller, id, data))


@put(Paths.TRANSACTIONS + "/{id:str}/outcome")
async def put_outcome(request: Http, id: FromPath[str], data: JSONBody[Signed]) -> Response[Signed]:
    """A signed `Outcome`: what the chip did → a signed `Verdict`."""
    return await _reply(request, lambda centre, caller: rules.put_outcome(centre, caller, id, data))


@post(Paths.TRANSACTIONS + "/{id:str}/void", status_code=200)
async def void(request: Http, id: FromPath[str], data: JSONBody[Signed]) -> Response[Signed]:
    """A signed `Void`: burn this transaction unless it was executed → a signed `Verdict`."""
    return await _reply(request, lambda centre, caller: rules.put_void(centre, caller, id, data))


@get(Paths.TRANSACTIONS + "/{id:str}")
async def get_transaction(request: Http, id: FromPath[str]) -> Response[Signed]:
    """The last signed `Verdict`, or 404 `never_seen`."""
    return await _reply(request, lambda _, caller: rules.get_transaction(caller, id))


@post(Paths.ITEMS, status_code=200, request_max_body_size=BATCH_BYTES)
async def take_items(request: Http, data: JSONBody[Batch]) -> Response[BatchAnswer]:
    """Up to 500 items in order → a verdict or a problem for each."""
    return await _reply(request, lambda centre, caller: rules.take_items(centre, caller, data))


@get(Paths.POLICIES + "/{version:str}")
async def get_policy(request: Http, version: FromPath[str]) -> Response[PolicyAnswer]:
    """A policy, signed by the office's offline key."""
    return await _reply(request, lambda _centre, _caller: rules.policy(version))


HANDLERS: list[ControllerRouterHandler] = [
    pair,
    renew_certificate,
    heartbeat,
    query_cards,
    query_production,
    cryptogram,
    send_code,
    check_code,
    sign_in,
    put_transaction,
    put_outcome,
    void,
    get_transaction,
    take_items,
    get_policy,
]


# --- between HTTP and the rules -------------------------------------------------------------


async def _reply(
    request: Http,
    rule: Callable[[Centre, str], object],
    *,
    named: str | None = None,
    while_suspended: bool = False,
) -> Response[Any]:
    """`named`: the terminal in the path, which must be the one that calls."""
    centre: Centre = request.app.state.centre

    def for_caller(caller: str) -> object:
        return problems.OTHER_TERMINAL if named not in (None, caller) else rule(centre, caller)

    asked: Rule = for_caller
    call = partial(answer, centre, await _request(request), asked, while_suspended=while_suspended)
    return _response(await anyio.to_thread.run_sync(call))


async def _reply_to_stranger(request: Http, rule: Callable[[Centre], object]) -> Response[Any]:
    centre: Centre = request.app.state.centre
    call = partial(answer_stranger, centre, await _request(request), lambda: rule(centre))
    return _response(await anyio.to_thread.run_sync(call))


async def _request(request: Http) -> Request:
    content = b"\0".join([request.method.encode(), request.url.path.encode(), await request.body()])
    return Request(
        operation=f"{request.method} {request.route_handler.name or request.route_handler.handler_name}",
        certificate=_certificate(request),
        request_id=request.headers.get("x-request-id"),
        content=content,
    )


def _response(given: Answer) -> Response[Any]:
    if given.status < 400:
        return Response(given.body, status_code=given.status, media_type="application/json")
    headers = {"retry-after": str(RETRY_AFTER_S)} if given.status in {429, 503} else {}
    return Response(given.body, status_code=given.status, media_type="application/problem+json", headers=headers)


def _problem_response(problem: Problem) -> Response[Any]:
    return _response(Answer(problem.status, msgspec.json.encode(problem)))


# --- what never reached a rule ----------------------------------------------------------------


def _http_error(_request: Http, error: HTTPException) -> Response[Any]:
    """Never with the library's own detail: that may quote what somebody sent."""
    match error.status_code:
        case 413:
            return _problem_response(problems.TOO_LARGE)
        case 400 | 415 | 422:
            return _problem_response(problems.MALFORMED)
        case status:
            # No `code`: this is no answer of the contract, and the terminal must not take it for one.
            return Response(b"{}", status_code=status, media_type="application/problem+json")


def _failure(_request: Http, error: Exception) -> Response[Any]:
    log.error("call_failed", exc_info=error)
    return _problem_response(problems.INTERNAL)


def _before_any_rule(request: Http) -> Response[Any] | None:
    """Before anything of the body is looked at."""
    if "\0" in request.url.path or "%00" in request.url.path:
        return _problem_response(problems.MALFORMED)
    if request.url.path.startswith("/v1/") and request.url.path != Paths.PAIRING and _certificate(request) is None:
        return _problem_response(problems.NO_CERTIFICATE)
    return None


def _certificate(request: Http) -> bytes | None:
    certificate: bytes | None = request.scope["state"].get(PEER_CERTIFICATE)
    return certificate


def make_app(centre: Centre) -> Litestar:
    return Litestar(
        HANDLERS,
        state=State({"centre": centre}),
        request_max_body_size=CALL_LIMIT,
        exception_handlers={HTTPException: _http_error, Exception: _failure},
        before_request=_before_any_rule,
        logging_config=None,
        openapi_config=OpenAPIConfig(title="Shebao Kiosk: the central system's contract", version="1"),
    )
