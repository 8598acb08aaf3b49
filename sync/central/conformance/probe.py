"""A terminal without a window: seals, signs and asks as one does, and believes as little."""

from __future__ import annotations

import datetime as dt
import ssl
import time
import uuid
from typing import Any, NoReturn, TypeVar

import httpx
import msgspec

from kiosk import pairing
from kiosk.contract import (
    CentreTime,
    Confidence,
    Domain,
    Evidence,
    Heartbeat,
    HeartbeatAnswer,
    IdCardEvidence,
    ItemEnvelope,
    ItemTime,
    Outcome,
    Paths,
    Personal,
    Problem,
    Sealed,
    Signed,
    Stamp,
    TransactionBase,
    Verdict,
    Void,
)
from kiosk.seal import Rejected, SealKey, VerifyKey, canonical, from_text, seal_personal
from sync.central.conformance.people import TestPerson
from sync.pairing import centre_only

T = TypeVar("T")
Item = TypeVar("Item", bound=TransactionBase)

ANSWER_WAIT_S = 30
"""Longer than any answer may take: a late one is told apart from none."""
HEAD = "0" * 64


class Failed(Exception):
    """What the centre did instead; never anything personal."""


def expect(right: object, otherwise: str) -> None:
    if not right:
        raise Failed(otherwise)


def new_id() -> str:
    return str(uuid.uuid4())


class Reply(msgspec.Struct, frozen=True):
    status: int
    media_type: str
    body: bytes
    took_s: float

    def of(self, type_: type[T]) -> T:
        """The answer of the contract.  Raises Failed."""
        if self.status != 200:
            self._unexpected(f"a {type_.__name__}")
        try:
            return msgspec.json.decode(self.body, type=type_)
        except msgspec.MsgspecError as error:
            raise Failed(f"the answer is no {type_.__name__}: {error}") from None

    def problem(self, *statuses: int) -> Problem:
        """A problem document with one of these statuses.  Raises Failed."""
        if self.status not in statuses:
            self._unexpected(" or ".join(map(str, statuses)))
        try:
            problem = msgspec.json.decode(self.body, type=Problem)
        except msgspec.MsgspecError as error:
            raise Failed(f"{self.status} without a problem document: {error}") from None
        expect(problem.status == self.status, f"HTTP says {self.status}, the document {problem.status}")
        return problem

    def _unexpected(self, wanted: str) -> NoReturn:
        try:
            code = msgspec.json.decode(self.body, type=Problem).code
        except msgspec.MsgspecError:
            code = "no problem document"
        raise Failed(f"wanted {wanted}, got HTTP {self.status} ({code})")


