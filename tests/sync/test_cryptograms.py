"""A chip waits in the slot: what sync does with its questions when the line is bad, or the centre means harm."""

from __future__ import annotations

import math

import httpx
import msgspec
import pytest
import trio
from trio.testing import MockClock

from kiosk.contract import (
    CRYPTOGRAM_WAIT_S,
    ExternalAuth,
    ExternalAuthentication,
    Kind,
    Paths,
    ProofChecked,
    ProofCode,
    ProofRequest,
    ProofSent,
    Sealed,
    SecuredMessage,
    SecureFunction,
    SecureMessage,
)
from kiosk.line import (
    AskExternalAuth,
    AskProof,
    AskSecureMessage,
    Authentication,
    CheckProof,
    Declined,
    Message,
    NoAnswer,
    Online,
    ProofAnswered,
    ProofOnItsWay,
)
from sync.client import CONNECT_S

from .conftest import Behaviour, Centre, Terminal, answer_lost, json, no_connection, problem, silence

ID = "00000000-0000-4000-8000-000000000001"
SEALED = Sealed("k", "e", "c")
COMMON = {"visit": ID, "algorithm": "03", "region": "459900", "reset_info": "00" * 13, "sealed": SEALED}
PUK = AskExternalAuth(ExternalAuth(**COMMON, transaction=ID, factor="01" * 8, original="02" * 8))
RELOAD = AskSecureMessage(
    SecureMessage(
        **COMMON, transaction=ID, function=SecureFunction.RELOAD, factor="03" * 8, sealed_pin=Sealed("p", "e", "c")
    )
)
AUTHENTICATION = ExternalAuthentication("ab" * 16)
MESSAGE = SecuredMessage("cd" * 20)


def message_given(_request: httpx.Request) -> httpx.Response:
    return json(MESSAGE)


