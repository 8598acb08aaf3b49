"""The pairing call: the one exchange in which only the centre proves itself by TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import msgspec

from kiosk import pairing
from kiosk.contract import FirstOperator, KeyBundle, PairingAnswer, Paths, Problem
from kiosk.seal import Rejected

PAIRING_WAIT_S = 30
"""Somebody stands beside the terminal and watches; a code lives for 15 minutes."""


class PairingFailed(Exception):
    """Not paired, nothing changed; the text says why, for whoever installs the terminal."""


class Paired(msgspec.Struct, frozen=True):
    terminal: str
    fingerprint: str
    policy_version: str
    bundle: KeyBundle
    operator: FirstOperator | None
    """Told to whoever pairs the terminal, and kept nowhere."""


def pair(url: str, place: pairing.Installation, name: str, code: str) -> Paired:
    """Pair with the centre at `url` and write both folders.  Raises PairingFailed, kiosk.pairing.NotPaired."""
    pairing.read_office_key(place.office_key)  # before a code is spent
    draft = pairing.draft(place.terminal_dir, name, code)
    answer = _post(url, place.ca, draft.body)
    operator = pairing.operator_of(answer, place, name)
    if isinstance(operator, Rejected):
        raise PairingFailed(f"the answer of {url} is not to be trusted: the first operator's secrets {operator.why}")
    bundle = pairing.accept(draft, answer, place)
    if isinstance(bundle, Rejected):
        raise PairingFailed(f"the answer of {url} is not to be trusted: {bundle.why}")
    return Paired(name, draft.fingerprint, answer.policy_version, bundle, operator)


def _post(url: str, ca: Path, body: bytes) -> PairingAnswer:
    try:
        with httpx.Client(verify=centre_only(ca), timeout=PAIRING_WAIT_S) as client:
            answer = client.post(url + Paths.PAIRING, content=body, headers={"content-type": "application/json"})
    except httpx.TransportError as error:
        raise PairingFailed(f"{url}: {error}") from error
    try:
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=PairingAnswer)
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.MsgspecError:
        raise PairingFailed(f"{url} does not answer as a centre would (HTTP {answer.status_code})") from None
    raise PairingFailed(f"{problem.reason.zh} {problem.reason.en}")


def centre_only(ca: Path) -> ssl.SSLContext:
    """TLS 1.3 to a server that this CA vouches for, whatever the machine trusts besides."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(ca)
    except (OSError, ssl.SSLError):
        raise PairingFailed(f"{ca}: not a CA certificate") from None
    return context
