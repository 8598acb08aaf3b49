"""Clerks: whom the office has named, how they sign in at a terminal, and what they may vouch for there.

A sign-in takes a number, a password and a changing code, and is good for one visit.  Wrong ones lock the number at the
terminal where they were typed, whether anybody has it or not; the answer never says what was wrong.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import uuid

import peewee
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kiosk.contract import (
    Audit,
    ClerkSignedIn,
    ClerkSignIn,
    FirstOperator,
    Kind,
    Personal,
    Problem,
    TransactionBase,
    Whom,
)
from kiosk.numbers import citizen_birth
from kiosk.seal import Rejected
from kiosk.terms import age_on
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import quotas
from sync.central.rules.age import drafted_at
from sync.central.verdicts import Ruling

ISSUER = "Shebao Kiosk"
FIRST_NUMBER = 100001
PASSWORD_DIGITS = 6
SIGNED_IN = dt.timedelta(minutes=30)
"""A visit with papers takes ten minutes; nobody signs in for the day."""
LOCKED = dt.timedelta(minutes=15)
AN_HOUR = dt.timedelta(hours=1)

STEP_S = 30
"""RFC 6238 §5.2."""
CODE_DIGITS = 6
SECRET_BYTES = 20
"""RFC 4226 §4: 160 bits."""
SALT_BYTES = 16
COST = {"n": 2**14, "r": 8, "p": 1}
"""scrypt, RFC 7914: some 50 ms a guess."""


# --- who they are -------------------------------------------------------------------------------


def name_clerk(name: str) -> None:
    """The office says who may vouch, also somebody whom it had withdrawn."""
    tables.Clerk.find_or_create(name=name)
    tables.Clerk.update(withdrawn_at=None).where(tables.Clerk.name == name).execute()


def withdrawn(name: str) -> bool:
    return bool(tables.Clerk.select().where(tables.Clerk.name == name, ~tables.Clerk.withdrawn_at.is_null()).exists())


def withdraw_clerk(centre: Centre, name: str) -> None:
    """From now on; what was vouched for before counts, also when it comes later."""
    tables.Clerk.find_or_create(name=name)
    since = tables.instant(centre.now())
    tables.Clerk.update(withdrawn_at=since).where(
        tables.Clerk.name == name, tables.Clerk.withdrawn_at.is_null()
    ).execute()


def give_credentials(centre: Centre, name: str) -> FirstOperator:
    """Fresh ones, to be handed over once: the password's digest and the code's sealed secret stay here.

    Whether the clerk may sign in with them is another matter: a withdrawn one stays so.
    """
    tables.Clerk.find_or_create(name=name)
    known = tables.Credentials.get_or_none(clerk=name)
    number = known.number if known else _next_number()
    _forgive(centre.keys.at_rest.trace(number))
    tables.Credentials.delete().where(tables.Credentials.clerk == name).execute()
    password = f"{secrets.randbelow(10**PASSWORD_DIGITS):0{PASSWORD_DIGITS}}"
    salt, secret = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SECRET_BYTES)
    digest = _slow(bytes.fromhex(password), salt)  # as it will come: BCD
    sealed = centre.keys.at_rest.seal(secret, number)
    tables.Credentials.create(clerk=name, number=number, salt=salt, password=digest, secret=sealed)
    return FirstOperator(name, number, password, _totp(secret).get_provisioning_uri(name, ISSUER))


def _next_number() -> str:
    last = max((int(row.number) for row in tables.Credentials.select()), default=FIRST_NUMBER - 1)
    return str(last + 1)


# --- signing in -----------------------------------------------------------------------------------


def sign_in(centre: Centre, terminal: str, asked: ClerkSignIn) -> ClerkSignedIn | Problem:
    password = centre.keys.open_password(asked.password, terminal, asked.visit)
    if isinstance(password, Rejected):
        return problems.CANNOT_OPEN
    tried = centre.keys.at_rest.trace(asked.number)
    if _locked(centre, terminal, tried):
        return problems.CLERK_LOCKED
    clerk = _who(centre, asked, password)
    if clerk is None:
        tables.WrongSignIn.create(tried=tried, terminal=terminal, at=tables.instant(centre.now()))
        return problems.CLERK_REFUSED
    _forgive(tried, tables.WrongSignIn.terminal == terminal)
    id, expires_at = str(uuid.uuid4()), centre.now() + SIGNED_IN
    tables.SignIn.create(
        id=id,
        clerk=clerk,
        terminal=terminal,
        visit=asked.visit,
        at=tables.instant(centre.now()),
        expires_at=tables.instant(expires_at),
    )
    return ClerkSignedIn(id, clerk.name, expires_at)


def _who(centre: Centre, asked: ClerkSignIn, password: bytes) -> tables.Clerk | None:
    """None for a wrong number, password or code alike, and as late: the password is always worked on."""
    row = tables.Credentials.get_or_none(number=asked.number)
    salt, digest = (row.salt, row.password) if row else (bytes(SALT_BYTES), b"")
    right = hmac.compare_digest(_slow(password, bytes(salt)), bytes(digest))
    secret = centre.keys.at_rest.open(bytes(row.secret), row.number) if row else bytes(SECRET_BYTES)
    step = _step_of(secret, asked.code, centre.now())
    if row is None or not right or step is None or step <= row.last_step or row.clerk.withdrawn_at:
        return None
    row.last_step = step
    row.save()
    clerk: tables.Clerk = row.clerk
    return clerk


def _step_of(secret: bytes, code: str, now: dt.datetime) -> int | None:
    """The one whose code it is: this, or the one before or after (RFC 6238 §6)."""
    this = int(now.timestamp()) // STEP_S
    near = (step for step in (this - 1, this, this + 1))
    return next((step for step in near if hmac.compare_digest(code_of(secret, step * STEP_S), code)), None)


def code_of(secret: bytes, time_s: int) -> str:
    return _totp(secret).generate(time_s).decode()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, CODE_DIGITS, SHA1(), STEP_S)  # noqa: S303 - HMAC-SHA-1, as every authenticator has it


def _slow(password: bytes, salt: bytes) -> bytes:
    return hashlib.scrypt(password, salt=salt, **COST)


def _locked(centre: Centre, terminal: str, tried: str) -> bool:
    row, limits = tables.WrongSignIn, centre.limits
    here = row.select().where(row.terminal == terminal)
    in_a_row = here.where(row.tried == tried, row.forgiven == False)  # noqa: E712 - SQL
    return bool(
        in_a_row.where(row.at > quotas.ago(centre, LOCKED)).count() >= limits.wrong_sign_ins_per_clerk
        or in_a_row.where(row.at >= quotas.today(centre)).count() >= limits.wrong_sign_ins_per_clerk_a_day
        or here.where(row.at > quotas.ago(centre, AN_HOUR)).count() >= limits.wrong_sign_ins_per_terminal_an_hour
    )


def sign_out(audit: Audit) -> None:
    """What is drafted from then on in that visit, no clerk has vouched for."""
    row, ended = tables.SignIn, tables.instant(drafted_at(audit.time))
    here = (row.terminal == audit.terminal, row.visit == audit.visit, row.expires_at > ended)
    row.update(expires_at=ended).where(*here).execute()


def _forgive(tried: str, *where: peewee.Expression) -> None:
    """A terminal's own count stays: one good sign-in does not pay for a guesser's."""
    row = tables.WrongSignIn
    row.update(forgiven=True).where(row.tried == tried, *where).execute()


# --- vouching ---------------------------------------------------------------------------------------


def vouched(transaction: TransactionBase) -> Ruling | None:
    """Why what the clerk says counts for nothing; the name and what was seen stay in the stored item."""
    shown = transaction.evidence
    if shown.clerk is None or shown.vouching is None:
        return verdicts.PROOF_MISSING
    row = tables.SignIn.get_or_none(id=shown.proof.id, terminal=transaction.terminal, visit=transaction.visit)
    if row is None or row.clerk.name != shown.clerk or drafted_at(transaction.time) >= _good_until(row):
        return verdicts.CLERK_UNKNOWN
    return None if shown.vouching.opens(_kind(transaction)) else verdicts.NOT_BY_CLERK


def at_terminal(audit: Audit) -> bool:
    """Whether the clerk it names was signed in at that terminal, in that visit, when it was drafted."""
    rows = tables.SignIn.select().where(
        tables.SignIn.clerk == audit.evidence.clerk,
        tables.SignIn.terminal == audit.terminal,
        tables.SignIn.visit == audit.visit,
    )
    return any(drafted_at(audit.time) < _good_until(row) for row in rows)


def _good_until(sign_in: tables.SignIn) -> dt.datetime:
    """A clerk may be withdrawn while what was vouched for waits for the line: it was good when it was drafted."""
    return min(tables.moment(end) for end in (sign_in.expires_at, sign_in.clerk.withdrawn_at) if end is not None)


def stands_in(centre: Centre, transaction: TransactionBase, personal: Personal) -> Ruling | None:
    """Why whoever came may not come for this holder: they are on record, too, and somebody else; a guardian is one."""
    vouching, holder = transaction.evidence.vouching, personal.holder_number
    if vouching is None or vouching.whom is Whom.PRESENT:
        return None
    if holder is None or personal.stand_in_name is None or personal.stand_in_number in {None, holder}:
        return verdicts.PROOF_MISSING
    birth, day = citizen_birth(holder), drafted_at(transaction.time).astimezone(centre.now().tzinfo).date()
    covered = birth is not None and vouching.covers(age_on(birth, day), centre.old_enough)
    return None if covered else verdicts.NOT_BY_CLERK


def _kind(transaction: TransactionBase) -> Kind:
    return Kind(str(transaction.__struct_config__.tag))
