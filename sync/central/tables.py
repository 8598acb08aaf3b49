"""What the centre keeps: one peewee model a table, the same on SQLite and PostgreSQL.

Instants are UTC text of one length, so that they sort as they stand; `instant` and `moment` convert.
Which database a query goes to is decided by the `Store.transaction` around it, not by the model.
"""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from typing import Any, Self

import peewee

from kiosk.terms import CardStatus

open_database: ContextVar[peewee.Database] = ContextVar("open_database")


def instant(moment: dt.datetime) -> str:
    """An aware time as it stands in the tables."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment(instant: str) -> dt.datetime:
    return dt.datetime.fromisoformat(instant)


class _OpenDatabase(peewee.DatabaseProxy):
    """The database of the transaction that runs in this context; LookupError outside of one."""

    def __getattr__(self, name: str) -> Any:
        return getattr(open_database.get(), name)


class Table(peewee.Model):
    class Meta:
        database = _OpenDatabase()
        legacy_table_names = False

    @classmethod
    def find_or_create(cls, defaults: dict[str, Any] | None = None, **key: Any) -> Self:
        """The one row with this key; a new one also gets `defaults`."""
        row: Self | None = cls.get_or_none(**key)
        return row or cls.create(**key, **defaults or {})


# --- terminals --------------------------------------------------------------------------


class Terminal(Table):
    name = peewee.TextField(primary_key=True)
    region = peewee.TextField(null=True)
    """AAB301 of the place where it stands; None: the office did not say."""
    suspended = peewee.BooleanField(default=False)
    heartbeat_at = peewee.TextField(null=True)
    heartbeat = peewee.TextField(null=True)
    """The last `Heartbeat`, as JSON."""


class TerminalKey(Table):
    """Public halves of signing keys; old ones stay, for items signed before a terminal was paired again."""

    key_id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    public = peewee.TextField()


class Certificate(Table):
    fingerprint = peewee.TextField(primary_key=True)
    """SHA-256 of the DER form."""
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    ends_at = peewee.TextField()
    revoked = peewee.BooleanField(default=False)


class PairingCode(Table):
    """The last code given for a terminal; a digest suffices, the code has 80 random bits."""

    terminal = peewee.ForeignKeyField(Terminal, primary_key=True)
    digest = peewee.TextField()
    expires_at = peewee.TextField()
    tries_left = peewee.IntegerField()
    used = peewee.BooleanField(default=False)


class Journal(Table):
    """How far a terminal's journal has been seen."""

    id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    complete_to = peewee.BigIntegerField()
    """Every seq up to this one has arrived, was burnt by a void or filled by an audit item."""
    record_seq = peewee.BigIntegerField(default=-1)
    head = peewee.TextField(default="")


class ArrivedSeq(Table):
    """Seqs that arrived, were burnt or filled before all earlier ones had: beyond `Journal.complete_to`."""

    journal = peewee.ForeignKeyField(Journal)
    seq = peewee.BigIntegerField()

    class Meta:
        primary_key = peewee.CompositeKey("journal", "seq")


# --- people and cards -----------------------------------------------------------------------


class Person(Table):
    number = peewee.TextField(unique=True)
    name = peewee.TextField()
    phone = peewee.TextField(null=True)


class Card(Table):
    person = peewee.ForeignKeyField(Person)
    number = peewee.TextField(index=True)
    identifier = peewee.TextField(unique=True)
    status_code = peewee.TextField(column_name="status")
    """AAZ502"""
    current = peewee.BooleanField(default=True)
    region = peewee.TextField()
    bank_code = peewee.TextField(null=True)
    expires = peewee.DateField(null=True)
    replacement_filed = peewee.BooleanField(default=False)
    lost_at = peewee.TextField(null=True)
    loss_receipt = peewee.TextField(null=True)
    loss_expires = peewee.TextField(null=True)

    @property
    def status(self) -> CardStatus:
        return CardStatus(self.status_code)


class ReplacementOrder(Table):
    """A new card that is to be made for this one."""

    order = peewee.TextField(primary_key=True)
    """The receipt's number."""
    card = peewee.ForeignKeyField(Card)
    reason = peewee.TextField()
    filed_at = peewee.TextField()


