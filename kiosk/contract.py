"""The messages to and from the central system, each written once.

Terminal, sync and the reference centre share these types, and the OpenAPI document is generated from them.
Whoever stands in front of a real centre implements them.  Unknown fields are ignored; times are RFC 3339
with offset.  Nothing personal stands outside a `Sealed`.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, ClassVar

import msgspec

from kiosk.terms import CardStatus, Private

Hex32 = Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{32}$")]
Hex16 = Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{16}$")]
Hex = Annotated[str, msgspec.Meta(pattern="^([0-9a-fA-F]{2})*$")]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Uuid = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Counter = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""Up to what every JSON reader takes whole (RFC 8259 §6); a database takes no more than 2⁶³."""
Tries = Annotated[int, msgspec.Meta(ge=0, le=15)]
"""Of a PIN: the low half of 63Cx."""
Moment = Annotated[dt.datetime, msgspec.Meta(tz=True)]
"""RFC 3339, with its offset."""
FIRST_YEAR, LAST_YEAR = 1900, 3000
A_CENTURY_MS = 100 * 366 * 86_400 * 1000
PlainText = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]
"""Any text but one with NUL, which no database keeps."""
ShortText = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00]*$")]
TerminalName = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9][A-Za-z0-9-]{0,62}$")]
"""Registered at the centre; also the common name in the terminal's certificate."""

# The answer times of the contract, in seconds.
VERDICT_WAIT_S = 10
"""How long a citizen waits for a verdict before the transaction is told as registered or voided."""
CRYPTOGRAM_WAIT_S = 8
LIVE_LIMIT_S = 20
"""A live item older than this is refused `too_late`, never executed."""
HEARTBEAT_S = 60
SAME_REQUEST_S = 60
"""Same `X-Request-Id` and bytes within this time: the same answer."""
BATCH_LIMIT = 500


# --- signed and sealed ----------------------------------------------------------------


class Domain(enum.StrEnum):
    """What a signature is about; it is signed along, so that no signature can serve as another."""

    TRANSACTION = "transaction"
    OUTCOME = "outcome"
    VOID = "void"
    VERDICT = "verdict"
    ORDER = "order"
    TIME = "time"
    BUNDLE = "bundle"
    POLICY = "policy"
    CHECKPOINT = "checkpoint"


class Signed(msgspec.Struct, frozen=True):
    """Exact UTF-8 JSON bytes (base64url, unpadded) and an Ed25519 signature over domain ‖ 00 ‖ bytes."""

    item: PlainText
    key_id: PlainText
    signature: PlainText


class Sealed(msgspec.Struct, frozen=True):
    """HPKE (RFC 9180), base64url parts; only the centre can open it."""

    key_id: PlainText
    enc: PlainText
    ct: PlainText


class Personal(Private, frozen=True, omit_defaults=True):
    """What is inside a `Sealed`."""

    holder_number: PlainText | None = None
    """AAC002"""
    name: PlainText | None = None
    """AAC003"""
    card_number: PlainText | None = None
    """AAZ500"""
    card_identifier: PlainText | None = None
    """AAZ501"""
    old_card_last4: PlainText | None = None
    """Production progress only, when no ID card was read."""
    stand_in_number: PlainText | None = None
    """Of whoever came for the holder, from their ID card; only where a clerk vouches."""
    stand_in_name: PlainText | None = None


