"""A centre with a clock that can be set, and terminals that draft and sign as real ones do."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from kiosk import contract as c
from kiosk import pairing, seal
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import rules, serving, tables
from sync.central.centre import Centre
from sync.central.seed import Citizen, SeedCard

PLACE = "459900"
"""AAB301 of the hall where the terminals stand."""
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
HEAD = "0" * 64

NUMBER, NAME = "459900198506150135", "测试乙"
CARD, IDENTIFIER = "T00000036", "459900D15600000500000003FFFFFFFF"
OTHER_NUMBER, OTHER_CARD, OTHER_IDENTIFIER = "459900199111030352", "T00000052", "459900D15600000500000005FFFFFFFF"


class SetClock:
    """Shows what it is told."""

    def __init__(self, time: dt.datetime = START) -> None:
        self.time = time

    def now(self) -> dt.datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def pass_by(self, **time: float) -> None:
        self.time += dt.timedelta(**time)


Databases = Callable[[Path], str]
"""From an office's folder to the URL of a database that nobody has used yet."""


def on_sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/central.db"


new_database: ContextVar[Databases] = ContextVar("new_database", default=on_sqlite)


def new_id() -> str:
    return str(uuid.uuid4())


def people(status: CardStatus = CardStatus.NORMAL) -> list[Citizen]:
    """Two people; the first one's card is in the given status."""
    first = SeedCard(CARD, IDENTIFIER, "459900", status, "102", dt.date(2034, 4, 6))
    second = SeedCard(OTHER_CARD, OTHER_IDENTIFIER, "459900", CardStatus.NORMAL, "104", dt.date(2029, 4, 6))
    return [Citizen(NUMBER, NAME, "10000000003", (first,)), Citizen(OTHER_NUMBER, "测试丁", None, (second,))]


class Office:
    """A centre in a folder of its own."""

    def __init__(
        self, folder: Path, limits: Quotas | None = None, start: dt.datetime = START, place: str | None = PLACE
    ) -> None:
        """`place`: where its terminals stand."""
        self.place = place
        self.state = folder / "centre"
        self.clock = SetClock(start)
        self.url = new_database.get()(folder)
        self.centre: Centre = serving.open_centre(self.url, self.state, clock=self.clock, limits=limits)
        self.folder = folder

    def issue_cards(self, status: CardStatus = CardStatus.NORMAL) -> None:
        serving.add_people(self.centre, people(status))

    def card_status(self, number: str = CARD) -> CardStatus:
        """The witness: what the database says."""
        with self.centre.store.transaction():
            return tables.Card.get(number=number).status

    def installation(self, terminal: str) -> pairing.Installation:
        folder = self.folder / terminal
        return pairing.Installation(
            self.state / "ca.crt", self.state / "office.pub", folder / "terminal", folder / "sync"
        )

    def certificate(self, terminal: str) -> bytes:
        """What TLS shows of a paired terminal: DER."""
        pem = (self.installation(terminal).sync_dir / "tls.crt").read_bytes()
        return load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)

    def pair(self, name: str = "T-1") -> Box:
        """In process: the same two halves as over HTTPS."""
        place = self.installation(name)
        draft = pairing.draft(place.terminal_dir, name, serving.give_code(self.centre, name, self.place))
        request = msgspec.json.decode(draft.body, type=c.PairingRequest)
        with self.centre.store.transaction():
            answer = rules.pair(self.centre, request, draft.body)
        assert isinstance(answer, c.PairingAnswer)
        bundle = pairing.accept(draft, answer, place)
        assert isinstance(bundle, c.KeyBundle)
        return self.box(name)

    def box(self, name: str) -> Box:
        """A terminal that was paired, started again from its folder."""
        place = self.installation(name)
        identity = pairing.load_terminal(place.terminal_dir, pairing.read_office_key(place.office_key))
        return Box(identity, self.clock)


class Box:
    """A terminal's mind, as far as the centre can tell."""

    def __init__(self, identity: pairing.TerminalIdentity, clock: SetClock) -> None:
        self.identity = identity
        self.name = identity.name
        self.clock = clock
        self.journal_id = new_id()
        self.next_seq = 0

    def stamp(self, seq: int | None = None) -> dict[str, object]:
        if seq is None:
            seq, self.next_seq = self.next_seq, self.next_seq + 1
        return {"terminal": self.name, "journal_id": self.journal_id, "seq": seq, "record_seq": seq, "head": HEAD}

    def item_time(self, confidence: c.Confidence = c.Confidence.CENTRE) -> c.ItemTime:
        """Drafted now, with a centre time that has just come; without one where the clock has no support."""
        heard = self.clock.now() if confidence is c.Confidence.CENTRE else None
        return c.ItemTime(self.clock.now(), confidence, heard, None if heard is None else 0)

    def seal(self, personal: c.Personal, bound_to: str) -> c.Sealed:
        key = seal.SealKey(seal.from_text(self.identity.bundle.seal_key))
        return seal.seal_personal(key, personal, self.name, bound_to)

    def loss(self, number: str = NUMBER, **changes: object) -> c.TemporaryLoss:
        id = new_id()
        fields = {
            **self.stamp(),
            "id": id,
            "visit": new_id(),
            "sealed": self.seal(c.Personal(holder_number=number, name=NAME), id),
            "evidence": c.Evidence(id_card=c.IdCardEvidence(None, self.clock.now())),
            "time": self.item_time(),
        }
        return c.TemporaryLoss(**{**fields, **changes})

    def audit(self, **changes: object) -> c.Audit:
        fields = {**self.stamp(), "id": new_id(), "visit": new_id(), "time": self.item_time(), "event": "slip_printed"}
        return c.Audit(**{**fields, **changes})

    def void(self, burnt: c.TransactionBase, seq: int | None = None) -> c.Void:
        return c.Void(**self.stamp(seq), transaction=burnt.id, burns_seq=burnt.seq)

    def sign(self, item: c.Stamp) -> c.Signed:
        return self.identity.signing.sign(domain_of(item), seal.canonical(item))

    def envelope(self, item: c.Stamp) -> c.ItemEnvelope:
        return c.ItemEnvelope(domain_of(item), id_of(item), self.sign(item))

    def believe(self, signed: object) -> c.Verdict:
        """Only what the centre's verdict key signed."""
        assert isinstance(signed, c.Signed), signed
        verdict = self.identity.verdict_key.read(c.Domain.VERDICT, signed, c.Verdict)
        assert isinstance(verdict, c.Verdict), verdict
        return verdict


def domain_of(item: c.Stamp) -> c.Domain:
    match item:
        case c.Void():
            return c.Domain.VOID
        case c.Outcome():
            return c.Domain.OUTCOME
        case _:
            return c.Domain.TRANSACTION


def id_of(item: c.Stamp) -> str:
    return item.transaction if isinstance(item, c.Void | c.Outcome) else item.id


def sha256_of(signed: c.Signed) -> str:
    return hashlib.sha256(seal.from_text(signed.item)).hexdigest()
