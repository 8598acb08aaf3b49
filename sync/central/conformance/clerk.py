"""The first operator at the terminal, in one visit."""

from __future__ import annotations

import base64
import datetime as dt
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kiosk.contract import (
    ClerkSignedIn,
    ClerkSignIn,
    Evidence,
    FirstOperator,
    Paths,
    Proof,
    ProofKind,
    Vouching,
)
from kiosk.seal import SealKey, from_text, seal_password
from sync.central.conformance.probe import Probe, Reply, new_id

CODE_DIGITS, STEP_S = 6, 30


class TestClerk:
    __test__ = False

    def __init__(self, probe: Probe, given: FirstOperator) -> None:
        self.given = given
        self.visit = new_id()
        self._probe = probe

    @cached_property
    def signed_in(self) -> ClerkSignedIn:
        """Once: a code is good once, and the next one is 30 s away.  Raises Failed."""
        return self.tries(code=self.code).of(ClerkSignedIn)

    @cached_property
    def code(self) -> str:
        """The one of the sign-in."""
        return _code_of(self.given.otpauth, self._probe.hear_time())

    def tries(self, *, number: str | None = None, password: str | None = None, code: str) -> Reply:
        """`number`, `password`: None for the right one."""
        probe = self._probe
        typed = bytearray.fromhex(password or self.given.password)
        sealed = seal_password(SealKey(from_text(probe.identity.bundle.seal_key)), typed, probe.name, self.visit)
        return probe.ask("POST", Paths.CLERKS, ClerkSignIn(self.visit, number or self.given.number, sealed, code))

    def says(self, vouching: Vouching, *, name: str | None = None) -> Evidence:
        """`name`: None for the clerk's own."""
        proof = Proof(ProofKind.CLERK, self.signed_in.id)
        return Evidence(proof=proof, clerk=name or self.signed_in.name, vouching=vouching)


def _code_of(otpauth: str, now: dt.datetime) -> str:
    (secret,) = parse_qs(urlsplit(otpauth).query)["secret"]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    code = TOTP(key, CODE_DIGITS, SHA1(), STEP_S).generate(int(now.timestamp()))  # noqa: S303 - as RFC 6238 has it
    return code.decode()