class CardEvent(Table):
    """What happened to a card, whoever did it."""

    person = peewee.ForeignKeyField(Person)
    card = peewee.ForeignKeyField(Card)
    what = peewee.TextField()
    at = peewee.TextField()


class Production(Table):
    """What is known of a new card in the making, beside its order and its steps."""

    order = peewee.ForeignKeyField(ReplacementOrder, primary_key=True)
    place_zh = peewee.TextField(default="")
    place_en = peewee.TextField(default="")
    failed_at = peewee.TextField(null=True)
    """When it was stopped; None: it goes on."""
    failed_zh = peewee.TextField(default="")
    failed_en = peewee.TextField(default="")


class NewCard(Table):
    """The card that was made for an order; nobody's card until it is handed over."""

    order = peewee.ForeignKeyField(ReplacementOrder, primary_key=True)
    number = peewee.TextField(unique=True)
    identifier = peewee.TextField(unique=True)
    expires = peewee.DateField()


class ProductionReached(Table):
    """A step that is behind it."""

    order = peewee.ForeignKeyField(ReplacementOrder)
    step = peewee.TextField()
    """`ProductionStep`"""
    at = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("order", "step")


class WrongNumbers(Table):
    """Somebody typed numbers that belong to no card on record; counted for the limits."""

    terminal = peewee.ForeignKeyField(Terminal)
    person = peewee.ForeignKeyField(Person, null=True)
    """Whose number it was; None: nobody's."""
    at = peewee.TextField(index=True)


class Visit(Table):
    """Whose ID card was read in a visit."""

    terminal = peewee.ForeignKeyField(Terminal)
    visit = peewee.TextField()
    person = peewee.ForeignKeyField(Person)

    class Meta:
        primary_key = peewee.CompositeKey("terminal", "visit")


class Reading(Table):
    """A cryptogram given for reading a card, counted for the hourly limit."""

    terminal = peewee.ForeignKeyField(Terminal)
    card = peewee.ForeignKeyField(Card)
    at = peewee.TextField(index=True)


class AuthenticChip(Table):
    """A chip that proved in a visit that it is genuine, beside the ID card of its holder."""

    terminal = peewee.ForeignKeyField(Terminal)
    visit = peewee.TextField()
    card = peewee.ForeignKeyField(Card)
    chip = peewee.TextField()
    """What its keys are derived from: algorithm, region and historical bytes."""

    class Meta:
        primary_key = peewee.CompositeKey("terminal", "visit", "card", "chip")


class SpentFactor(Table):
    """Challenges that were used; refused for ever."""

    factor = peewee.TextField(primary_key=True)


class Proof(Table):
    """A code sent to a person's registered phone, for one kind of work in one visit."""

    id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    visit = peewee.TextField()
    person = peewee.ForeignKeyField(Person)
    kind = peewee.TextField()
    digest = peewee.TextField()
    sent_at = peewee.TextField(index=True)
    expires_at = peewee.TextField()
    tries_left = peewee.IntegerField()
    given = peewee.BooleanField(default=False)
    """The right code was typed."""
    spent = peewee.BooleanField(default=False)


class Clerk(Table):
    """Who may vouch for a person at a terminal."""

    name = peewee.TextField(primary_key=True)
    withdrawn_at = peewee.TextField(null=True)
    """None: may vouch."""


class Credentials(Table):
    """What a clerk signs in with; none: the clerk was only named, and cannot."""

    clerk = peewee.ForeignKeyField(Clerk, primary_key=True)
    number = peewee.TextField(unique=True)
    salt = peewee.BlobField()
    password = peewee.BlobField()
    """scrypt of it"""
    secret = peewee.BlobField()
    """Of the changing code, sealed at rest for this number."""
    last_step = peewee.IntegerField(default=0)
    """Of the last code that was right: no code is good twice."""


class SignIn(Table):
    """A clerk who signed in at a terminal, for one visit."""

    id = peewee.TextField(primary_key=True)
    clerk = peewee.ForeignKeyField(Clerk)
    terminal = peewee.ForeignKeyField(Terminal)
    visit = peewee.TextField()
    at = peewee.TextField()
    expires_at = peewee.TextField()


