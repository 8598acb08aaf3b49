"""A further proof of the person: a code to the registered phone, or a clerk who vouches.

A stolen wallet holds both cards; the phone is in another pocket.  A code is good for the terminal, the visit, the
person and the kind of work it was asked for, and once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import uuid

from kiosk.contract import Kind, Problem, ProofChecked, ProofCode, ProofKind, ProofRequest, ProofSent, TransactionBase
from kiosk.seal import Rejected
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import clerks, quotas, visits
from sync.central.verdicts import Ruling

CODE_DIGITS = 6
CODE_TRIES = 3
CODE_LIFE = dt.timedelta(minutes=5)
"""To type the code, and again from then to the transaction: two PINs are typed in between."""

WHAT_FOR = {
    Kind.RELOAD_PIN: "重置社会保障卡密码",
    Kind.UNBLOCK_PIN: "解锁社会保障卡密码",
    Kind.FORMAL_LOSS: "正式挂失社会保障卡并补卡",
    Kind.REPLACEMENT: "更换社会保障卡",
    Kind.ACTIVATION: "启用社会保障卡",
}


def send_code(centre: Centre, terminal: str, request: ProofRequest) -> ProofSent | Problem:
    """An older code for the same work in the same visit is dead."""
    if request.for_ not in WHAT_FOR:
        return problems.NO_PROOF_FOR_THIS
    person = _person_of_visit(centre, terminal, request)
    if isinstance(person, Problem):
        return person
    if not person.phone:
        return problems.NO_PHONE
    if _too_many(centre, terminal, person):
        return problems.TOO_MANY
    return _send(centre, terminal, request, person, person.phone)


def check_code(centre: Centre, terminal: str, id: str, typed: ProofCode) -> ProofChecked | Problem:
    proof = tables.Proof.get_or_none(id=id, terminal=terminal)
    if proof is None:
        return problems.NO_SUCH_PROOF
    if proof.spent or proof.tries_left == 0:
        return problems.PROOF_BURNT
    if tables.moment(proof.expires_at) < centre.now():
        return problems.PROOF_LATE
    right = hmac.compare_digest(proof.digest, _digest(id, typed.code))
    if right and not proof.given:
        proof.given, proof.expires_at = True, tables.instant(centre.now() + CODE_LIFE)
    elif not right:
        proof.tries_left -= 1
    proof.save()
    return ProofChecked(right, proof.tries_left)


def spend(centre: Centre, transaction: TransactionBase, kind: Kind, person: tables.Person) -> Ruling | None:
    """Use up the proof that the transaction names; why it is refused, if it is not good for exactly this."""
    match transaction.evidence.proof.kind:
        case ProofKind.CLERK:
            return clerks.vouched(transaction)
        case ProofKind.PHONE_CODE:
            return _spend_code(centre, transaction, kind, person)
        case _:
            return verdicts.PROOF_MISSING


def _spend_code(centre: Centre, transaction: TransactionBase, kind: Kind, person: tables.Person) -> Ruling | None:
    proof: tables.Proof | None = tables.Proof.get_or_none(
        id=transaction.evidence.proof.id,
        terminal=transaction.terminal,
        visit=transaction.visit,
        person=person,
        kind=kind.value,
        given=True,
        spent=False,
    )
    if proof is None:
        return verdicts.PROOF_MISSING
    if tables.moment(proof.expires_at) < centre.now():
        return verdicts.PROOF_LATE
    proof.spent = True
    proof.save()
    return None


def _person_of_visit(centre: Centre, terminal: str, request: ProofRequest) -> tables.Person | Problem:
    personal = centre.keys.open_personal(request.sealed, terminal, request.visit)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    person: tables.Person | None = tables.Person.get_or_none(number=personal.holder_number)
    if person is None:
        return problems.HOLDER_UNKNOWN
    return person if visits.bind_visit(terminal, request.visit, person) else problems.NOT_THIS_HOLDER


def _send(centre: Centre, terminal: str, request: ProofRequest, person: tables.Person, phone: str) -> ProofSent:
    row, now = tables.Proof, centre.now()
    row.update(spent=True).where(
        row.terminal == terminal, row.visit == request.visit, row.kind == request.for_.value
    ).execute()
    id, code = str(uuid.uuid4()), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    row.create(
        id=id,
        terminal=terminal,
        visit=request.visit,
        person=person,
        kind=request.for_.value,
        digest=_digest(id, code),
        sent_at=tables.instant(now),
        expires_at=tables.instant(now + CODE_LIFE),
        tries_left=CODE_TRIES,
    )
    tables.Sms.create(number=phone, text=_text(code, request.for_), at=tables.instant(now))
    return ProofSent(id, phone[-2:], now + CODE_LIFE)


def _text(code: str, kind: Kind) -> str:
    minutes = CODE_LIFE // dt.timedelta(minutes=1)
    return f"【社保卡自助终端】验证码{code}，用于{WHAT_FOR[kind]}，{minutes}分钟内有效。请勿告诉他人。"


def _digest(id: str, code: str) -> str:
    return hashlib.sha256(f"{id}:{code}".encode()).hexdigest()


def _too_many(centre: Centre, terminal: str, person: tables.Person) -> bool:
    row = tables.Proof
    sent = row.select().where(row.sent_at >= quotas.today(centre))
    return bool(
        sent.where(row.person == person).count() >= centre.limits.codes_per_person_a_day
        or sent.where(row.terminal == terminal).count() >= centre.limits.codes_per_terminal_a_day
    )