class Text(msgspec.Struct, frozen=True):
    """A sentence for people, in both languages."""

    zh: PlainText
    en: PlainText


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457 problem document.  `code` is stable; programs look at nothing else."""

    code: PlainText
    status: int
    reason: Text
    """What people are told."""
    type: PlainText = "about:blank"
    title: PlainText = ""
    """RFC 9457 wants one plain string: the English sentence."""

    def __post_init__(self) -> None:
        if not self.title:
            msgspec.structs.force_setattr(self, "title", self.reason.en)


# --- time ---------------------------------------------------------------------------------


def require_our_age(*moments: dt.datetime | None) -> None:
    """Whatever a clock without a battery shows, but nothing that no reckoning can be done with.  Raises ValueError."""
    if not all(moment is None or FIRST_YEAR <= moment.year < LAST_YEAR for moment in moments):
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")


class Confidence(enum.StrEnum):
    CENTRE = "centre"
    RTC = "rtc"
    FLOOR = "floor"
    UNKNOWN = "unknown"


class ItemTime(msgspec.Struct, frozen=True):
    """When an item was drafted, and how far that can be believed."""

    wall: Moment
    confidence: Confidence
    centre_time: Moment | None
    """The last signed centre time the terminal had then."""
    age_ms: Annotated[int, msgspec.Meta(ge=0, le=A_CENTURY_MS)] | None
    """Monotonic milliseconds from the receipt of `centre_time` to drafting."""

    def __post_init__(self) -> None:
        require_our_age(self.wall, self.centre_time)


class CentreTime(msgspec.Struct, frozen=True):
    """Signed in the domain `time`."""

    terminal: TerminalName
    time: Moment


class Kind(enum.StrEnum):
    """Numbers in brackets: the operation codes of the field's central systems."""

    TEMPORARY_LOSS = "temporary_loss"  # 01
    FORMAL_LOSS = "formal_loss"  # 02
    RELEASE = "release"  # 03
    ACTIVATION = "activation"  # 11
    REPLACEMENT = "replacement"
    RELOAD_PIN = "reload_pin"
    UNBLOCK_PIN = "unblock_pin"
    PIN_CHANGED = "pin_changed"
    AUDIT = "audit"


# --- evidence -------------------------------------------------------------------------------


class SscEvidence(msgspec.Struct, frozen=True):
    authenticated: bool
    """The centre confirmed the chip's internal authentication in this visit."""


class IdCardEvidence(msgspec.Struct, frozen=True):
    sam_id: PlainText | None
    read_at: Moment

    def __post_init__(self) -> None:
        require_our_age(self.read_at)


class ProofKind(enum.StrEnum):
    NONE = "none"
    CLERK = "clerk"
    PHONE_CODE = "phone_code"
    FACE = "face"


class Proof(msgspec.Struct, frozen=True):
    kind: ProofKind = ProofKind.NONE
    id: PlainText | None = None


class Whom(enum.StrEnum):
    """For whom a clerk vouches: who stands at the terminal."""

    PRESENT = "present"
    """The holder."""
    GUARDIAN = "guardian"
    """A guardian, for the holder."""
    PROXY = "proxy"
    """Somebody whom the holder sent (委托他人)."""


class PaperSeen(enum.StrEnum):
    """What a clerk can have seen."""

    RESIDENT_ID = "resident_id"
    """The holder's own ID card."""
    TEMPORARY_ID = "temporary_id"
    HOUSEHOLD_BOOKLET = "household_booklet"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    """Of people from Hong Kong, Macao and Taiwan."""
    FOREIGNER_PERMIT = "foreigner_permit"
    BIRTH_CERTIFICATE = "birth_certificate"
    GUARDIANSHIP = "guardianship"
    POWER_OF_ATTORNEY = "power_of_attorney"


PAPERS: dict[Whom, tuple[PaperSeen, ...]] = {
    Whom.PRESENT: (
        PaperSeen.RESIDENT_ID,
        PaperSeen.TEMPORARY_ID,
        PaperSeen.HOUSEHOLD_BOOKLET,
        PaperSeen.PASSPORT,
        PaperSeen.RESIDENCE_PERMIT,
        PaperSeen.FOREIGNER_PERMIT,
    ),
    Whom.GUARDIAN: (PaperSeen.HOUSEHOLD_BOOKLET, PaperSeen.BIRTH_CERTIFICATE, PaperSeen.GUARDIANSHIP),
    Whom.PROXY: (PaperSeen.POWER_OF_ATTORNEY, PaperSeen.RESIDENT_ID),
}
"""What counts for whom: any one of them, as far as the kinds below ask for no more."""

_NO_PHOTO = frozenset({PaperSeen.HOUSEHOLD_BOOKLET})
"""Says who lives there, and not who stands here."""

_BY_SOMEBODY_ELSE = frozenset({Kind.TEMPORARY_LOSS, Kind.FORMAL_LOSS, Kind.REPLACEMENT, Kind.AUDIT})

OPENED_BY_CLERK: dict[Whom, frozenset[Kind]] = {
    Whom.PRESENT: frozenset(Kind),
    Whom.GUARDIAN: _BY_SOMEBODY_ELSE,
    Whom.PROXY: _BY_SOMEBODY_ELSE,
}
"""The floor that no office can lower: whoever comes for somebody else gets no PIN and starts no card."""