class Probe:
    """One paired terminal with a journal of its own."""

    def __init__(self, url: str, identity: pairing.TerminalIdentity, line: pairing.LineIdentity) -> None:
        self.url, self.name = url, identity.name
        self.identity, self.line = identity, line
        self.journal_id = new_id()
        self._next_seq = 0
        self._http = httpx.Client(verify=self.context(), base_url=url, timeout=ANSWER_WAIT_S, trust_env=False)
        self._heard: tuple[dt.datetime, float] | None = None

    def close(self) -> None:
        self._http.close()

    def context(self) -> ssl.SSLContext:
        """Mutual TLS as this terminal."""
        context = centre_only(self.line.ca)
        context.load_cert_chain(self.line.certificate, self.line.key)
        return context

    # --- asking ---------------------------------------------------------------------------

    def ask(self, method: str, path: str, message: object = None, request_id: str | None = None) -> Reply:
        """`message`: a struct of the contract, or bytes as they stand.  Raises Failed when nobody answers."""
        body = message if isinstance(message, bytes) else b"" if message is None else msgspec.json.encode(message)
        headers = {"content-type": "application/json", "x-request-id": request_id or new_id()}
        began = time.monotonic()
        try:
            answer = self._http.request(method, path, content=body, headers=headers)
        except httpx.TransportError as error:
            raise Failed(f"{method} {path}: {type(error).__name__}") from None
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        return Reply(answer.status_code, media_type, answer.content, time.monotonic() - began)

    def put(self, item: Stamp) -> Reply:
        """An item by its own call."""
        return self.put_signed(item, self.sign(item))

    def put_signed(self, item: Stamp, signed: Signed) -> Reply:
        path = f"{Paths.TRANSACTIONS}/{_id_of(item)}"
        match item:
            case Void():
                return self.ask("POST", f"{path}/void", signed)
            case Outcome():
                return self.ask("PUT", f"{path}/outcome", signed)
            case _:
                return self.ask("PUT", path, signed)

    def verdict(self, item: Stamp) -> Verdict:
        """What the centre decided, on its own signature.  Raises Failed."""
        return self.believe(self.put(item).of(Signed))

    def believe(self, signed: Signed) -> Verdict:
        verdict = self.verdict_key.read(Domain.VERDICT, signed, Verdict)
        if isinstance(verdict, Rejected):
            raise Failed(f"the verdict is not to be believed: {verdict.why}")
        expect(verdict.terminal == self.name, "the verdict names another terminal")
        return verdict

    @property
    def verdict_key(self) -> VerifyKey:
        return self.identity.verdict_key

    # --- the centre's time ----------------------------------------------------------------

    def beat(self, name: str | None = None, request_id: str | None = None) -> Reply:
        return self.ask("PUT", f"{Paths.TERMINALS}/{name or self.name}/heartbeat", self.heartbeat(), request_id)

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(
            devices={},
            queue_depth=0,
            oldest_age_s=None,
            quarantined=0,
            doubts=0,
            puk_off=False,
            disk_free_mb=1000,
            temperature_c=None,
            version="check",
            policy_version="",
            clock=Confidence.CENTRE,
            help_called=False,
            journal_id=self.journal_id,
            record_seq=0,
            head=HEAD,
        )

    def hear_time(self) -> dt.datetime:
        """The centre's signed time.  Raises Failed."""
        signed = self.beat().of(HeartbeatAnswer).time
        told = self.verdict_key.read(Domain.TIME, signed, CentreTime)
        if isinstance(told, Rejected):
            raise Failed(f"the time is not to be believed: {told.why}")
        expect(told.terminal == self.name, "the time was signed for another terminal")
        self._heard = (told.time, time.monotonic())
        return told.time

    def now(self, age: dt.timedelta = dt.timedelta(0)) -> ItemTime:
        """For an item that was drafted `age` ago."""
        if self._heard is None:
            self.hear_time()
        assert self._heard is not None  # noqa: S101 - `hear_time` raises otherwise
        heard, at = self._heard
        drafted = heard + dt.timedelta(seconds=time.monotonic() - at) - age
        return ItemTime(drafted, Confidence.CENTRE, heard - age, int((time.monotonic() - at) * 1000))

    # --- items ----------------------------------------------------------------------------

    def seal(self, personal: Personal, bound_to: str) -> Sealed:
        key = SealKey(from_text(self.identity.bundle.seal_key))
        return seal_personal(key, personal, self.name, bound_to)

    def item(self, type_: type[Item], person: TestPerson | None = None, **changes: Any) -> Item:
        """Drafted now, with the ID card read and nothing else proved."""
        id = new_id()
        fields: dict[str, Any] = {
            **self.stamp(),
            "id": id,
            "visit": new_id(),
            "time": self.now(),
            **({} if person is None else {"sealed": self.seal(personal(person), id), "evidence": self.id_card()}),
        }
        return type_(**{**fields, **changes})

    def id_card(self) -> Evidence:
        return Evidence(id_card=IdCardEvidence(None, self.now().wall))

    def void(self, burnt: TransactionBase) -> Void:
        return Void(**self.stamp(), transaction=burnt.id, burns_seq=burnt.seq)

    def stamp(self) -> dict[str, Any]:
        seq, self._next_seq = self._next_seq, self._next_seq + 1
        return {"terminal": self.name, "journal_id": self.journal_id, "seq": seq, "record_seq": seq, "head": HEAD}

    def sign(self, item: Stamp) -> Signed:
        return self.identity.signing.sign(_domain_of(item), canonical(item))

    def envelope(self, item: Stamp) -> ItemEnvelope:
        return ItemEnvelope(_domain_of(item), _id_of(item), self.sign(item))


def personal(person: TestPerson) -> Personal:
    """All that both cards tell."""
    card = person.card
    return Personal(
        holder_number=person.number,
        name=person.name,
        card_number=None if card is None else card.number,
        card_identifier=None if card is None else card.identifier,
    )


def _domain_of(item: Stamp) -> Domain:
    match item:
        case Void():
            return Domain.VOID
        case Outcome():
            return Domain.OUTCOME
        case _:
            return Domain.TRANSACTION


def _id_of(item: Stamp) -> str:
    if isinstance(item, Void | Outcome):
        return item.transaction
    assert isinstance(item, TransactionBase)  # noqa: S101 - there are no other items
    return item.id
