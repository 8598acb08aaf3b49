"""Who gets in, how errors look, the time, repeated requests."""

from __future__ import annotations

import datetime as dt
import ssl

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk import pairing
from kiosk.contract import Audit, CertificateRequest, HeartbeatAnswer, Paths, Signed
from kiosk.seal import canonical, to_text
from sync.central.conformance.checks import Chapter, Subject
from sync.central.conformance.probe import ANSWER_WAIT_S, Failed, expect, new_id
from sync.pairing import centre_only

CHAPTER = Chapter()
check = CHAPTER.check

CLOCKS_APART = dt.timedelta(minutes=5)


@check("HTTPS, TLS 1.3, mutual")
def tls_1_2_is_refused(subject: Subject) -> None:
    context = subject.probe.context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with httpx.Client(verify=context, timeout=ANSWER_WAIT_S, trust_env=False) as old:
            old.get(subject.probe.url + Paths.POLICIES)
    except httpx.TransportError:
        return
    raise Failed("a connection with TLS 1.2 was accepted")


@check("Only pairing is server-authenticated alone, against the CA delivered with the installation.")
def without_a_certificate_there_is_only_pairing(subject: Subject) -> None:
    try:
        with _stranger(subject) as stranger:
            answer = stranger.get(f"{Paths.TRANSACTIONS}/{new_id()}")
    except httpx.TransportError:
        return
    expect(answer.status_code in {401, 403}, f"without a certificate: HTTP {answer.status_code}")


@check("one-time code (≥ 60 bits, 15 min, 5 tries, bound to a pre-registered name)")
def a_code_pairs_once(subject: Subject) -> None:
    tls_key = ec.generate_private_key(ec.SECP256R1())
    identity = subject.probe.identity
    request = {
        "terminal": subject.probe.name,
        "code": subject.code,
        "csr": pairing.signing_request(subject.probe.name, tls_key).decode(),
        "signing_key": to_text(identity.signing.public),
        "seal_to": identity.bundle.seal_key,
    }
    with _stranger(subject) as stranger:
        answer = stranger.post(Paths.PAIRING, content=msgspec.json.encode(request))
    expect(answer.status_code in {401, 403, 409, 422}, f"the same code again: HTTP {answer.status_code}")
    expect(len(subject.code.replace("-", "")) >= 12, "a code this short can be guessed")


@check("the name in a message must be the certificate's")
def in_nobody_elses_name(subject: Subject) -> None:
    probe = subject.probe
    probe.beat(name="somebody-else").problem(403)
    probe.put(probe.item(Audit, event="check", terminal="somebody-else")).problem(403)


@check("Errors: RFC 9457 problem documents with a stable `code` and a Chinese and an English sentence.")
def problems_are_documents(subject: Subject) -> None:
    reply = subject.probe.ask("POST", Paths.CARDS_QUERY, b'{"visit": "me"}')
    problem = reply.problem(400, 422)
    expect(reply.media_type == "application/problem+json", f"media type {reply.media_type}")
    expect(problem.code and problem.reason.zh and problem.reason.en, "an empty code or sentence")


@check("404 with a `code` is the call's answer.")
def what_is_not_there_has_a_code(subject: Subject) -> None:
    code = subject.probe.ask("GET", f"{Paths.TRANSACTIONS}/{new_id()}").problem(404).code
    expect(code == "never_seen", f"a transaction that never was: {code}")
    subject.probe.ask("GET", f"{Paths.POLICIES}/none-of-this-name").problem(404)


@check("answer: signed time, **orders**, suspended")
def the_time_is_signed(subject: Subject) -> None:
    apart = abs(subject.probe.hear_time() - dt.datetime.now(dt.UTC))
    expect(apart < CLOCKS_APART, f"the centre's clock and this machine's are {apart} apart")
    expect(not subject.probe.beat().of(HeartbeatAnswer).suspended, "the terminal is suspended")


@check("Same `X-Request-Id` and same bytes within 60 s: the same answer, before any other rule is looked at")
def a_repeated_request_gets_the_same_answer(subject: Subject) -> None:
    same, other = new_id(), new_id()
    first, again = subject.probe.beat(request_id=same), subject.probe.beat(request_id=same)
    expect(first.body == again.body, "the second answer differs")
    subject.probe.beat(request_id=other).of(HeartbeatAnswer)


@check("Unknown fields are ignored.")
def fields_of_tomorrow(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    written = msgspec.json.decode(canonical(audit)) | {"of_tomorrow": {"a": [1]}}
    signed = probe.identity.signing.sign(probe.envelope(audit).domain, canonical(written))
    probe.believe(probe.put_signed(audit, signed).of(Signed))


@check("a new CSR under the old certificate, from 30 days before it ends")
def a_new_certificate_is_renewed_later(subject: Subject) -> None:
    csr = pairing.signing_request(subject.probe.name, ec.generate_private_key(ec.SECP256R1()))
    request = CertificateRequest(csr.decode())
    subject.probe.ask("POST", f"{Paths.TERMINALS}/{subject.probe.name}/certificate", request).problem(409, 422)


def _stranger(subject: Subject) -> httpx.Client:
    """Anybody with the CA."""
    return httpx.Client(
        verify=centre_only(subject.probe.line.ca),
        base_url=subject.probe.url,
        timeout=ANSWER_WAIT_S,
        headers={"content-type": "application/json"},
        trust_env=False,
    )
