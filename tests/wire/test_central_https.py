"""The centre over real HTTPS: who gets in, who does not, and what a repeated request gets."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk import contract as c
from kiosk import pairing
from kiosk.clock import SystemClock
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import serving
from sync.central.authority import Authority, pem
from sync.pairing import Paired, PairingFailed, centre_only, pair
from tests.central.office import CARD, NUMBER, Box, Office, new_id
from tests.central.test_terminals import BEAT


class Served:
    """An office whose centre listens on a free port of this machine."""

    def __init__(self, folder: Path, limits: Quotas | None = None) -> None:
        self.office = Office(folder, start=SystemClock().now(), limits=limits)
        self.office.issue_cards()
        self._listener = serving.listen("127.0.0.1", 0)
        self.port = self._listener.getsockname()[1]
        self.url = f"https://127.0.0.1:{self.port}"
        self._server = serving.make_server(self.office.centre, self.office.state, "127.0.0.1")
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
        self.office.centre.store.close()

    def pair(self, name: str) -> Box:
        code = serving.give_code(self.office.centre, name)
        assert isinstance(pair(self.url, self.office.installation(name), name, code), Paired)
        return self.office.box(name)

    def context(self, name: str | None) -> ssl.SSLContext:
        context = centre_only(self.office.state / "ca.crt")
        if name is not None:
            line = pairing.load_line(self.office.installation(name).sync_dir)
            context.load_cert_chain(line.certificate, line.key)
        return context

    def client(self, name: str | None) -> httpx.Client:
        """As the terminal of this name; without one, as anybody."""
        return httpx.Client(verify=self.context(name), base_url=self.url, headers={"content-type": "application/json"})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("central"))
    yield served
    served.close()


@pytest.fixture(scope="module")
def box(served: Served) -> Box:
    return served.pair("T-1")


@pytest.fixture
def line(served: Served, box: Box) -> Iterator[httpx.Client]:
    with served.client(box.name) as client:
        yield client


def put(line: httpx.Client, box: Box, item: c.TransactionBase, **headers: str) -> httpx.Response:
    body = msgspec.json.encode(box.sign(item))
    return line.put(f"{c.Paths.TRANSACTIONS}/{item.id}", content=body, headers=headers)


def problem(answer: httpx.Response) -> c.Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    told = msgspec.json.decode(answer.content, type=c.Problem)
    assert told.status == answer.status_code
    assert told.reason.zh
    assert told.reason.en
    return told


def verdict(box: Box, answer: httpx.Response) -> c.Verdict:
    return box.believe(msgspec.json.decode(answer.content, type=c.Signed))


# --- who gets in ------------------------------------------------------------------------------


CALLS = [
    ("GET", f"{c.Paths.TRANSACTIONS}/0000"),
    ("PUT", f"{c.Paths.TRANSACTIONS}/0000"),
    ("PUT", f"{c.Paths.TRANSACTIONS}/0000/outcome"),
    ("POST", f"{c.Paths.TRANSACTIONS}/0000/void"),
    ("POST", c.Paths.ITEMS),
    ("POST", c.Paths.CARDS_QUERY),
    ("POST", c.Paths.CRYPTOGRAMS),
    ("POST", c.Paths.PROOFS),
    ("PUT", f"{c.Paths.TERMINALS}/T-1/heartbeat"),
    ("POST", f"{c.Paths.TERMINALS}/T-1/certificate"),
    ("GET", f"{c.Paths.POLICIES}/1"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_certificate_there_is_only_pairing(served: Served, method: str, path: str) -> None:
    with served.client(None) as stranger:
        assert problem(stranger.request(method, path, content=b"{")).code == "no_certificate"


def test_a_certificate_of_another_ca_does_not_get_through_the_handshake(
    served: Served, box: Box, tmp_path: Path
) -> None:
    elsewhere = Office(tmp_path, start=SystemClock().now())
    elsewhere.pair(box.name)
    line = pairing.load_line(elsewhere.installation(box.name).sync_dir)
    context = centre_only(served.office.state / "ca.crt")
    context.load_cert_chain(line.certificate, line.key)
    with httpx.Client(verify=context, base_url=served.url) as impostor, pytest.raises(httpx.TransportError):
        impostor.get(f"{c.Paths.TRANSACTIONS}/{new_id()}")
    elsewhere.centre.store.close()


def test_a_servers_certificate_is_no_terminals(served: Served) -> None:
    """Of the right CA, but made for another purpose."""
    context = centre_only(served.office.state / "ca.crt")
    context.load_cert_chain(served.office.state / "server.crt", served.office.state / "server.key")
    with httpx.Client(verify=context, base_url=served.url) as impostor, pytest.raises(httpx.TransportError):
        impostor.get(f"{c.Paths.TRANSACTIONS}/{new_id()}")


def test_a_certificate_the_centre_did_not_record_is_refused(served: Served, tmp_path: Path) -> None:
    """The CA's key was used behind the centre's back."""
    office, key = served.office, tmp_path / "tls.key"
    tls_key = ec.generate_private_key(ec.SECP256R1())
    csr = pairing.signing_request("T-1", tls_key).decode()
    certificate = office.centre.keys.authority.issue_terminal(csr, "T-1", office.clock.now())
    assert certificate is not None
    key.write_bytes(pairing.private_pem(tls_key))
    (tmp_path / "tls.crt").write_bytes(pem(certificate))
    context = served.context(None)
    context.load_cert_chain(tmp_path / "tls.crt", key)
    with httpx.Client(verify=context, base_url=served.url) as impostor:
        assert problem(impostor.get(f"{c.Paths.POLICIES}/1")).code == "certificate_refused"


def test_tls_1_2_is_refused(served: Served, box: Box) -> None:
    context = served.context(box.name)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with httpx.Client(verify=context, base_url=served.url) as old, pytest.raises(httpx.ConnectError):
        old.get(c.Paths.POLICIES)


def test_a_terminal_refuses_a_server_of_another_name(served: Served, box: Box) -> None:
    """The right CA is not enough: another machine of the office is not the centre."""
    listener = serving.listen("127.0.0.2", 0)
    server = serving.make_server(served.office.centre, served.office.state, "elsewhere.example")
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    address = f"https://127.0.0.2:{listener.getsockname()[1]}"
    try:
        with (
            httpx.Client(verify=served.context(box.name)) as line,
            pytest.raises(httpx.ConnectError, match=r"127\.0\.0\.2"),
        ):
            line.get(address)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def test_a_terminal_refuses_a_server_of_another_ca(served: Served, box: Box, tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_bytes(Authority.make(SystemClock().now()).pem)
    context = centre_only(tmp_path / "ca.crt")
    with httpx.Client(verify=context) as line, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        line.get(served.url)


def test_another_terminals_certificate_is_refused(served: Served, box: Box, line: httpx.Client) -> None:
    served.pair("T-2")
    loss = box.loss()
    with served.client("T-2") as thief:
        answer = put(thief, box, loss)
        assert (problem(answer).status, problem(answer).code) == (403, "other_terminal")
        beat = thief.put(f"{c.Paths.TERMINALS}/{box.name}/heartbeat", content=msgspec.json.encode(BEAT))
        assert (problem(beat).status, problem(beat).code) == (403, "other_terminal")
    assert served.office.card_status() is CardStatus.NORMAL


def test_a_suspended_terminal_may_only_beat(served: Served) -> None:
    box = served.pair("T-3")
    serving.suspend(served.office.centre, box.name)
    with served.client(box.name) as line:
        assert problem(put(line, box, box.audit())).code == "suspended"
        answer = line.put(f"{c.Paths.TERMINALS}/{box.name}/heartbeat", content=msgspec.json.encode(BEAT))
        assert msgspec.json.decode(answer.content, type=c.HeartbeatAnswer).suspended


def test_a_revoked_certificate_is_refused_and_a_new_pairing_helps(served: Served) -> None:
    box = served.pair("T-4")
    serving.revoke(served.office.centre, box.name)
    with served.client(box.name) as line:
        assert problem(put(line, box, box.audit())).code == "certificate_refused"
    box = served.pair("T-4")
    with served.client(box.name) as line:
        assert verdict(box, put(line, box, box.audit())).code == "stored"


# --- pairing ----------------------------------------------------------------------------------


def test_pairing_needs_the_code_and_says_so(served: Served) -> None:
    serving.give_code(served.office.centre, "T-5")
    with pytest.raises(PairingFailed, match="配对码不正确"):
        pair(served.url, served.office.installation("T-5"), "T-5", "AAAA-AAAA-AAAA-AAAA")


def test_pairing_trusts_only_the_installations_ca(served: Served, tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_bytes(Authority.make(SystemClock().now()).pem)
    place = msgspec.structs.replace(served.office.installation("T-6"), ca=tmp_path / "ca.crt")
    with pytest.raises(PairingFailed, match="CERTIFICATE_VERIFY_FAILED"):
        pair(served.url, place, "T-6", serving.give_code(served.office.centre, "T-6"))


# --- messages ------------------------------------------------------------------------------------


def test_a_loss_from_end_to_end(served: Served, box: Box, line: httpx.Client) -> None:
    visit = new_id()
    query = c.CardsQuery(visit, box.seal(c.Personal(holder_number=NUMBER), visit))
    asked = line.post(c.Paths.CARDS_QUERY, content=msgspec.json.encode(query))
    (card,) = msgspec.json.decode(asked.content, type=c.CardsAnswer).cards
    assert card.status is CardStatus.NORMAL
    loss = box.loss(visit=visit)
    assert verdict(box, put(line, box, loss)).outcome is c.VerdictOutcome.DONE
    assert served.office.card_status(CARD) is CardStatus.TEMPORARILY_LOST
    assert verdict(box, put(line, box, box.loss())).outcome is c.VerdictOutcome.ALREADY
    void = line.post(f"{c.Paths.TRANSACTIONS}/{loss.id}/void", content=msgspec.json.encode(box.sign(box.void(loss))))
    assert verdict(box, void).outcome is c.VerdictOutcome.DONE
    asked = line.get(f"{c.Paths.TRANSACTIONS}/{loss.id}")
    assert verdict(box, asked).outcome is c.VerdictOutcome.DONE


def test_other_bytes_under_an_id_and_a_wrong_signature(box: Box, line: httpx.Client) -> None:
    audit = box.audit()
    assert verdict(box, put(line, box, audit)).code == "stored"
    assert problem(put(line, box, msgspec.structs.replace(audit, event="forged"))).code == "content_differs"
    signed = msgspec.structs.replace(box.sign(audit), signature=box.sign(box.audit()).signature)
    answer = line.put(f"{c.Paths.TRANSACTIONS}/{audit.id}", content=msgspec.json.encode(signed))
    assert problem(answer).code == "signature_wrong"


def test_a_batch_with_one_bad_item(box: Box, line: httpx.Client) -> None:
    good, bad = box.envelope(box.audit()), box.envelope(box.audit())
    bad = msgspec.structs.replace(bad, id=new_id())
    answer = line.post(c.Paths.ITEMS, content=msgspec.json.encode(c.Batch([good, bad, good])))
    first, second, third = msgspec.json.decode(answer.content, type=c.BatchAnswer).answers
    assert first == third
    assert second.problem is not None
    assert second.problem.code == "id_differs"


def test_the_same_request_within_a_minute_gets_the_same_answer(served: Served, line: httpx.Client) -> None:
    """A heartbeat's answer carries the time, so that a second answer would show."""
    path, body = f"{c.Paths.TERMINALS}/T-1/heartbeat", msgspec.json.encode(BEAT)
    first, second = new_id(), new_id()
    answer = line.put(path, content=body, headers={"x-request-id": first}).content
    served.office.clock.pass_by(seconds=c.SAME_REQUEST_S - 1)
    assert line.put(path, content=body, headers={"x-request-id": first}).content == answer
    assert line.put(path, content=body, headers={"x-request-id": second}).content != answer
    served.office.clock.pass_by(seconds=2)
    assert line.put(path, content=body, headers={"x-request-id": first}).content != answer


