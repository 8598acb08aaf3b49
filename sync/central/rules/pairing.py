"""Pairing: a one-time code turns a box with keys of its own into a terminal of this centre."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets

import structlog

from kiosk.contract import PairingAnswer, PairingRequest, Problem, Sealed
from kiosk.seal import SealKey, VerifyKey, from_text, seal_operator
from sync.central import problems, tables
from sync.central.centre import Centre
from sync.central.rules import clerks, terminals

log = structlog.get_logger()

CODE_BYTES = 10
"""80 bits, 16 characters: nobody guesses it within 5 tries, so its digest need not be slow."""
CODE_LIFE = dt.timedelta(minutes=15)
CODE_TRIES = 5


class OperatorWithdrawn(ValueError):
    """The text says who, and how they come back."""


def new_code(centre: Centre, terminal: str, region: str | None = None, operator: str | None = None) -> str:
    """Register the name, if it is new, and give a code for it; an older code of that name is dead.

    `region`: AAB301 of the place where the terminal is to stand; None leaves what is known.  `operator`: the clerk
    whose first credentials go to whoever pairs it; None: nobody's.  Raises OperatorWithdrawn.
    """
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    registered = tables.Terminal.find_or_create(name=terminal)
    registered.region = region or registered.region
    registered.save()
    tables.PairingCode.delete().where(tables.PairingCode.terminal == terminal).execute()
    tables.PairingCode.create(
        terminal=terminal,
        digest=_digest(text),
        expires_at=tables.instant(centre.now() + CODE_LIFE),
        tries_left=CODE_TRIES,
    )
    tables.FirstOperator.delete().where(tables.FirstOperator.terminal == terminal).execute()
    if operator is not None:
        if clerks.withdrawn(operator):
            raise OperatorWithdrawn(f"{operator!r} was withdrawn: name them again first (clerk NAME)")
        tables.Clerk.find_or_create(name=operator)
        tables.FirstOperator.create(terminal=terminal, clerk=operator)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def pair(centre: Centre, request: PairingRequest, body: bytes) -> PairingAnswer | Problem:
    """`body` is the request as it came, for the fingerprint that both sides show."""
    code = _check_code(centre, request)
    if isinstance(code, Problem):
        return code
    if not _keys_are_good(request):
        return problems.KEY_REFUSED
    certificate = centre.keys.authority.issue_terminal(request.csr, request.terminal, centre.now())
    if certificate is None:
        return problems.CSR_REFUSED
    key = VerifyKey(from_text(request.signing_key))
    tables.TerminalKey.find_or_create({"terminal": request.terminal, "public": request.signing_key}, key_id=key.id)
    code.used = True
    code.save()
    terminals.revoke(request.terminal)
    fingerprint = hashlib.sha256(body).hexdigest()
    log.info("terminal_paired", terminal=request.terminal, fingerprint=fingerprint)
    return PairingAnswer(
        certificate=terminals.record_certificate(centre, request.terminal, certificate),
        bundle=centre.keys.bundle,
        policy_version=terminals.newest_policy(),
        operator=_first_operator(centre, request),
        fingerprint=fingerprint,
    )


def _first_operator(centre: Centre, request: PairingRequest) -> Sealed | None:
    """Made now and told once: nobody else has them, this centre neither.  Nobody's, if withdrawn since the code."""
    row = tables.FirstOperator.get_or_none(terminal=request.terminal)
    if row is None:
        return None
    row.delete_instance()
    if clerks.withdrawn(row.clerk.name):
        return None
    key = SealKey(from_text(request.seal_to))
    return seal_operator(key, clerks.give_credentials(centre, row.clerk.name), request.terminal)


def _check_code(centre: Centre, request: PairingRequest) -> tables.PairingCode | Problem:
    """An unknown name is answered like a wrong code: names are not to be found out here."""
    code = tables.PairingCode.get_or_none(terminal=request.terminal)
    if code is None:
        return problems.CODE_WRONG
    if code.tries_left == 0:
        return problems.CODE_BURNT
    if not secrets.compare_digest(code.digest, _digest(request.code)):
        code.tries_left -= 1
        code.save()
        return problems.CODE_WRONG
    if code.used:
        return problems.CODE_USED
    if tables.moment(code.expires_at) < centre.now():
        return problems.CODE_EXPIRED
    return code


def _keys_are_good(request: PairingRequest) -> bool:
    try:
        key = VerifyKey(from_text(request.signing_key))
        SealKey(from_text(request.seal_to))
    except ValueError:
        return False
    known = tables.TerminalKey.get_or_none(key_id=key.id)
    return known is None or known.terminal_id == request.terminal


def _digest(code: str) -> str:
    """Typed by hand: case, spaces and dashes do not matter."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
