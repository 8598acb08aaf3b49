"""Items: believed after their signature only, answered the same way for ever, and none goes missing unseen."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import contract as c
from kiosk import seal
from kiosk.terms import CardStatus
from sync.central import rules, tables
from tests.central.office import Box, Office, new_id


def send(office: Office, box: Box, item: c.Stamp, *, by: Box | None = None) -> c.Signed | c.Problem:
    """Over `by`'s connection, or the terminal's own."""
    batch = c.Batch([box.envelope(item)])
    with office.centre.store.transaction():
        answer = rules.take_items(office.centre, (by or box).name, batch).answers[0]
    assert (answer.verdict is None) != (answer.problem is None)
    return answer.verdict or answer.problem  # type: ignore[return-value]


def code(answer: c.Signed | c.Problem) -> str:
    assert isinstance(answer, c.Problem)
    return answer.code


# --- who signed what ------------------------------------------------------------------------


def test_the_same_bytes_get_the_very_same_verdict(office: Office, box: Box) -> None:
    loss = box.loss()
    first = send(office, box, loss)
    office.clock.pass_by(days=30)
    assert send(office, box, loss) == first


def test_other_bytes_under_an_id_are_refused_and_change_nothing(office: Office, box: Box) -> None:
    audit = box.audit()
    first = send(office, box, audit)
    assert code(send(office, box, msgspec.structs.replace(audit, event="forged"))) == "content_differs"
    assert send(office, box, audit) == first


def test_a_forged_signature_is_refused_before_anything_is_decoded(office: Office, box: Box) -> None:
    loss = box.loss()
    signed = box.sign(loss)
    forged = msgspec.structs.replace(signed, item=seal.to_text(b"not even JSON"))
    with office.centre.store.transaction():
        assert code(rules.put_transaction(office.centre, box.name, loss.id, forged)) == "signature_wrong"
    assert office.card_status() is CardStatus.NORMAL


def test_a_signature_for_one_purpose_serves_no_other(office: Office, box: Box) -> None:
    """A void signed as a transaction, presented as a void."""
    void = box.void(box.loss())
    signed = box.identity.signing.sign(c.Domain.TRANSACTION, seal.canonical(void))
    with office.centre.store.transaction():
        assert code(rules.put_void(office.centre, box.name, void.transaction, signed)) == "signature_wrong"


def test_another_terminal_cannot_deliver_this_ones_items(office: Office, box: Box) -> None:
    thief = office.pair("T-2")
    assert code(send(office, box, box.loss(), by=thief)) == "other_terminal"


def test_a_terminal_cannot_speak_in_anothers_name(office: Office, box: Box) -> None:
    thief = office.pair("T-2")
    audit = thief.audit(terminal=box.name)
    assert code(send(office, thief, audit)) == "other_terminal"


def test_a_terminal_cannot_write_into_anothers_journal(office: Office, box: Box) -> None:
    send(office, box, box.audit())
    thief = office.pair("T-2")
    thief.journal_id = box.journal_id
    assert code(send(office, thief, thief.audit(seq=7))) == "other_terminal"


def test_an_id_in_the_path_must_be_the_items(office: Office, box: Box) -> None:
    with office.centre.store.transaction():
        assert code(rules.put_transaction(office.centre, box.name, new_id(), box.sign(box.loss()))) == "id_differs"


def test_what_is_no_item_is_the_items_fault(office: Office, box: Box) -> None:
    signed = box.identity.signing.sign(c.Domain.TRANSACTION, b'{"kind": "unheard_of"}')
    with office.centre.store.transaction():
        assert code(rules.put_transaction(office.centre, box.name, new_id(), signed)) == "not_an_item"


# --- voids ------------------------------------------------------------------------------------


def test_a_void_that_comes_first_burns_the_transaction(office: Office, box: Box) -> None:
    loss = box.loss()
    assert box.believe(send(office, box, box.void(loss))).outcome is c.VerdictOutcome.VOID
    late = box.believe(send(office, box, loss))
    assert late.outcome is c.VerdictOutcome.VOID
    assert late.acknowledged.seq == loss.seq, "so that the terminal may delete what it sealed"
    assert office.card_status() is CardStatus.NORMAL


def test_a_void_that_comes_too_late_is_told_what_was_done(office: Office, box: Box) -> None:
    loss = box.loss()
    done = send(office, box, loss)
    assert send(office, box, box.void(loss)) == done
    assert office.card_status() is CardStatus.TEMPORARILY_LOST


def test_nobody_voids_anothers_transaction(office: Office, box: Box) -> None:
    loss = box.loss()
    send(office, box, loss)
    thief = office.pair("T-2")
    assert code(send(office, thief, thief.void(loss))) == "other_terminal"


def test_asking_for_a_transaction(office: Office, box: Box) -> None:
    loss = box.loss()
    thief = office.pair("T-2")
    with office.centre.store.transaction():
        assert code(rules.get_transaction(box.name, loss.id)) == "never_seen"
    verdict = send(office, box, loss)
    with office.centre.store.transaction():
        assert rules.get_transaction(box.name, loss.id) == verdict
        assert code(rules.get_transaction(thief.name, loss.id)) == "never_seen"


# --- kinds --------------------------------------------------------------------------------------


LIVE = {
    c.FormalLoss: "proof_missing",
    c.Release: "proof_missing",
    c.Activation: "proof_missing",
    c.Replacement: "proof_missing",
    c.ReloadPin: "proof_missing",
    c.UnblockPin: "proof_missing",
}
"""Without any evidence, in time."""


@pytest.mark.parametrize("kind", LIVE)
def test_live_kinds_are_looked_at_within_20_seconds_and_else_too_late(
    office: Office, box: Box, kind: type[c.TransactionBase]
) -> None:
    reason = {"reason": "worn"} if kind is c.Replacement else {}

    def item() -> c.TransactionBase:
        return kind(**box.stamp(), id=new_id(), visit=new_id(), time=box.item_time(), **reason)

    assert box.believe(send(office, box, item())).code == LIVE[kind]
    slow = item()
    office.clock.pass_by(seconds=c.LIVE_LIMIT_S + 1)
    assert box.believe(send(office, box, slow)).code == "too_late"


def test_a_live_item_without_a_centre_time_cannot_be_fresh(office: Office, box: Box) -> None:
    release = c.Release(**box.stamp(), id=new_id(), visit=new_id(), time=box.item_time(c.Confidence.RTC))
    assert box.believe(send(office, box, release)).code == "too_late"


def test_events_are_recorded_whenever_they_come(office: Office, box: Box) -> None:
    changed = c.PinChanged(**box.stamp(), id=new_id(), visit=new_id(), time=box.item_time(c.Confidence.UNKNOWN))
    audit = box.audit()
    office.clock.pass_by(days=90)
    for item in (changed, audit):
        assert box.believe(send(office, box, item)).outcome is c.VerdictOutcome.DONE


def test_an_outcome_of_what_was_never_authorised_is_refused(office: Office, box: Box) -> None:
    result = {"result": c.ChipResult.DONE, "sw": "9000", "tries_before": None, "tries_after": None}
    outcome = c.Outcome(**box.stamp(), transaction=new_id(), **result, pin_verified=None, at=office.clock.now())
    assert code(send(office, box, outcome)) == "not_authorised"


# --- batches and gaps -----------------------------------------------------------------------------


def test_one_bad_item_fails_alone(office: Office, box: Box) -> None:
    good, bad, late = box.audit(), box.loss(), box.audit()
    envelopes = [box.envelope(item) for item in (good, bad, late)]
    forged = msgspec.structs.replace(envelopes[1].signed, signature=envelopes[0].signed.signature)
    envelopes[1] = msgspec.structs.replace(envelopes[1], signed=forged)
    with office.centre.store.transaction():
        answers = rules.take_items(office.centre, box.name, c.Batch(envelopes)).answers
    assert [answer.problem.code if answer.problem else "ok" for answer in answers] == ["ok", "signature_wrong", "ok"]
    with office.centre.store.transaction():
        assert rules.gaps(box.journal_id) == [range(bad.seq, bad.seq + 1)]


def test_a_quarantined_item_is_filled_by_an_audit(office: Office, box: Box) -> None:
    lost, audit = box.audit(), box.audit()
    send(office, box, audit)
    send(office, box, box.audit(fills_seq=lost.seq))
    with office.centre.store.transaction():
        assert rules.gaps(box.journal_id) == []


def test_a_number_used_twice_is_a_copied_journal(office: Office, box: Box) -> None:
    send(office, box, box.audit(seq=0))
    assert code(send(office, box, box.audit(seq=0))) == "seq_taken"


def test_two_heads_for_one_record_raise_an_alarm(office: Office, box: Box) -> None:
    send(office, box, box.audit(record_seq=41, head="a" * 64))
    send(office, box, box.audit(record_seq=41, head="b" * 64))
    with office.centre.store.transaction():
        assert [alarm.what for alarm in tables.Alarm.select()] == ["chain_differs"]


@settings(max_examples=15)
@given(data=st.data(), count=st.integers(1, 12))
def test_whatever_the_order_exactly_what_is_missing_shows(data: st.DataObject, count: int) -> None:
    """Items arrive shuffled, some never, some voided before or after they were sent, some twice."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        box = office.pair()
        audits = [box.audit() for _ in range(count)]
        voided = data.draw(st.sets(st.sampled_from(range(count))))
        voids = [box.void(audits[index]) for index in sorted(voided)]
        sent = data.draw(st.lists(st.sampled_from([*audits, *voids]), min_size=1))
        for item in sent:
            box.believe(send(office, box, item))
        here = {item.seq for item in sent} | {item.burns_seq for item in sent if isinstance(item, c.Void)}
        with office.centre.store.transaction():
            missing = {seq for gap in rules.gaps(box.journal_id) for seq in gap}
        assert missing == set(range(max(here))) - here
        office.centre.store.close()