def test_a_repeated_request_is_answered_even_to_a_terminal_suspended_since(served: Served) -> None:
    box = served.pair("T-7")
    audit, request = box.audit(), new_id()
    with served.client(box.name) as line:
        answer = put(line, box, audit, **{"x-request-id": request})
        serving.suspend(served.office.centre, box.name)
        assert put(line, box, audit, **{"x-request-id": request}).content == answer.content


def test_the_heartbeats_time_is_the_centres(served: Served, box: Box, line: httpx.Client) -> None:
    answer = line.put(f"{c.Paths.TERMINALS}/T-1/heartbeat", content=msgspec.json.encode(BEAT))
    signed = msgspec.json.decode(answer.content, type=c.HeartbeatAnswer).time
    time = box.identity.verdict_key.read(c.Domain.TIME, signed, c.CentreTime)
    assert time == c.CentreTime(box.name, served.office.clock.now())


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (c.Paths.CARDS_QUERY, b'{"visit": "me"}', 400, "malformed"),
        (c.Paths.CARDS_QUERY, b"\xff\xfe", 400, "malformed"),
        (c.Paths.CARDS_QUERY, b" " * 70_000, 413, "too_large"),
        (c.Paths.ITEMS, b" " * 5_000_000, 413, "too_large"),
        (c.Paths.PROOFS, b"{}", 400, "malformed"),
        (c.Paths.PRODUCTION_QUERY, b"{}", 400, "malformed"),
    ],
)
def test_bad_messages_get_problem_documents(line: httpx.Client, path: str, body: bytes, status: int, code: str) -> None:
    answer = problem(line.post(path, content=body))
    assert (answer.status, answer.code) == (status, code)


