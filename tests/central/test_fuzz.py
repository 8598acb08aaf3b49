"""Whatever is sent, the centre answers as the contract has it, and does nothing that nobody asked for.

The calls and their bodies are generated from the OpenAPI document that the centre gives out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.types import ASGIApp, Receive, Scope, Send
from schemathesis import GenerationMode

from kiosk.contract import Batch, BatchAnswer, ChipResult, ItemEnvelope, Kind, Outcome, Problem
from kiosk.terms import CardStatus
from sync.central import rules
from sync.central.http import HANDLERS, make_app
from sync.central.tls import PEER_CERTIFICATE
from tests.central.office import CARD, OTHER_CARD, Box, Office, domain_of, id_of, new_id

EACH_CALL = 25
PLACE_IN_PATH = re.compile(r":\w+}")
CALLS = [
    (method, PLACE_IN_PATH.sub("}", path))
    for handler in HANDLERS
    for path in handler.paths
    for method in sorted(handler.http_methods)
]
SPOILT = [call for call in CALLS if call[0] != "GET"]
"""What can be sent otherwise than the document has it: a path is any text."""


def called_by(app: ASGIApp, certificate: bytes) -> ASGIApp:
    """As TLS would have it: every request comes from this certificate's owner."""

    async def with_certificate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})[PEER_CERTIFICATE] = certificate
        await app(scope, receive, send)

    return with_certificate


@pytest.fixture
def contract(office: Office, box: Box) -> Iterator[Any]:
    app = called_by(make_app(office.centre), office.certificate(box.name))
    yield schemathesis.openapi.from_asgi("/schema/openapi.json", app)
    assert office.card_status(CARD) is office.card_status(OTHER_CARD) is CardStatus.NORMAL, "nobody signed anything"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_what_the_document_allows_gets_an_answer_of_the_contract(contract: Any, method: str, path: str) -> None:
    every_answer_is_of_the_contract(contract[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))


@pytest.mark.parametrize(("method", "path"), SPOILT)
def test_what_it_does_not_allow_gets_one_too(contract: Any, method: str, path: str) -> None:
    every_answer_is_of_the_contract(contract[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))


def every_answer_is_of_the_contract(cases: st.SearchStrategy[Any]) -> None:
    @given(case=cases)
    @settings(max_examples=EACH_CALL, suppress_health_check=list(HealthCheck), database=None)
    def is_answered(case: Any) -> None:
        answer = case.call()
        assert answer.status_code < 500, answer.text
        if answer.status_code < 400 or answer.content == b"{}":
            return
        assert answer.headers["content-type"] == ["application/problem+json"]
        problem = msgspec.json.decode(answer.content, type=Problem)
        assert problem.status == answer.status_code
        assert problem.code

    is_answered()


# --- what a paired terminal has signed --------------------------------------------------------

FAR = st.sampled_from([2**53 - 1, 2**53, 2**63, -1, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
NONSENSE = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.integers(), max_size=3) | FAR
DROPPED = object()


@given(data=st.data())
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_signed_item_with_one_wrong_value_is_decided_or_set_aside(
    office: Office, box: Box, data: st.DataObject
) -> None:
    """Nothing else: no failure, which would be sent again for ever."""
    item = data.draw(st.sampled_from([box.loss, box.audit, lambda: box.void(box.loss()), lambda: outcome(box)]))()
    fields = msgspec.to_builtins(item)
    if "sealed" in fields:
        fields["kind"] = data.draw(st.sampled_from(Kind)).value
    where, key = data.draw(st.sampled_from(list(places(fields))))
    value = data.draw(NONSENSE | st.just(DROPPED))
    if value is DROPPED:
        del where[key]
    else:
        where[key] = value
    signed = box.identity.signing.sign(domain_of(item), msgspec.json.encode(fields))
    batch = Batch([ItemEnvelope(domain_of(item), id_of(item), signed)])
    with office.centre.store.transaction():
        given = rules.take_items(office.centre, box.name, batch)
    assert isinstance(given, BatchAnswer), given
    (answer,) = given.answers
    assert answer.verdict is not None or (answer.problem is not None and answer.problem.status < 500), answer


def outcome(box: Box) -> Outcome:
    told = {"result": ChipResult.DONE, "sw": "9000", "tries_before": 0, "tries_after": 6, "pin_verified": True}
    return Outcome(**box.stamp(), transaction=new_id(), at=box.clock.now(), **told)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key below."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)