class WrongSignIn(Table):
    """Somebody tried to be a clerk, and was not.  Stays on record."""

    tried = peewee.TextField(index=True)
    """The trace of the number (`keys.AtRest`): people also type their password there."""
    terminal = peewee.ForeignKeyField(Terminal)
    at = peewee.TextField(index=True)
    forgiven = peewee.BooleanField(default=False)
    """The number's clerk signed in there since, or has new credentials: it locks that number no more."""


class FirstOperator(Table):
    """Who is to get credentials with the pairing of a terminal."""

    terminal = peewee.ForeignKeyField(Terminal, primary_key=True)
    clerk = peewee.ForeignKeyField(Clerk)


class Sms(Table):
    """Stands for the way to the phones: what a gateway would have been told to send.  Kept here, never logged."""

    number = peewee.TextField(index=True)
    text = peewee.TextField()
    at = peewee.TextField()


# --- items ------------------------------------------------------------------------------------


class Transaction(Table):
    """One transaction, from the first item that names it; a void may come before its transaction."""

    id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    kind = peewee.TextField(null=True)
    """None: burnt before it arrived."""
    outcome = peewee.TextField()
    """`VerdictOutcome`"""
    code = peewee.TextField()
    person = peewee.ForeignKeyField(Person, null=True)
    decided_at = peewee.TextField()
    verdict = peewee.TextField()
    """The last verdict, `Signed`, as it went out."""


class ChipWork(Table):
    """How far the work on a chip went that a transaction was authorised for."""

    transaction_id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    terminal_id: str
    kind = peewee.TextField()
    person = peewee.ForeignKeyField(Person)
    card = peewee.ForeignKeyField(Card)
    visit = peewee.TextField()
    authorised_at = peewee.TextField(index=True)
    authenticated_at = peewee.TextField(null=True)
    """The PUK authentication left the HSM."""
    issued_at = peewee.TextField(null=True)
    """The secure message left the HSM: from here only the chip knows what was done."""
    result = peewee.TextField(null=True)
    """`ChipResult`, as the terminal reported it last."""


class Item(Table):
    """What a terminal signed, and the verdict it got, both exactly as they travelled."""

    domain = peewee.TextField()
    transaction_id = peewee.TextField()
    terminal = peewee.ForeignKeyField(Terminal)
    journal = peewee.ForeignKeyField(Journal)
    seq = peewee.BigIntegerField()
    sha256 = peewee.TextField()
    signed = peewee.TextField()
    verdict = peewee.TextField()
    received_at = peewee.TextField()

    class Meta:
        indexes = ((("transaction_id", "domain"), False), (("journal", "seq"), True))


class Replay(Table):
    """Answers of the last minute, by `X-Request-Id`."""

    terminal = peewee.TextField()
    request_id = peewee.TextField()
    request_sha256 = peewee.TextField()
    at = peewee.TextField(index=True)
    status = peewee.IntegerField()
    answer = peewee.TextField()

    class Meta:
        primary_key = peewee.CompositeKey("terminal", "request_id")


# --- the office -----------------------------------------------------------------------------------


class Alarm(Table):
    terminal = peewee.ForeignKeyField(Terminal)
    what = peewee.TextField()
    at = peewee.TextField()


class Order(Table):
    id = peewee.TextField(primary_key=True)
    terminal = peewee.ForeignKeyField(Terminal)
    signed = peewee.TextField()
    expires_at = peewee.TextField()
    state = peewee.TextField(null=True)
    """What the terminal reported last."""


class Policy(Table):
    version = peewee.TextField(primary_key=True)
    signed = peewee.TextField()
    added_at = peewee.TextField()


class ReceiptCounter(Table):
    day = peewee.TextField(primary_key=True)
    last = peewee.IntegerField()


ALL: tuple[type[Table], ...] = (
    Terminal, TerminalKey, Certificate, PairingCode, Journal, ArrivedSeq,
    Production, NewCard, ProductionReached, WrongNumbers,
    Person, Card, ReplacementOrder, CardEvent, Visit, Reading, AuthenticChip, SpentFactor, Proof, Sms,
    Clerk, Credentials, SignIn, WrongSignIn, FirstOperator,
    Transaction, ChipWork, Item, Replay, Alarm, Order, Policy, ReceiptCounter,
)  # fmt: skip
