"""A citizen at a paired terminal with a real virtual chip: every message of a PIN reload or unblock, as it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from drivers.virtual.card import Chip, issue
from drivers.virtual.demo.registry import citizens
from drivers.virtual.people import Person, find, load_people
from kiosk import contract as c
from kiosk import seal
from kiosk.pin import Pin
from kiosk.terms import CardStatus
from sync.central import rules, serving, tables
from sync.central.answering import Answer, Request, answer
from sync.central.seed import Citizen
from tests.central.office import START, Box, Office, new_id

SELECT_SSSE = bytes.fromhex("00A404000F") + "sx1.sh.社会保障".encode("gbk")
NEW_PIN = (4, 7, 1, 9, 0, 3)
FUNCTIONS = {c.ReloadPin: c.SecureFunction.RELOAD, c.UnblockPin: c.SecureFunction.UNBLOCK}
OK = "9000"
HEADERS = {8: "84240000", 24: "84240001", 40: "84240001"}
"""PIN CHANGE/UNBLOCK by the message's hex digits (SSC spec part 5)."""


def person(key: str) -> Person:
    return find(load_people(today=START.date()), key)


def on_record(somebody: Person, **changes: Any) -> Citizen:
    (record,) = citizens([somebody])
    return msgspec.structs.replace(record, cards=(msgspec.structs.replace(record.cards[0], **changes),))


def problem_code(answer: object) -> str:
    assert isinstance(answer, c.Problem), answer
    return answer.code


class InProcess:
    """Calls the rules as the HTTP shell does, as this terminal; problems come back as they are."""

    def __init__(self, office: Office, box: Box) -> None:
        self.office = office
        self.box = box

    def ask(self, rule: Callable[[str], object]) -> Any:
        with self.office.centre.store.transaction():
            return rule(self.box.name)

    def prove(self, request: c.ProofRequest) -> Any:
        return self.ask(lambda name: rules.send_code(self.office.centre, name, request))

    def check(self, id: str, code: str) -> Any:
        return self.ask(lambda name: rules.check_code(self.office.centre, name, id, c.ProofCode(code)))

    def cryptogram(self, request: c.CryptogramRequest) -> Any:
        return self.ask(lambda name: rules.cryptogram(self.office.centre, name, request))

    def item(self, item: c.Stamp) -> c.Verdict | c.Problem:
        batch = c.Batch([self.box.envelope(item)])
        answer = self.ask(lambda name: rules.take_items(self.office.centre, name, batch)).answers[0]
        return answer.problem or self.box.believe(answer.verdict)

    def record(self, id: str) -> c.Verdict:
        """What the centre answers to who asks for a transaction."""
        return self.box.believe(self.ask(lambda name: rules.get_transaction(name, id)))

    def over_the_line(self, request: c.CryptogramRequest, request_id: str) -> Answer:
        """As the HTTP shell asks: with the certificate, and with its memory of requests."""
        body = msgspec.json.encode(request)
        asked = Request("cryptogram", self.office.certificate(self.box.name), request_id, body)
        return answer(self.office.centre, asked, lambda name: rules.cryptogram(self.office.centre, name, request))


