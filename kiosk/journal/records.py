"""What the journal writes down: one type a kind of record.  Nothing personal stands in any of them."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import Confidence, Consent, Domain, Evidence, ItemTime, Kind, Problem, Sha256, Signed, Uuid, Verdict
from kiosk.devices import Printing
from kiosk.journal.conclusions import (
    Conclusion,
    CounterRestored,
    DidNotHappen,
    GivenUp,
    Happened,
    LaterReset,
    OwnEvidence,
    PinVerifies,
    Unknown,
)
from kiosk.journal.drafts import Matter
from kiosk.journal.transaction import (
    Acting,
    Cancelled,
    Done,
    Drafted,
    InDoubt,
    Moot,
    NotDone,
    Registered,
    State,
    Unresolvable,
    Why,
    state_by,
)


class BodyBase(msgspec.Struct, frozen=True, tag_field="what"):
    pass


class OldHead(msgspec.Struct, frozen=True):
    """The last head known of the journal before this one."""

    journal_id: Uuid
    record_seq: int
    head: Sha256


class Opened(BodyBase, frozen=True, tag="opened"):
    """First record of a journal id.  `old` is there when another journal stood here before."""

    terminal: str
    old: OldHead | None


class Booted(BodyBase, frozen=True, tag="booted"):
    """The terminal has started; `boot` in each record after it is this one's."""

    version: str


class StandIn(msgspec.Struct, frozen=True):
    """Whoever came for the holder, as far as it may be read here."""

    ref: str
    masked_name: str
    last4: str


class TransactionDrafted(BodyBase, frozen=True, tag="drafted"):
    """The intent.  The personal data it means are sealed, and tied to it by the commitment."""

    kind: Kind
    visit: Uuid
    reference: str
    holder_ref: str | None
    card_ref: str | None
    masked_name: str | None
    holder_last4: str | None
    card_last4: str | None
    evidence: Evidence
    consent: Consent | None
    time: ItemTime
    matter: Matter
    stand_in: StandIn | None = None


class ItemName(msgspec.Struct, frozen=True, order=True):
    journal_id: Uuid
    seq: int


class ItemSigned(BodyBase, frozen=True, tag="signed"):
    """An item entered the outbox."""

    domain: Domain
    item: ItemName
    item_sha256: Sha256
    burns_seq: int | None = None


class ItemsHanded(BodyBase, frozen=True, tag="handed"):
    """From here on the centre may have them."""

    items: tuple[ItemName, ...]


class ItemsKept(BodyBase, frozen=True, tag="kept"):
    """No connection was made: not a byte of them left."""

    items: tuple[ItemName, ...]


class VerdictReceived(BodyBase, frozen=True, tag="verdict"):
    """Moves its transaction.  Kept as it was signed, so that anybody can check it again."""

    item: ItemName
    signed: Signed
    verdict: Verdict


class VerdictNoted(BodyBase, frozen=True, tag="verdict_noted"):
    """Acknowledges its item, and changes nothing: the transaction is beyond it."""

    item: ItemName
    signed: Signed
    verdict: Verdict


class AnswerRejected(BodyBase, frozen=True, tag="answer_rejected"):
    """An alarm: what came is not the centre's word on this item."""

    why: str


class ItemQuarantined(BodyBase, frozen=True, tag="quarantined"):
    item: ItemName
    problem: Problem


class TransactionRegistered(BodyBase, frozen=True, tag="registered"):
    handed: bool


class TransactionDoubted(BodyBase, frozen=True, tag="doubted"):
    why: Why


class TransactionCancelled(BodyBase, frozen=True, tag="cancelled"):
    pass


class PukTried(BodyBase, frozen=True, tag="puk"):
    """EXTERNAL AUTHENTICATE with the card's unblock key is about to go out: once a transaction."""


class TransactionActing(BodyBase, frozen=True, tag="acting"):
    """The command that changes the chip is about to go out."""

    tries_before: int | None


class TransactionConcluded(BodyBase, frozen=True, tag="concluded"):
    conclusion: Conclusion


class TransactionSettled(BodyBase, frozen=True, tag="settled"):
    """What ended a doubt, unless it was the centre's word."""

    evidence: OwnEvidence


class PukSwitchedOff(BodyBase, frozen=True, tag="puk_off"):
    """Reset and unblock are off on this terminal: a wrong key would burn one try of every visitor's card."""


class PukCleared(BodyBase, frozen=True, tag="puk_cleared"):
    by: str


class Pruned(BodyBase, frozen=True, tag="pruned"):
    """Old records are gone: of each journal that lost any the last one, as its signed checkpoint names it."""

    journals: tuple[OldHead, ...]
    records: int
    transactions: int
    """Of this pruning."""


class Noted(BodyBase, frozen=True, tag="noted"):
    """Something worth knowing later, on this terminal."""

    event: str
    visit: Uuid | None
    details: dict[str, str | int | bool | None]


class SlipStarted(BodyBase, frozen=True, tag="slip_started"):
    """Paper is about to come out."""

    slip: Uuid
    name: str
    visit: Uuid | None
    copy_of: Uuid | None = None
    """The slip that did not surely come, when this one is printed in its place."""


class SlipEnded(BodyBase, frozen=True, tag="slip_ended"):
    slip: Uuid
    result: Printing


Body = (
    Opened
    | Booted
    | TransactionDrafted
    | ItemSigned
    | ItemsHanded
    | ItemsKept
    | VerdictReceived
    | VerdictNoted
    | AnswerRejected
    | ItemQuarantined
    | TransactionRegistered
    | TransactionDoubted
    | TransactionCancelled
    | PukTried
    | TransactionActing
    | TransactionConcluded
    | TransactionSettled
    | PukSwitchedOff
    | PukCleared
    | Pruned
    | Noted
    | SlipStarted
    | SlipEnded
)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One entry; its canonical bytes are what the chain hashes."""

    journal_id: Uuid
    record_seq: int
    boot: Uuid
    monotonic_ms: int
    wall: dt.datetime
    confidence: Confidence
    transaction: Uuid | None
    body: Body


def state_of(body: Body) -> State | None:
    """The state a record puts its transaction in; None for records that move nothing."""
    match body:
        case TransactionDrafted():
            return Drafted()
        case TransactionRegistered(handed=handed):
            return Registered(handed)
        case TransactionDoubted(why=why):
            return InDoubt(why)
        case TransactionCancelled():
            return Cancelled()
        case VerdictReceived(verdict=verdict):
            return state_by(verdict)
    return _state_on_the_chip(body)


def _state_on_the_chip(body: Body) -> State | None:
    match body:
        case TransactionActing(tries_before=tries_before):
            return Acting(tries_before)
        case TransactionConcluded(conclusion=conclusion):
            return _concluded(conclusion)
        case TransactionSettled(evidence=evidence):
            return _settled(evidence)
    return None


def _concluded(conclusion: Conclusion) -> State:
    match conclusion:
        case Happened():
            return Done(None)
        case DidNotHappen(why=why):
            return NotDone(why)
        case Unknown(tries_before=tries_before, why=why):
            return InDoubt(why, tries_before)


def _settled(evidence: OwnEvidence) -> State:
    match evidence:
        case PinVerifies() | CounterRestored():
            return Done(None)
        case LaterReset(of=of):
            return Moot(of)
        case GivenUp(operator=operator):
            return Unresolvable(operator)
