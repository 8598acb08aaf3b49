"""Signed items: believed after their signature only, answered the same way for ever, none goes missing unseen."""

from __future__ import annotations

import datetime as dt
import hashlib

import msgspec

from kiosk.contract import (
    Audit,
    Batch,
    BatchAnswer,
    ChipResult,
    Confidence,
    Outcome,
    Paths,
    PinChanged,
    Signed,
    Stamp,
    VerdictOutcome,
)
from kiosk.seal import canonical, to_text
from sync.central.conformance.checks import Chapter, Subject
from sync.central.conformance.probe import expect

CHAPTER = Chapter()
check = CHAPTER.check

A_MONTH = dt.timedelta(days=30)


@check("verified before they are decoded")
def a_wrong_signature_is_the_items_fault(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    forged = msgspec.structs.replace(probe.sign(audit), item=to_text(b"not even JSON"))
    probe.put_signed(audit, forged).problem(400, 409, 422)
    probe.ask("GET", f"{Paths.TRANSACTIONS}/{audit.id}").problem(404)
    fill(subject, audit)


@check("Ed25519 over `shebao-kiosk/<transaction|outcome|void|verdict|order|time>/1` ‖ 00 ‖ those bytes")
def a_signature_for_one_purpose_serves_no_other(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    void = probe.void(audit)
    as_transaction = probe.identity.signing.sign(probe.envelope(audit).domain, canonical(void))
    probe.put_signed(void, as_transaction).problem(400, 409, 422)
    fill(subject, audit)
    fill(subject, void)


@check("A sealed row on the terminal is deleted when its own `seq` and `item_sha256` are acknowledged")
def the_verdict_names_the_very_item(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    said = probe.verdict(audit).acknowledged
    expect((said.journal_id, said.seq) == (audit.journal_id, audit.seq), "another item is acknowledged")
    expect(said.item_sha256 == hashlib.sha256(canonical(audit)).hexdigest(), "the SHA-256 is not that of the bytes")
    expect((said.record_seq, said.head) == (audit.record_seq, audit.head), "another head is witnessed")


@check("Same id, same bytes → the stored verdict; same id, other bytes → 409 `content_differs`.")
def answered_the_same_way_for_ever(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    first = probe.put(audit).of(Signed)
    expect(probe.put(audit).of(Signed) == first, "the same bytes got another verdict")
    expect(probe.ask("GET", f"{Paths.TRANSACTIONS}/{audit.id}").of(Signed) == first, "asked for, it is another")
    code = probe.put(msgspec.structs.replace(audit, event="other")).problem(409).code
    expect(code == "content_differs", f"other bytes: {code}")


@check("per item `{verdict}` or `{problem}`; one bad item fails alone")
def one_bad_item_fails_alone(subject: Subject) -> None:
    probe = subject.probe
    good, bad, late = (probe.item(Audit, event="check") for _ in range(3))
    envelopes = [probe.envelope(item) for item in (good, bad, late)]
    envelopes[1] = msgspec.structs.replace(envelopes[1], signed=envelopes[0].signed)
    answers = probe.ask("POST", Paths.ITEMS, Batch(envelopes)).of(BatchAnswer).answers
    shape = [(answer.verdict is not None, answer.problem is not None) for answer in answers]
    expect(shape == [(True, False), (False, True), (True, False)], f"verdict and problem: {shape}")
    fill(subject, bad)


@check("The centre checks that the **set** is gap-free, never the order")
def any_order_will_do(subject: Subject) -> None:
    earlier, later = (subject.probe.item(Audit, event="check") for _ in range(2))
    for item in (later, earlier):
        done = subject.probe.verdict(item).outcome
        expect(done is VerdictOutcome.DONE, f"number {item.seq} out of its turn: {done}")


@check("a quarantined item is filled by an `audit` item with `fills_seq`")
def a_gap_can_be_filled(subject: Subject) -> None:
    fill(subject, subject.probe.item(Audit, event="lost"))


@check("`temporary_loss`, `pin_changed`, `audit` are never live, online or not.")
def events_may_come_late(subject: Subject) -> None:
    probe = subject.probe
    late = probe.now(age=A_MONTH)
    rtc = msgspec.structs.replace(late, confidence=Confidence.RTC, centre_time=None, age_ms=None)
    for item in (
        probe.item(Audit, event="check", time=late),
        probe.item(PinChanged, subject.people.normal, time=rtc),
    ):
        outcome = probe.verdict(item).outcome
        expect(outcome is VerdictOutcome.DONE, f"{type(item).__name__} of a month ago: {outcome}")


@check("`void` (id burnt: a late first copy gets `void`)")
def a_void_that_comes_first_burns(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    for item in (probe.void(audit), audit):
        outcome = probe.verdict(item).outcome
        expect(outcome is VerdictOutcome.VOID, f"{type(item).__name__}: {outcome}")


@check("the stored verdict, if it was executed")
def a_void_that_comes_too_late_is_told(subject: Subject) -> None:
    probe = subject.probe
    audit = probe.item(Audit, event="check")
    done = probe.put(audit).of(Signed)
    expect(probe.put(probe.void(audit)).of(Signed) == done, "the void got another answer than the item")


@check("Kinds whose effect is on the chip get `authorised` and are finished by their outcome.")
def no_outcome_of_what_was_never_authorised(subject: Subject) -> None:
    probe = subject.probe
    never = probe.item(Audit, event="check")
    outcome = Outcome(
        **probe.stamp(),
        transaction=never.id,
        result=ChipResult.DONE,
        sw="9000",
        tries_before=None,
        tries_after=None,
        pin_verified=True,
        at=probe.now().wall,
    )
    probe.put(outcome).problem(400, 409, 422)
    fill(subject, never)
    fill(subject, outcome)


@check("An outcome also follows a `pin_changed` that said `unknown`, once.")
def a_doubt_about_a_pin_change_ends(subject: Subject) -> None:
    probe = subject.probe
    doubt = probe.item(PinChanged, subject.people.normal, result=ChipResult.UNKNOWN)
    expect(probe.verdict(doubt).outcome is VerdictOutcome.DONE, "a change that nobody knows of is not stored")
    end, another = (
        Outcome(
            **probe.stamp(),
            transaction=doubt.id,
            result=ChipResult.MOOT,
            sw=None,
            tries_before=tries,
            tries_after=None,
            pin_verified=None,
            at=probe.now().wall,
        )
        for tries in (6, 5)
    )
    expect(probe.verdict(end).outcome is VerdictOutcome.DONE, "its end is not stored")
    probe.put(another).problem(409, 422)
    fill(subject, another)


def fill(subject: Subject, missing: Stamp) -> None:
    """So that the journal of this check has no gap in the end."""
    audit = subject.probe.item(Audit, event="filled", fills_seq=missing.seq)
    outcome = subject.probe.verdict(audit).outcome
    expect(outcome is VerdictOutcome.DONE, f"an audit item that fills a gap: {outcome}")