class Cryptograms:
    """The centre's answers to cryptogram requests one by one; everything else as ever."""

    def __init__(self, centre: Centre, *answers: Behaviour) -> None:
        self._serve, self._answers = centre.does, iter(answers)
        self.asked: list[httpx.Request] = []
        centre.does = self._do

    async def _do(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != Paths.CRYPTOGRAMS:
            answer = self._serve(request)
        else:
            self.asked.append(request)
            answer = next(self._answers)(request)
        return answer if isinstance(answer, httpx.Response) else await answer

    def the_same_twice(self) -> bool:
        first, second = self.asked
        ids = {request.headers["x-request-id"] for request in self.asked}
        return first.content == second.content and len(ids) == 1


# --- good times -------------------------------------------------------------------------------


async def test_both_steps_go_through_each_with_an_id_of_its_own(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    line = Cryptograms(centre, lambda _request: json(AUTHENTICATION), message_given)
    assert await terminal.link.call(PUK, deadline_s=20) == Authentication(AUTHENTICATION)
    assert await terminal.link.call(RELOAD, deadline_s=20) == Message(MESSAGE)
    assert [msgspec.json.decode(asked.content)["step"] for asked in line.asked] == ["external_auth", "secure_message"]
    assert not line.the_same_twice()


async def test_a_pin_passes_only_sealed(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    """What sync sends is what the terminal sealed, byte for byte; it has no field for anything else."""
    line = Cryptograms(centre, message_given)
    await terminal.link.call(RELOAD, deadline_s=20)
    assert msgspec.json.decode(line.asked[0].content, type=SecureMessage) == RELOAD.request


async def test_a_code_is_asked_for_and_typed(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    sent = msgspec.json.decode(
        f'{{"id":"{ID}","phone_last2":"03","expires_at":"2026-03-02T09:05:00Z"}}', type=ProofSent
    )
    answers = {Paths.PROOFS: sent, f"{Paths.PROOFS}/{ID}": ProofChecked(ok=False, tries_left=2)}
    serve = centre.does
    centre.does = lambda request: json(answers[path]) if (path := request.url.path) in answers else serve(request)
    request = AskProof(ProofRequest(ID, Kind.RELOAD_PIN, SEALED))
    assert await terminal.link.call(request, deadline_s=20) == ProofOnItsWay(sent)
    checked = await terminal.link.call(CheckProof(ID, ProofCode("123456")), deadline_s=20)
    assert checked == ProofAnswered(ProofChecked(ok=False, tries_left=2))


async def test_an_id_never_leads_to_another_call(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    await terminal.link.call(CheckProof("../items?x=", ProofCode("123456")), deadline_s=20)
    assert centre.batches() == []
    assert any(request.url.raw_path == b"/v1/proofs/..%2Fitems%3Fx%3D" for request in centre.requests)


# --- bad luck ---------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [answer_lost, no_connection])
async def test_a_lost_secure_message_is_asked_for_once_more_with_the_same_id(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, trouble: Behaviour
) -> None:
    line = Cryptograms(centre, trouble, message_given)
    assert await terminal.link.call(RELOAD, deadline_s=20) == Message(MESSAGE)
    assert line.the_same_twice()


async def test_it_is_asked_for_twice_and_not_three_times(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    line = Cryptograms(centre, answer_lost, answer_lost, message_given)
    assert await terminal.link.call(RELOAD, deadline_s=20) == NoAnswer()
    await trio.sleep(60)
    assert line.the_same_twice()


async def test_the_centre_goes_between_the_two_steps(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    await terminal.until_line(Online)
    Cryptograms(centre, lambda _request: json(AUTHENTICATION), no_connection, no_connection)
    assert await terminal.link.call(PUK, deadline_s=20) == Authentication(AUTHENTICATION)
    assert await terminal.link.call(RELOAD, deadline_s=20) == NoAnswer()


async def test_both_tries_together_take_no_longer_than_a_chip_is_kept(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre
) -> None:
    async def slow_connection(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(CONNECT_S)
        raise httpx.ConnectTimeout("slow")

    line = Cryptograms(centre, slow_connection, silence)
    asked_at = trio.current_time()
    assert await terminal.link.call(RELOAD, deadline_s=math.inf) == NoAnswer()
    assert trio.current_time() - asked_at == CRYPTOGRAM_WAIT_S
    assert line.the_same_twice()


async def test_a_late_answer_is_thrown_away(autojump_clock: MockClock, terminal: Terminal, centre: Centre) -> None:
    async def late(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(CRYPTOGRAM_WAIT_S + 1)
        return json(MESSAGE)

    line = Cryptograms(centre, late, message_given)
    asked_at = trio.current_time()
    assert await terminal.link.call(RELOAD, deadline_s=math.inf) == NoAnswer()
    assert trio.current_time() - asked_at == CRYPTOGRAM_WAIT_S
    await trio.sleep(60)
    assert len(line.asked) == 1, "silence is no broken connection: nobody knows how far it came"


@pytest.mark.parametrize("code", ["already_given", "factor_seen", "not_open", "pin_cannot_open"])
async def test_a_refusal_is_told_and_not_argued_with(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, code: str
) -> None:
    line = Cryptograms(centre, lambda _request: problem(409, code))
    answer = await terminal.link.call(RELOAD, deadline_s=20)
    assert isinstance(answer, Declined)
    assert answer.problem.code == code
    assert len(line.asked) == 1


# --- a centre that means harm -----------------------------------------------------------------


class Hostile(httpx.AsyncBaseTransport):
    """Stands between sync and an honest centre, and puts its own hex in the place of the secure message."""

    def __init__(self, honest: httpx.AsyncBaseTransport, message: str) -> None:
        self._honest, self.message = honest, message

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._honest.handle_async_request(request)
        if request.url.path != Paths.CRYPTOGRAMS:
            return answer
        return json({"message": self.message})


@pytest.fixture
def transport(request: pytest.FixtureRequest, centre: Centre) -> httpx.AsyncBaseTransport:
    """Honest, unless the test names a message."""
    honest = httpx.MockTransport(centre.handle)
    return Hostile(honest, request.param) if hasattr(request, "param") else honest


CARD_BLOCK = "84160000041c653655"
FULL_APDU = "8424000114" + "cd" * 20


@pytest.mark.parametrize("transport", [CARD_BLOCK, FULL_APDU, "", "cd", "cd" * 19, "cd" * 255], indirect=True)
async def test_hex_is_passed_on_as_it_is_for_the_driver_to_refuse(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, transport: Hostile
) -> None:
    """Sync judges the contract's form alone: header and length are the driver's, who needs no one's word for them."""
    Cryptograms(centre, message_given)
    assert await terminal.link.call(RELOAD, deadline_s=20) == Message(SecuredMessage(transport.message))


@pytest.mark.parametrize("transport", ["no hex", "cdc", "０１", "cd cd"], indirect=True)
async def test_what_is_no_hex_is_no_answer(
    autojump_clock: MockClock, terminal: Terminal, centre: Centre, transport: Hostile
) -> None:
    line = Cryptograms(centre, message_given, message_given)
    assert await terminal.link.call(RELOAD, deadline_s=20) == NoAnswer()
    assert len(line.asked) == 1