_LOSS_BY_PROXY = frozenset({PaperSeen.POWER_OF_ATTORNEY})
_NEW_CARD_BY_PROXY = frozenset({PaperSeen.POWER_OF_ATTORNEY, PaperSeen.RESIDENT_ID})


def papers_enough(whom: Whom, kind: Kind) -> frozenset[PaperSeen]:
    """Any one of them.  What nobody else may do for the holder takes a paper with their photo."""
    papers = frozenset(PAPERS[whom])
    return papers if kind in _BY_SOMEBODY_ELSE else papers - _NO_PHOTO


def papers_needed(whom: Whom, kind: Kind) -> frozenset[PaperSeen]:
    """All that must have been seen besides.  A new card takes both ID cards."""
    if whom is not Whom.PROXY:
        return frozenset()
    return _NEW_CARD_BY_PROXY if kind in {Kind.FORMAL_LOSS, Kind.REPLACEMENT} else _LOSS_BY_PROXY


OLD_ENOUGH = 16
"""Years.  Younger people come with a guardian; a region's policy may say more."""


class Vouching(msgspec.Struct, frozen=True):
    """What a clerk answers for."""

    whom: Whom
    papers: tuple[PaperSeen, ...]

    def opens(self, kind: Kind) -> bool:
        seen = frozenset(self.papers)
        enough = bool(seen & papers_enough(self.whom, kind)) and seen >= papers_needed(self.whom, kind)
        return enough and kind in OPENED_BY_CLERK[self.whom]

    def covers(self, age: int, old_enough: int) -> bool:
        """In years.  A guardian comes for whoever is too young to come alone, or with the paper that names the ward."""
        return self.whom is not Whom.GUARDIAN or age < old_enough or PaperSeen.GUARDIANSHIP in self.papers


class Evidence(msgspec.Struct, frozen=True):
    """What the terminal saw of the person who stands in front of it."""

    ssc: SscEvidence | None = None
    id_card: IdCardEvidence | None = None
    chip_pin_verified: bool = False
    proof: Proof = Proof()
    """Of a clerk: `id` is that of the sign-in."""
    clerk: PlainText | None = None
    """Who signed in, by name."""
    vouching: Vouching | None = None


class Consent(msgspec.Struct, frozen=True):
    notice: PlainText
    """Version of the privacy notice that was agreed to."""
    at: Moment

    def __post_init__(self) -> None:
        require_our_age(self.at)


# --- items: transactions, outcomes, voids ---------------------------------------------------


MAY_WAIT = frozenset({Kind.TEMPORARY_LOSS, Kind.PIN_CHANGED, Kind.AUDIT})
"""Kinds that are never live: they may be queued while the line is down.  All others never."""


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """Where an item stands in its terminal's journal, fixed when it is signed."""

    terminal: TerminalName
    journal_id: Uuid
    seq: Counter
    record_seq: Counter
    head: Sha256
    """Hash of the journal's last record on disk at signing."""


class TransactionBase(Stamp, frozen=True, kw_only=True, tag_field="kind"):
    id: Uuid
    visit: Uuid
    holder_ref: PlainText | None = None
    card_ref: PlainText | None = None
    sealed: Sealed | None = None
    evidence: Evidence = Evidence()
    consent: Consent | None = None
    time: ItemTime


class TemporaryLoss(TransactionBase, frozen=True, kw_only=True, tag="temporary_loss"):
    """01.  No card in `sealed`: the centre takes the holder's current one."""


class FormalLoss(TransactionBase, frozen=True, kw_only=True, tag="formal_loss"):
    """02, with a replacement order."""


class Release(TransactionBase, frozen=True, kw_only=True, tag="release"):
    """03."""


class Activation(TransactionBase, frozen=True, kw_only=True, tag="activation"):
    """11."""


class ReplacementReason(enum.StrEnum):
    """Why a card is replaced, as far as it can be told in a word."""

    DAMAGED = "damaged"
    WORN = "worn"
    UNREADABLE = "unreadable"
    OUT_OF_DATE = "out_of_date"
    """Its last day is near or past: the centre's own record decides, not the word."""


