"""One call, from whoever is on the line to the bytes of its answer, inside one transaction of the store.

The same `X-Request-Id` with the same bytes within a minute gets the same answer before any rule is looked at; it is
kept in the store, so that any worker can give it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

import msgspec
import structlog

from kiosk.contract import SAME_REQUEST_S, Problem
from sync.central import problems, tables
from sync.central.centre import Centre
from sync.central.rules.admission import admit, suspended

log = structlog.get_logger()

SAME_REQUEST = dt.timedelta(seconds=SAME_REQUEST_S)
RETRY_AFTER_S = 60
"""Sent with 429."""


class Request(msgspec.Struct, frozen=True):
    """What matters of an HTTP request."""

    operation: str
    """Method and path template, for the log: no path here carries personal data anyway."""
    certificate: bytes | None
    request_id: str | None
    content: bytes
    """Method, path and body: what must be the same for a repetition."""


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes


Rule = Callable[[str], object]
"""From the terminal's name to a message of the contract or a Problem."""


def answer(centre: Centre, request: Request, rule: Rule, *, while_suspended: bool = False) -> Answer:
    """For a caller with a certificate."""

    def decide() -> Answer:
        caller = admit(centre, request.certificate)
        if isinstance(caller, Problem):
            return _encode(request, None, caller)
        stored = _same_request(centre, caller, request)
        if stored is not None:
            return stored
        refused = suspended(caller) and not while_suspended
        given = _encode(request, caller, problems.SUSPENDED if refused else rule(caller))
        _keep(centre, caller, request, given)
        return given

    return centre.store.run(decide)


def answer_stranger(centre: Centre, request: Request, rule: Callable[[], object]) -> Answer:
    """For pairing: whoever knows the code."""
    return centre.store.run(lambda: _encode(request, None, rule()))


def _encode(request: Request, terminal: str | None, result: object) -> Answer:
    if isinstance(result, Problem):
        log.info("call_refused", operation=request.operation, terminal=terminal, code=result.code)
        return Answer(result.status, msgspec.json.encode(result))
    log.debug("call_answered", operation=request.operation, terminal=terminal)
    return Answer(200, msgspec.json.encode(result))


def _same_request(centre: Centre, caller: str, request: Request) -> Answer | None:
    row = tables.Replay
    row.delete().where(row.at < tables.instant(centre.now() - SAME_REQUEST)).execute()
    if request.request_id is None:
        return None
    known = row.get_or_none(terminal=caller, request_id=request.request_id)
    if known is None or known.request_sha256 != _sha256(request):
        return None
    return Answer(known.status, known.answer.encode())


def _keep(centre: Centre, caller: str, request: Request, given: Answer) -> None:
    if request.request_id is None:
        return
    row = tables.Replay
    row.delete().where(row.terminal == caller, row.request_id == request.request_id).execute()
    row.create(
        terminal=caller,
        request_id=request.request_id,
        request_sha256=_sha256(request),
        at=tables.instant(centre.now()),
        status=given.status,
        answer=given.body.decode(),
    )


def _sha256(request: Request) -> str:
    return hashlib.sha256(request.content).hexdigest()
