"""What the terminal and `kiosk sync` ask of each other: the calls over the link.

Either side may call.  The terminal asks the queries a citizen waits for; sync asks for items to deliver
and hands back the centre's answers.  Sync keeps nothing: what it held when it died is sent again.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import (
    BasicRead,
    CardsAnswer,
    CardsQuery,
    ClerkSignedIn,
    ClerkSignIn,
    ExternalAuth,
    ExternalAuthentication,
    Heartbeat,
    HeartbeatAnswer,
    ItemAnswer,
    ItemEnvelope,
    Problem,
    ProductionAnswer,
    ProductionQuery,
    ProofChecked,
    ProofCode,
    ProofRequest,
    ProofSent,
    ReadBasic,
    SecuredMessage,
    SecureMessage,
    Signed,
)
from kiosk.link import Call, News

RECORD_WAIT_S = 5
"""Seconds for the centre's record of one transaction: somebody may stand at the slot, and it can be asked for again."""

# --- news from sync -----------------------------------------------------------------------


class Online(msgspec.Struct, frozen=True, tag="online"):
    """The last exchange with the centre went through."""


class Offline(msgspec.Struct, frozen=True, tag="offline"):
    """The centre cannot be reached, or does not answer as a centre would."""

    why: str


class Unwelcome(msgspec.Struct, frozen=True, tag="unwelcome"):
    """The centre refuses this terminal (401, 403, certificate): nothing is sent until somebody acts."""

    why: str


LineState = Online | Offline | Unwelcome


class LineNews(News, frozen=True, tag="line"):
    state: LineState


# --- the terminal asks --------------------------------------------------------------------


class NoAnswer(msgspec.Struct, frozen=True, tag="no_answer"):
    """Nothing usable came back in time: whether the centre saw the question is unknown."""


class Declined(msgspec.Struct, frozen=True, tag="declined"):
    """The centre answered with a problem document."""

    problem: Problem


class CardsFound(msgspec.Struct, frozen=True, tag="cards"):
    answer: CardsAnswer


class AskCards(Call[CardsFound | Declined | NoAnswer], frozen=True, tag="ask_cards"):
    query: CardsQuery


class ProductionFound(msgspec.Struct, frozen=True, tag="production"):
    answer: ProductionAnswer


class AskProduction(Call[ProductionFound | Declined | NoAnswer], frozen=True, tag="ask_production"):
    """How far a new card is."""

    query: ProductionQuery


class BasicReadAnswered(msgspec.Struct, frozen=True, tag="basic_read"):
    answer: BasicRead


class AskReadBasic(Call[BasicReadAnswered | Declined | NoAnswer], frozen=True, tag="ask_read_basic"):
    request: ReadBasic


class ProofOnItsWay(msgspec.Struct, frozen=True, tag="proof_sent"):
    sent: ProofSent


class AskProof(Call[ProofOnItsWay | Declined | NoAnswer], frozen=True, tag="ask_proof"):
    """A code to the registered phone."""

    request: ProofRequest


class ProofAnswered(msgspec.Struct, frozen=True, tag="proof_checked"):
    checked: ProofChecked


class CheckProof(Call[ProofAnswered | Declined | NoAnswer], frozen=True, tag="check_proof"):
    id: str
    code: ProofCode


class SignedIn(msgspec.Struct, frozen=True, tag="signed_in"):
    clerk: ClerkSignedIn


class SignInClerk(Call[SignedIn | Declined | NoAnswer], frozen=True, tag="sign_in_clerk"):
    """For this visit."""

    asked: ClerkSignIn


class Authentication(msgspec.Struct, frozen=True, tag="authentication"):
    answer: ExternalAuthentication


class AskExternalAuth(Call[Authentication | Declined | NoAnswer], frozen=True, tag="ask_external_auth"):
    request: ExternalAuth


class Message(msgspec.Struct, frozen=True, tag="message"):
    answer: SecuredMessage


class AskSecureMessage(Call[Message | Declined | NoAnswer], frozen=True, tag="ask_secure_message"):
    request: SecureMessage


class Record(msgspec.Struct, frozen=True, tag="record"):
    verdict: Signed
    """The centre's last on this transaction."""


class AskRecord(Call[Record | Declined | NoAnswer], frozen=True, tag="ask_record"):
    """What the centre holds of a transaction; declined as `never_seen` when it holds nothing."""

    transaction: str


class Beaten(msgspec.Struct, frozen=True, tag="beaten"):
    """The centre has the heartbeat."""


class Beat(Call[Beaten | NoAnswer], frozen=True, tag="beat"):
    """A heartbeat now: somebody calls for help."""


# --- sync asks ------------------------------------------------------------------------------


class Items(msgspec.Struct, frozen=True, tag="items"):
    """In the order they must reach the centre; empty when nothing came up within the call's deadline."""

    items: tuple[ItemEnvelope, ...]


class TakeItems(Call[Items], frozen=True, tag="take_items"):
    """Wait until something is to be delivered.  What is answered counts as handed to the line."""

    limit: int


class Noted(msgspec.Struct, frozen=True, tag="noted"):
    """On the terminal's disk."""


class ItemsAnswered(Call[Noted], frozen=True, tag="items_answered"):
    """The centre's answers, in the order of the items they belong to."""

    ids: tuple[str, ...]
    answers: tuple[ItemAnswer, ...]


class ItemsKept(Call[Noted], frozen=True, tag="items_kept"):
    """No connection was made: not a byte of these items left the terminal."""

    ids: tuple[str, ...]


class Doubts(msgspec.Struct, frozen=True, tag="doubts"):
    transactions: tuple[str, ...]


class TakeDoubts(Call[Doubts], frozen=True, tag="take_doubts"):
    """Transactions in doubt that the centre's record may end: at most `limit` ids beyond `after`, in order."""

    after: str
    limit: int


class RecordFound(Call[Noted], frozen=True, tag="record_found"):
    """The centre's record of a doubt, as it was signed."""

    transaction: str
    verdict: Signed


class HeartbeatFacts(msgspec.Struct, frozen=True, tag="facts"):
    heartbeat: Heartbeat


class TakeHeartbeat(Call[HeartbeatFacts], frozen=True, tag="take_heartbeat"):
    """Everything the next heartbeat says."""


class HeartbeatAnswered(Call[Noted], frozen=True, tag="heartbeat_answered"):
    answer: HeartbeatAnswer