class Replacement(TransactionBase, frozen=True, kw_only=True, tag="replacement"):
    """A new card for a damaged, worn, unreadable or out-of-date one."""

    reason: ShortText
    """A `ReplacementReason`, or words; empty: its age."""


class ReloadPin(TransactionBase, frozen=True, kw_only=True, tag="reload_pin"):
    """重置: iReloadPIN_HSM; its effect is on the chip."""


class UnblockPin(TransactionBase, frozen=True, kw_only=True, tag="unblock_pin"):
    """解锁: iUnblockPIN_HSM; its effect is on the chip."""


class ChipResult(enum.StrEnum):
    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"
    MOOT = "moot"
    UNRESOLVABLE = "unresolvable"


class PinChanged(TransactionBase, frozen=True, kw_only=True, tag="pin_changed"):
    """An event: the chip already decided, and `result` is how: `done`, `not_done` or `unknown`.

    Only an unknown one is followed by an outcome, once it is known or nobody can know any more.
    """

    result: ChipResult = ChipResult.DONE
    sw: PlainText | None = None
    tries_before: Tries | None = None


class Audit(TransactionBase, frozen=True, kw_only=True, tag="audit"):
    """Something the office should know: slips, devices, operators, a filled gap."""

    event: ShortText
    details: dict[PlainText, PlainText | int | bool | None] = {}
    fills_seq: Counter | None = None


Transaction = (
    TemporaryLoss | FormalLoss | Release | Activation | Replacement | ReloadPin | UnblockPin | PinChanged | Audit
)


class Outcome(Stamp, frozen=True, kw_only=True):
    """What the chip did, of what was authorised or of a PIN change told as `unknown`.

    Only `unknown` may be followed by another.
    """

    transaction: Uuid
    result: ChipResult
    sw: PlainText | None
    tries_before: Tries | None
    tries_after: Tries | None
    pin_verified: bool | None
    at: Moment

    def __post_init__(self) -> None:
        require_our_age(self.at)


class Void(Stamp, frozen=True, kw_only=True):
    """Burn this transaction: it must not be executed when a late copy arrives."""

    transaction: Uuid
    burns_seq: Counter


class ItemEnvelope(msgspec.Struct, frozen=True):
    """One entry of a batch."""

    domain: Domain
    """transaction, outcome or void."""
    id: Uuid
    signed: Signed


class Batch(msgspec.Struct, frozen=True):
    items: Annotated[list[ItemEnvelope], msgspec.Meta(max_length=BATCH_LIMIT)]


class VerdictOutcome(enum.StrEnum):
    DONE = "done"
    ALREADY = "already"
    """Success: it was already reported (how a retry looks)."""
    AUTHORISED = "authorised"
    REFUSED = "refused"
    VOID = "void"
    ISSUED = "issued"


class Acknowledged(msgspec.Struct, frozen=True):
    """Names the very item that the centre has stored, and witnesses the chain up to its head."""

    journal_id: Uuid
    seq: Counter
    item_sha256: Sha256
    record_seq: Counter
    head: Sha256
    time: Moment


class Verdict(msgspec.Struct, frozen=True):
    """The centre's word on one transaction; signed whole in the domain `verdict`."""

    id: Uuid
    terminal: TerminalName
    outcome: VerdictOutcome
    code: PlainText
    reason: Text
    effective_at: Moment | None
    card_status: CardStatus | None
    receipt_no: PlainText | None
    acknowledged: Acknowledged


class ItemAnswer(msgspec.Struct, frozen=True):
    """Exactly one of the two is there."""

    verdict: Signed | None = None
    problem: Problem | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    answers: list[ItemAnswer]


# --- queries ----------------------------------------------------------------------------------


class CardsQuery(msgspec.Struct, frozen=True):
    visit: Uuid
    sealed: Sealed


class CardFacts(msgspec.Struct, frozen=True):
    """One of a holder's cards as the centre knows it."""

    current: bool
    asked_for: bool
    """Its number and identifier were in the question: the card in the slot."""
    status: CardStatus
    card_last4: PlainText
    masked_name: PlainText | None
    """None when only the card was shown."""
    bank_code: PlainText | None
    region: PlainText
    """AAB301"""
    expires: dt.date | None
    replacement_filed: bool
    loss_expires: Moment | None
    operations: list[Kind]
    """What the centre would accept now."""