class PinVisit:
    """One visit: ID card read, the chip in the slot, a phone in the pocket."""

    def __init__(self, office: Office, box: Box, somebody: Person) -> None:
        assert somebody.card is not None
        self.office, self.box, self.person, self.card = office, box, somebody, somebody.card
        self.chip: Chip = issue(somebody)
        self.visit = new_id()
        self.put_in()

    def personal(self) -> c.Personal:
        return c.Personal(
            holder_number=self.person.number,
            name=self.person.name,
            card_number=self.card.number,
            card_identifier=self.card.identifier,
        )

    # --- the chip -------------------------------------------------------------------------

    def put_in(self) -> None:
        self.chip.power_on()
        self.chip.transmit(SELECT_SSSE)

    def challenge(self) -> str:
        return self.chip.transmit(bytes.fromhex("0084000008"))[:8].hex()

    def send(self, apdu: str) -> str:
        """→ status word."""
        return self.chip.transmit(bytes.fromhex(apdu))[-2:].hex()

    def authenticate(self, given: c.ExternalAuthentication) -> str:
        return self.send("0082000610" + given.authentication)

    def apply(self, given: c.SecuredMessage) -> str:
        """With a header of our own, as the driver does."""
        return self.send(f"{HEADERS[len(given.message)]}{len(given.message) // 2:02x}{given.message}")

    def verify(self, pin: tuple[int, ...]) -> str:
        return self.send("0020000003" + bytes(Pin(pin).bcd).hex())

    # --- what is asked ----------------------------------------------------------------------

    def reading(self) -> c.ReadBasic:
        original, factor = self.challenge(), self.challenge()
        self.chip.transmit(bytes.fromhex("0088000010" + factor + original))
        response = self.chip.transmit(bytes.fromhex("00C0000008"))[:8].hex()
        return c.ReadBasic(
            **self._common(self.visit), internal=c.InternalChallenge(factor, original, response), external=None
        )

    def proof_request(self, kind: c.Kind = c.Kind.RELOAD_PIN) -> c.ProofRequest:
        return c.ProofRequest(self.visit, kind, self.box.seal(self.personal(), self.visit))

    def code_on_phone(self) -> str:
        """The citizen looks at the last message."""
        with self.office.centre.store.transaction():
            row = tables.Sms
            text = row.select().where(row.number == self.person.phone).order_by(row.id.desc()).get().text
        return re.findall(r"\d{6}", text)[0]

    def work(self, type_: type[c.TransactionBase] = c.ReloadPin, proof: str | None = None, **changes: Any) -> Any:
        id = new_id()
        fields = {
            **self.box.stamp(),
            "id": id,
            "visit": self.visit,
            "sealed": self.box.seal(self.personal(), id),
            "evidence": self.evidence(proof),
            "time": self.box.item_time(),
        }
        return type_(**{**fields, **changes})

    def evidence(self, proof: str | None) -> c.Evidence:
        return c.Evidence(
            ssc=c.SscEvidence(authenticated=True),
            id_card=c.IdCardEvidence(None, self.office.clock.now()),
            proof=c.Proof() if proof is None else c.Proof(c.ProofKind.PHONE_CODE, proof),
        )

    def external_auth(self, work: c.TransactionBase, **changes: Any) -> c.ExternalAuth:
        original, factor = self.challenge(), self.challenge()
        fields = {**self._common(work.id), "transaction": work.id, "factor": factor, "original": original}
        return c.ExternalAuth(**{**fields, **changes})

    def secure_message(
        self, work: c.TransactionBase, pin: tuple[int, ...] = NEW_PIN, **changes: Any
    ) -> c.SecureMessage:
        function, factor = FUNCTIONS[type(work)], self.challenge()  # type: ignore[index]
        fields = {**self._common(work.id), "transaction": work.id, "function": function, "factor": factor}
        if function is c.SecureFunction.RELOAD:
            fields["sealed_pin"] = self.seal_pin(work, factor, Pin(pin).bcd)
        return c.SecureMessage(**{**fields, **changes})

    def seal_pin(self, work: c.TransactionBase, factor: str, bcd: bytearray) -> c.Sealed:
        key = seal.SealKey(seal.from_text(self.box.identity.bundle.pin_key))
        function = FUNCTIONS[type(work)]  # type: ignore[index]
        return seal.seal_pin(key, bcd, seal.pin_info(self.box.name, work.id, self.card.identifier, factor, function))

    def outcome(self, work: c.TransactionBase, result: c.ChipResult, pin_verified: bool | None = None) -> c.Outcome:
        return c.Outcome(
            **self.box.stamp(),
            transaction=work.id,
            result=result,
            sw=None,
            tries_before=None,
            tries_after=None,
            pin_verified=pin_verified,
            at=self.office.clock.now(),
        )

    def _common(self, bound_to: str) -> dict[str, Any]:
        return {
            "visit": self.visit,
            "algorithm": self.card.algorithm.value,
            "region": self.card.region,
            "reset_info": self.card.historical_bytes,
            "sealed": self.box.seal(self.personal(), bound_to),
        }


class Counter:
    """A terminal with one citizen at it; short words for what they do."""

    def __init__(self, office: Office, key: str = "normal_v3", terminal: str = "T-1", **record: Any) -> None:
        somebody = person(key)
        serving.add_people(office.centre, [on_record(somebody, **record)])
        self.office = office
        box = office.pair(terminal)
        self.line = InProcess(office, box)
        self.visit = PinVisit(office, box, somebody)

    def next_visit(self) -> None:
        self.visit = PinVisit(self.office, self.line.box, self.visit.person)

    def read(self) -> None:
        assert self.line.cryptogram(self.visit.reading()).authentic

    def proof(self, kind: c.Kind = c.Kind.RELOAD_PIN) -> str:
        sent = self.line.prove(self.visit.proof_request(kind))
        assert isinstance(sent, c.ProofSent), sent
        assert self.line.check(sent.id, self.visit.code_on_phone()).ok
        return sent.id

    def authorised(self, type_: type[c.TransactionBase] = c.ReloadPin) -> Any:
        self.read()
        kind = c.Kind.UNBLOCK_PIN if type_ is c.UnblockPin else c.Kind.RELOAD_PIN
        work = self.visit.work(type_, self.proof(kind))
        assert self.verdict(work).outcome is c.VerdictOutcome.AUTHORISED
        return work

    def authenticated(self, type_: type[c.TransactionBase] = c.ReloadPin) -> Any:
        work = self.authorised(type_)
        given = self.line.cryptogram(self.visit.external_auth(work))
        assert self.visit.authenticate(given) == OK
        return work

    def issued(self, type_: type[c.TransactionBase] = c.ReloadPin) -> Any:
        work = self.authenticated(type_)
        assert self.visit.apply(self.line.cryptogram(self.visit.secure_message(work))) == OK
        return work

    def verdict(self, item: c.Stamp) -> c.Verdict:
        answer = self.line.item(item)
        assert isinstance(answer, c.Verdict), answer
        return answer

    def told(self, work: c.TransactionBase, result: c.ChipResult, pin_verified: bool | None = None) -> c.Verdict:
        return self.verdict(self.visit.outcome(work, result, pin_verified))

    def refused(self, request: c.CryptogramRequest) -> str:
        return problem_code(self.line.cryptogram(request))

    def card_status(self) -> CardStatus:
        """The witness: what the database says."""
        return self.office.card_status(self.visit.card.number)

    def operations(self) -> list[c.Kind]:
        query = c.CardsQuery(self.visit.visit, self.line.box.seal(self.visit.personal(), self.visit.visit))
        return self.line.ask(lambda name: rules.cards(self.office.centre, name, query)).cards[0].operations
