"""Reload and unblock over real HTTPS: the centre's cryptograms in the memory of real chips of every version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import httpx
import msgspec
import pytest

from kiosk import contract as c
from kiosk import pairing
from sync.central import serving
from tests.central.office import Box, new_id
from tests.central.pin_visit import NEW_PIN, OK, PinVisit, on_record, person
from tests.wire.test_central_https import Served, problem, put, verdict

T = TypeVar("T")

INITIAL = (1, 2, 3, 4, 5, 6)


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


def asked(line: httpx.Client, path: str, message: msgspec.Struct, type_: type[T]) -> T:
    answer = line.post(path, content=msgspec.json.encode(message))
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=type_)


def arrived(served: Served, box: Box, key: str) -> PinVisit:
    """The person of this file, on the centre's record, with the chip in the slot."""
    serving.add_people(served.office.centre, [on_record(person(key))])
    return PinVisit(served.office, box, person(key))


def proved(line: httpx.Client, visit: PinVisit, kind: c.Kind) -> str:
    """The chip is genuine, and the person has read the code off the phone."""
    assert asked(line, c.Paths.CRYPTOGRAMS, visit.reading(), c.BasicRead).authentic
    sent = asked(line, c.Paths.PROOFS, visit.proof_request(kind), c.ProofSent)
    typed = c.ProofCode(visit.code_on_phone())
    assert asked(line, f"{c.Paths.PROOFS}/{sent.id}", typed, c.ProofChecked).ok
    return sent.id


def carried_out(line: httpx.Client, visit: PinVisit, work: c.TransactionBase) -> None:
    """From the verdict to the chip's last status word, and the report of it."""
    assert verdict(visit.box, put(line, visit.box, work)).outcome is c.VerdictOutcome.AUTHORISED
    puk = asked(line, c.Paths.CRYPTOGRAMS, visit.external_auth(work), c.ExternalAuthentication)
    assert visit.authenticate(puk) == OK
    message = asked(line, c.Paths.CRYPTOGRAMS, visit.secure_message(work), c.SecuredMessage)
    assert visit.apply(message) == OK
    done = visit.box.sign(visit.outcome(work, c.ChipResult.DONE))
    answer = line.put(f"{c.Paths.TRANSACTIONS}/{work.id}/outcome", content=msgspec.json.encode(done))
    assert verdict(visit.box, answer).outcome is c.VerdictOutcome.DONE


@pytest.mark.parametrize("key", ["normal_v1", "normal_v2", "normal_v3", "pin_blocked"])
def test_a_new_pin(served: Served, box: Box, line: httpx.Client, key: str) -> None:
    visit = arrived(served, box, key)
    carried_out(line, visit, visit.work(c.ReloadPin, proved(line, visit, c.Kind.RELOAD_PIN)))
    visit.put_in()
    assert visit.verify(NEW_PIN) == OK
    assert visit.verify(INITIAL) == "63c5"


@pytest.mark.parametrize("key", ["pin_blocked", "one_try_left_v1", "two_tries_left"])
def test_all_tries_back(served: Served, box: Box, line: httpx.Client, key: str) -> None:
    visit = arrived(served, box, key)
    before = visit.chip.memory.pin
    carried_out(line, visit, visit.work(c.UnblockPin, proved(line, visit, c.Kind.UNBLOCK_PIN)))
    visit.put_in()
    assert visit.chip.memory.pin_tries == visit.chip.memory.pin_tries_max
    assert visit.chip.memory.pin == before
    assert visit.verify(INITIAL) == OK


def test_a_message_whose_answer_was_lost_comes_again_and_no_second_one(
    served: Served, box: Box, line: httpx.Client
) -> None:
    visit = arrived(served, box, "long_name")
    work = visit.work(c.ReloadPin, proved(line, visit, c.Kind.RELOAD_PIN))
    put(line, box, work)
    visit.authenticate(asked(line, c.Paths.CRYPTOGRAMS, visit.external_auth(work), c.ExternalAuthentication))
    body, lost = msgspec.json.encode(visit.secure_message(work)), {"x-request-id": new_id()}
    line.post(c.Paths.CRYPTOGRAMS, content=body, headers=lost)
    again = line.post(c.Paths.CRYPTOGRAMS, content=body, headers=lost)
    assert visit.apply(msgspec.json.decode(again.content, type=c.SecuredMessage)) == OK
    second = line.post(c.Paths.CRYPTOGRAMS, content=body, headers={"x-request-id": new_id()})
    assert (problem(second).status, problem(second).code) == (409, "already_given")
    void = line.post(f"{c.Paths.TRANSACTIONS}/{work.id}/void", content=msgspec.json.encode(box.sign(box.void(work))))
    assert verdict(box, void).outcome is c.VerdictOutcome.ISSUED


def test_a_code_that_was_not_sent(line: httpx.Client) -> None:
    answer = line.post(f"{c.Paths.PROOFS}/{new_id()}", content=b'{"code": "123456"}')
    assert (problem(answer).status, problem(answer).code) == (404, "no_such_proof")
    assert problem(line.post(f"{c.Paths.PROOFS}/{new_id()}", content=b'{"code": 123456}')).code == "malformed"


def test_a_policy_the_office_signed(served: Served, line: httpx.Client, box: Box) -> None:
    serving.publish_policy(served.office.centre, served.office.state, "2026-11", 'version = "2026-11"\n')
    answer = line.get(f"{c.Paths.POLICIES}/2026-11")
    signed = msgspec.json.decode(answer.content, type=c.PolicyAnswer).policy
    place = served.office.installation(box.name)
    assert pairing.read_office_key(place.office_key).verify(c.Domain.POLICY, signed) == b'version = "2026-11"\n'


def test_the_openapi_document_shows_every_step(served: Served) -> None:
    document = serving.openapi(served.office.centre)
    schemas = document["components"]["schemas"]
    named = {name.rsplit("_", 1)[-1] for name in schemas}
    assert {"ProofRequest", "ProofSent", "ProofCode", "ProofChecked"} <= named
    assert {"ExternalAuth", "SecureMessage", "ExternalAuthentication", "SecuredMessage"} <= named