class CardsAnswer(msgspec.Struct, frozen=True):
    cards: list[CardFacts]


class ProductionStep(enum.StrEnum):
    """How far a new card is, in this order."""

    DATA_COLLECTED = "data_collected"
    ACCOUNT_OPENED = "account_opened"
    """At the bank."""
    CARD_MADE = "card_made"
    READY = "ready"
    """To be collected at `ProductionAnswer.place`."""
    COLLECTED = "collected"


class ProductionQuery(msgspec.Struct, frozen=True):
    """`sealed`: the holder's number; the old card's last four, too, unless an ID card was read."""

    visit: Uuid
    sealed: Sealed


class StepReached(msgspec.Struct, frozen=True):
    step: ProductionStep
    at: Moment


class ProductionFailed(msgspec.Struct, frozen=True):
    """What stopped it after the last step that was reached."""

    reason: Text
    at: Moment


class ProductionAnswer(msgspec.Struct, frozen=True):
    """The newest replacement that the holder asked for."""

    masked_name: PlainText | None
    """None when only numbers were typed."""
    card_last4: PlainText
    """Of the card that it replaces."""
    ordered_at: Moment
    reached: list[StepReached]
    place: Text | None
    failed: ProductionFailed | None


class ProofRequest(msgspec.Struct, frozen=True):
    visit: Uuid
    for_: Kind = msgspec.field(name="for")
    sealed: Sealed


class ProofSent(msgspec.Struct, frozen=True):
    id: Uuid
    phone_last2: PlainText
    expires_at: Moment
    """The code must be typed before; what it proves is good as long again."""


class ProofCode(Private, frozen=True):
    code: PlainText


class ProofChecked(msgspec.Struct, frozen=True):
    ok: bool
    tries_left: int
    """0: ask for another code."""


# --- clerks at the terminal -----------------------------------------------------------------------


ClerkNumber = Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]


class ClerkSignIn(msgspec.Struct, frozen=True):
    """Everything at once: an answer never says which of the three was wrong."""

    visit: Uuid
    number: ClerkNumber
    password: Sealed
    """BCD, sealed to the centre's `seal_key` (`seal.seal_password`)."""
    code: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
    """RFC 6238: SHA-1, 30 s, good once."""


CLERK_SIGNED_OUT = "clerk_signed_out"
"""The event of an audit item: the visit's sign-in ends with it."""


class ClerkSignedIn(msgspec.Struct, frozen=True):
    """Good for this terminal and visit, until then or `CLERK_SIGNED_OUT`, as long as the clerk is not withdrawn."""

    id: Uuid
    name: ShortText
    expires_at: Moment


class FirstOperator(Private, frozen=True):
    """What is inside `PairingAnswer.operator`."""

    name: PlainText
    number: ClerkNumber
    password: PlainText
    otpauth: PlainText
    """The secret of the changing code, as a URI that an authenticator reads."""


# --- cryptograms (LD/T 33, encryption-machine flow) ---------------------------------------------


class InternalChallenge(msgspec.Struct, frozen=True):
    factor: Hex16
    original: Hex16
    response: Hex16


class ExternalChallenge(msgspec.Struct, frozen=True):
    factor: Hex16
    original: Hex16


class CryptogramBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="step"):
    visit: Uuid
    algorithm: PlainText
    region: Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
    reset_info: Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{26}$")]
    sealed: Sealed


class ReadBasic(CryptogramBase, frozen=True, kw_only=True, tag="read_basic"):
    internal: InternalChallenge
    external: ExternalChallenge | None = None
    """3.0 cards only."""


class ExternalAuth(CryptogramBase, frozen=True, kw_only=True, tag="external_auth"):
    """For an authorised transaction, to whose id `sealed` is bound."""

    transaction: Uuid
    factor: Hex16
    original: Hex16


class SecureFunction(enum.StrEnum):
    RELOAD = "reload"
    UNBLOCK = "unblock"


class SecureMessage(CryptogramBase, frozen=True, kw_only=True, tag="secure_message"):
    """After `external_auth`; `sealed` is bound to the transaction's id."""

    transaction: Uuid
    function: SecureFunction
    factor: Hex16
    sealed_pin: Sealed | None = None
    """Reload only: the PIN as BCD, sealed to the HSM's `pin_key` (`seal.seal_pin`)."""