def test_a_batch_of_501_is_malformed(box: Box, line: httpx.Client) -> None:
    envelope = box.envelope(box.audit())
    answer = line.post(c.Paths.ITEMS, content=msgspec.json.encode({"items": [envelope] * (c.BATCH_LIMIT + 1)}))
    assert problem(answer).code == "malformed"


def test_an_unknown_path_is_no_answer_of_the_contract(line: httpx.Client) -> None:
    answer = line.get("/v2/anything")
    assert answer.status_code == 404
    assert "code" not in answer.json()


def test_the_openapi_document_names_every_call(line: httpx.Client, served: Served) -> None:
    paths = serving.openapi(served.office.centre)["paths"]
    calls = {"/v1/pairing", "/v1/items", "/v1/cards/query", "/v1/cryptograms", "/v1/proofs", "/v1/proofs/{id}"}
    calls |= {"/v1/production/query"}
    assert calls <= set(paths)
    assert "put" in paths["/v1/transactions/{id}"]


def test_several_connections_at_once(served: Served, box: Box) -> None:
    """Each worker thread has its own connection to the store; none waits for ever, none is answered twice."""
    audits = [[box.audit() for _ in range(10)] for _ in range(4)]
    stored: list[str] = []

    def deliver(items: list[c.Audit]) -> None:
        with served.client(box.name) as line:
            stored.extend(verdict(box, put(line, box, item)).code for item in items)

    threads = [threading.Thread(target=deliver, args=(items,)) for items in audits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored == ["stored"] * 40
