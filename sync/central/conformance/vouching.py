"""Clerks: who may sign in at the terminal, what their word opens there, and that it ends with the visit.

The clerk is the first operator, who comes with the pairing: no secret is written down for this.
"""

from __future__ import annotations

import datetime as dt
import secrets

from kiosk.contract import (
    CLERK_SIGNED_OUT,
    PAPERS,
    Audit,
    Evidence,
    ItemTime,
    PaperSeen,
    Personal,
    Problem,
    Proof,
    ProofKind,
    TemporaryLoss,
    Verdict,
    VerdictOutcome,
    Vouching,
    Whom,
)
from sync.central.conformance.checks import Chapter, NotChecked, Subject
from sync.central.conformance.clerk import TestClerk
from sync.central.conformance.people import TestPerson
from sync.central.conformance.probe import Reply, expect, new_id

CHAPTER = Chapter()
check = CHAPTER.check

LOCKED_AFTER = 5
DONE = {VerdictOutcome.DONE, VerdictOutcome.ALREADY}
"""The holder's card is lost for good after an earlier check: `already` is what a good word comes to."""


A_MOMENT = dt.timedelta(milliseconds=1)
"""The contract's times have no smaller one."""
PRESENT = Vouching(Whom.PRESENT, (PaperSeen.PASSPORT,))


# --- signing in -----------------------------------------------------------------------------------


@check("422 `clerk_refused` whatever was wrong")
def what_was_wrong_is_not_told(subject: Subject) -> None:
    clerk = _clerk(subject)
    wrong = {
        "number": clerk.tries(number=_nobody(), code=clerk.code),
        "password": clerk.tries(password=_other(clerk.given.password), code=clerk.code),
        "code": clerk.tries(code=_other(clerk.code)),
    }
    problems = {what: _refused(reply) for what, reply in wrong.items()}
    for what, problem in problems.items():
        expect(problem.code == "clerk_refused", f"a wrong {what}: {problem.code}")
    expect(len({problem.reason for problem in problems.values()}) == 1, "the sentence tells what was wrong")


@check("code of RFC 6238 (SHA-1, 30 s, good once)")
def a_code_signs_in_once(subject: Subject) -> None:
    clerk = _clerk(subject)
    expect(clerk.signed_in.name == clerk.given.name, "signed in as somebody else")
    code = _refused(clerk.tries(code=clerk.code)).code
    expect(code == "clerk_refused", f"the same code again: {code}")


# --- what the word is worth -----------------------------------------------------------------------


@check("With `vouching` no ID card of the holder need have been read")
def a_passport_that_a_clerk_saw_is_enough_for_a_loss(subject: Subject) -> None:
    verdict = _loss(subject, _clerk(subject).says(PRESENT))
    expect(verdict.outcome in DONE, f"{verdict.outcome} {verdict.code}")


@check("Unknown, withdrawn or another visit's clerk → refused `clerk_unknown`")
def nobody_else_vouches(subject: Subject) -> None:
    clerk = _clerk(subject)
    stranger = Evidence(proof=Proof(ProofKind.CLERK, new_id()), clerk=clerk.given.name, vouching=PRESENT)
    for whose, evidence, visit in (
        ("a sign-in that never was", stranger, clerk.visit),
        ("another clerk's name", clerk.says(PRESENT, name="nobody"), clerk.visit),
        ("another visit's clerk", clerk.says(PRESENT), new_id()),
    ):
        verdict = _loss(subject, evidence, visit=visit)
        expect(verdict.code == "clerk_unknown", f"{whose}: {verdict.outcome} {verdict.code}")


@check("what the papers do not open → `not_by_clerk`")
def papers_of_another_kind(subject: Subject) -> None:
    for papers in ((), (PaperSeen.POWER_OF_ATTORNEY,)):
        verdict = _loss(subject, _clerk(subject).says(Vouching(Whom.PRESENT, papers)))
        expect(verdict.code == "not_by_clerk", f"{', '.join(papers) or 'no paper'}: {verdict.outcome} {verdict.code}")


@check("a guardian's or proxy's number and name are in `sealed` as `stand_in_number`, `stand_in_name`")
def whoever_comes_instead_is_named(subject: Subject) -> None:
    evidence = _clerk(subject).says(Vouching(Whom.PROXY, PAPERS[Whom.PROXY]))
    outcome = _loss(subject, evidence).outcome
    expect(outcome is VerdictOutcome.REFUSED, f"a proxy without a name: {outcome}")
    verdict = _loss(subject, evidence, instead=subject.people.normal)
    expect(verdict.outcome in DONE, f"a proxy with a name: {verdict.outcome} {verdict.code}")


@check("The audit item `clerk_signed_out` of the visit ends it")
def after_the_visit_nobody_vouches(subject: Subject) -> None:
    probe, clerk = subject.probe, _clerk(subject)
    evidence, before = clerk.says(PRESENT), probe.now()
    probe.verdict(probe.item(Audit, event=CLERK_SIGNED_OUT, visit=clerk.visit, time=probe.now(age=-A_MOMENT)))
    late, early = _loss(subject, evidence), _loss(subject, evidence, time=before)
    expect(late.code == "clerk_unknown", f"drafted after it: {late.outcome} {late.code}")
    expect(early.outcome in DONE, f"drafted before it: {early.outcome} {early.code}")


@check("whether anybody has it or not")
def wrong_ones_in_a_row_lock_a_number(subject: Subject) -> None:
    """Nobody's number: the clerk goes on working."""
    clerk, number = _clerk(subject), _nobody()
    for _ in range(LOCKED_AFTER):
        expect(_refused(clerk.tries(number=number, code=clerk.code)).code == "clerk_refused", "locked too early")
    code = clerk.tries(number=number, code=clerk.code).problem(429).code
    expect(code == "clerk_locked", f"after {LOCKED_AFTER} wrong ones: {code}")


# --- pieces ---------------------------------------------------------------------------------------


def _clerk(subject: Subject) -> TestClerk:
    if subject.clerk is None:
        raise NotChecked("needs a first operator, named with the pairing code")
    return subject.clerk


def _refused(reply: Reply) -> Problem:
    if reply.status == 429:
        raise NotChecked("the terminal is locked, perhaps since an earlier run: needs an hour, or another name")
    return reply.problem(422)


def _loss(
    subject: Subject,
    evidence: Evidence,
    *,
    visit: str | None = None,
    time: ItemTime | None = None,
    instead: TestPerson | None = None,
) -> Verdict:
    """`visit`, `time`: None for the clerk's, and now.  `instead`: who came for the holder."""
    probe, id = subject.probe, new_id()
    stand_in = {} if instead is None else {"stand_in_number": instead.number, "stand_in_name": instead.name}
    holder = Personal(holder_number=subject.people.to_lose.number, **stand_in)
    loss = probe.item(
        TemporaryLoss,
        id=id,
        visit=visit or _clerk(subject).visit,
        sealed=probe.seal(holder, id),
        evidence=evidence,
        time=time or probe.now(),
    )
    return probe.verdict(loss)


def _other(digits: str) -> str:
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}}"


def _nobody() -> str:
    """Offices number their clerks from 100001 on."""
    return f"9{secrets.randbelow(10**5):05}"