CryptogramRequest = ReadBasic | ExternalAuth | SecureMessage


class BasicRead(msgspec.Struct, frozen=True):
    authentic: bool
    external: Hex32 | None
    card_status: CardStatus


class ExternalAuthentication(msgspec.Struct, frozen=True):
    authentication: Hex32


class SecuredMessage(msgspec.Struct, frozen=True):
    message: Hex
    """enc ‖ MAC only, hex: 8 digits (unblock), 24 (DES) or 40 (SM4)."""


# --- terminals ------------------------------------------------------------------------------------


class KeyBundle(msgspec.Struct, frozen=True):
    """The centre's public keys, signed in the domain `bundle` by the office's offline key."""

    version: int
    seal_key: PlainText
    """P-256, uncompressed point, base64url."""
    pin_key: PlainText
    verdict_key: PlainText
    """Ed25519, base64url."""


class PairingRequest(msgspec.Struct, frozen=True):
    terminal: TerminalName
    code: PlainText
    csr: PlainText
    """PEM."""
    signing_key: PlainText
    """Ed25519 public key, base64url: signs transactions, outcomes and voids."""
    seal_to: PlainText
    """P-256 public key of the terminal, for the first operator's secret."""


class PairingAnswer(msgspec.Struct, frozen=True):
    certificate: PlainText
    """PEM, leaf and chain."""
    bundle: Signed
    policy_version: PlainText
    operator: Sealed | None
    """`FirstOperator`, sealed to `seal_to` (`seal.seal_operator`); None: the office named none with the code."""
    fingerprint: Sha256
    """SHA-256 of all that the terminal sent, as the centre received it."""


class CertificateRequest(msgspec.Struct, frozen=True):
    csr: PlainText


class CertificateAnswer(msgspec.Struct, frozen=True):
    certificate: PlainText


class DeviceReport(msgspec.Struct, frozen=True):
    condition: PlainText
    advice: PlainText = ""


class OrderState(enum.StrEnum):
    STORED = "stored"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class OrderReport(msgspec.Struct, frozen=True):
    order_id: Uuid
    state: OrderState


class Heartbeat(msgspec.Struct, frozen=True):
    devices: dict[PlainText, DeviceReport]
    queue_depth: Counter
    oldest_age_s: Counter | None
    quarantined: Counter
    doubts: Counter
    puk_off: bool
    disk_free_mb: Counter
    temperature_c: float | None
    version: PlainText
    policy_version: PlainText
    clock: Confidence
    help_called: bool
    journal_id: Uuid
    record_seq: Counter
    head: Sha256
    orders: list[OrderReport] = []
    guide_expired: list[PlainText] = []
    """Topics of the guide that their owner answers for no longer."""


class OrderKind(enum.StrEnum):
    RESTART = "restart"
    OUT_OF_SERVICE = "out_of_service"
    IN_SERVICE = "in_service"
    NEW_POLICY = "new_policy"
    NEW_CERTIFICATE = "new_certificate"


class Order(msgspec.Struct, frozen=True):
    """Signed in the domain `order` with the verdict key."""

    order_id: Uuid
    terminal: TerminalName
    kind: OrderKind
    policy_version: PlainText | None
    expires_at: Moment


class HeartbeatAnswer(msgspec.Struct, frozen=True):
    time: Signed
    """`CentreTime`, signed in the domain `time`."""
    orders: list[Signed] = []
    suspended: bool = False


class PolicyAnswer(msgspec.Struct, frozen=True):
    policy: Signed
    """TOML text as UTF-8, signed in the domain `policy` by the office's offline key."""


# --- how each call is reached -----------------------------------------------------------------------


class Paths:
    PAIRING: ClassVar = "/v1/pairing"
    CARDS_QUERY: ClassVar = "/v1/cards/query"
    PROOFS: ClassVar = "/v1/proofs"
    CLERKS: ClassVar = "/v1/clerks"
    PRODUCTION_QUERY: ClassVar = "/v1/production/query"
    CRYPTOGRAMS: ClassVar = "/v1/cryptograms"
    TRANSACTIONS: ClassVar = "/v1/transactions"
    ITEMS: ClassVar = "/v1/items"
    POLICIES: ClassVar = "/v1/policies"
    TERMINALS: ClassVar = "/v1/terminals"
