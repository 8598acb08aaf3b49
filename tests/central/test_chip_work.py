"""PIN reload and unblock at the centre: who may, how often, and what is believed of what the chip did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk import contract as c
from kiosk import seal
from kiosk.quotas import Quotas
from kiosk.terms import CardStatus
from sync.central import serving, tables
from tests.central.office import NUMBER, OTHER_CARD, OTHER_IDENTIFIER, Office, new_id
from tests.central.pin_visit import NEW_PIN, OK, Counter, on_record, person, problem_code
from tests.kiosk.region import BOTH, policy

BLOCKED = "6983"
INITIAL = (1, 2, 3, 4, 5, 6)


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office)


# --- a new PIN, tries restored ----------------------------------------------------------------


def test_a_forgotten_pin_is_replaced_and_everybody_agrees(counter: Counter) -> None:
    work = counter.issued()
    assert counter.visit.verify(NEW_PIN) == OK
    verdict = counter.told(work, c.ChipResult.DONE)
    assert (verdict.outcome, verdict.code) == (c.VerdictOutcome.DONE, "done")
    assert verdict.receipt_no
    with counter.office.centre.store.transaction():
        assert [event.what for event in tables.CardEvent.select()] == ["pin_reloaded"]


def test_a_blocked_pin_works_again_unchanged(office: Office) -> None:
    counter = Counter(office, "pin_blocked")
    assert counter.visit.verify(INITIAL) == BLOCKED
    work = counter.issued(c.UnblockPin)
    assert counter.visit.verify(INITIAL) == OK
    assert counter.told(work, c.ChipResult.DONE).outcome is c.VerdictOutcome.DONE


def test_what_was_done_counts_from_when_the_message_left(counter: Counter) -> None:
    left_at = counter.office.clock.now()
    work = counter.issued()
    counter.office.clock.pass_by(days=3)
    assert counter.told(work, c.ChipResult.DONE).effective_at == left_at


def test_the_message_is_enc_and_mac_without_a_header(counter: Counter) -> None:
    work = counter.authenticated()
    given = counter.line.cryptogram(counter.visit.secure_message(work))
    assert len(given.message) == 40
    assert not given.message.startswith("8424")


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [status for status in CardStatus if status is not CardStatus.NORMAL])
@pytest.mark.parametrize("type_", [c.ReloadPin, c.UnblockPin])
def test_only_a_normal_card(office: Office, status: CardStatus, type_: type[c.TransactionBase]) -> None:
    counter = Counter(office, status=status)
    counter.read()
    refused = counter.verdict(counter.visit.work(type_, counter.proof()))
    assert (refused.outcome, refused.card_status) == (c.VerdictOutcome.REFUSED, status)
    assert not {c.Kind.RELOAD_PIN, c.Kind.UNBLOCK_PIN} & set(counter.operations())


def test_a_card_that_was_replaced_is_not_touched(office: Office) -> None:
    counter = Counter(office, current=False)
    counter.read()
    assert counter.verdict(counter.visit.work(proof=counter.proof())).code == "card_replaced"


@pytest.mark.parametrize(
    "missing",
    [
        {"ssc": None},
        {"ssc": c.SscEvidence(authenticated=False)},
        {"id_card": None},
        {"proof": c.Proof()},
        {"proof": c.Proof(c.ProofKind.CLERK, "1")},
        {"proof": c.Proof(c.ProofKind.PHONE_CODE, None)},
        {"proof": c.Proof(c.ProofKind.PHONE_CODE, new_id())},
    ],
)
def test_without_all_the_evidence_nothing(counter: Counter, missing: dict[str, Any]) -> None:
    counter.read()
    evidence = msgspec.structs.replace(counter.visit.evidence(counter.proof()), **missing)
    assert counter.verdict(counter.visit.work(evidence=evidence)).code == "proof_missing"


def test_the_terminals_word_that_the_chip_is_genuine_is_not_enough(counter: Counter) -> None:
    assert counter.verdict(counter.visit.work(proof=counter.proof())).code == "proof_missing"


def test_another_persons_card_beside_the_id_card(office: Office) -> None:
    office.issue_cards()
    counter = Counter(office)
    work = counter.visit.work(proof=counter.proof())
    theirs = c.Personal(holder_number=NUMBER, card_number=OTHER_CARD, card_identifier=OTHER_IDENTIFIER)
    work = msgspec.structs.replace(work, sealed=counter.line.box.seal(theirs, work.id))
    assert counter.verdict(work).code == "not_this_holder"


def test_an_old_request_is_never_executed(counter: Counter) -> None:
    counter.read()
    work = counter.visit.work(proof=counter.proof())
    counter.office.clock.pass_by(seconds=c.LIVE_LIMIT_S + 1)
    assert counter.verdict(work).code == "too_late"
    assert counter.refused(counter.visit.external_auth(work)) == "not_open"


def test_a_suspended_terminal_gets_no_cryptogram(counter: Counter) -> None:
    work = counter.authorised()
    serving.suspend(counter.office.centre, counter.line.box.name)
    given = counter.line.over_the_line(counter.visit.external_auth(work), new_id())
    assert msgspec.json.decode(given.body, type=c.Problem).code == "suspended"


# --- the phone --------------------------------------------------------------------------------


def test_the_code_goes_to_the_registered_phone_and_nowhere_else(
    counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = counter.line.prove(counter.visit.proof_request())
    code = counter.visit.code_on_phone()
    assert sent.phone_last2 == counter.visit.person.phone_last2
    assert code not in repr(sent)
    assert code not in capsys.readouterr().out
    with counter.office.centre.store.transaction():
        assert code not in tables.Proof.get().digest


def test_three_wrong_codes_and_the_right_one_comes_too_late(counter: Counter) -> None:
    sent = counter.line.prove(counter.visit.proof_request())
    right = counter.visit.code_on_phone()
    wrong = "000000" if right != "000000" else "000001"
    answers = [counter.line.check(sent.id, wrong) for _ in range(3)]
    assert [(answer.ok, answer.tries_left) for answer in answers] == [(False, 2), (False, 1), (False, 0)]
    assert problem_code(counter.line.check(sent.id, right)) == "proof_burnt"
    counter.read()
    assert counter.verdict(counter.visit.work(proof=sent.id)).code == "proof_missing"


def test_a_code_is_late_after_five_minutes(counter: Counter) -> None:
    sent = counter.line.prove(counter.visit.proof_request())
    counter.office.clock.pass_by(minutes=5, seconds=1)
    assert problem_code(counter.line.check(sent.id, counter.visit.code_on_phone())) == "proof_late"


def test_what_a_code_proved_is_forgotten_after_five_minutes(counter: Counter) -> None:
    counter.read()
    proof = counter.proof()
    counter.office.clock.pass_by(minutes=5, seconds=1)
    assert counter.verdict(counter.visit.work(proof=proof)).code == "proof_late"


def test_a_code_given_twice_lives_no_longer(counter: Counter) -> None:
    counter.read()
    sent = counter.line.prove(counter.visit.proof_request())
    code = counter.visit.code_on_phone()
    for _ in range(2):
        assert counter.line.check(sent.id, code).ok
        counter.office.clock.pass_by(minutes=4)
    assert counter.verdict(counter.visit.work(proof=sent.id)).code == "proof_late"


def test_a_pin_that_is_not_the_typed_one_is_on_record(counter: Counter) -> None:
    work = counter.issued()
    verdict = counter.told(work, c.ChipResult.DONE, pin_verified=False)
    assert (verdict.outcome, verdict.code, verdict.receipt_no) == (c.VerdictOutcome.DONE, "pin_differs", None)
    with counter.office.centre.store.transaction():
        assert [event.what for event in tables.CardEvent.select()] == ["pin_differs"]


def test_a_new_code_kills_the_old_one(counter: Counter) -> None:
    first = counter.line.prove(counter.visit.proof_request())
    old = counter.visit.code_on_phone()
    counter.line.prove(counter.visit.proof_request())
    assert problem_code(counter.line.check(first.id, old)) == "proof_burnt"


def test_a_proof_is_good_once(counter: Counter) -> None:
    work = counter.authorised()
    again = counter.visit.work(proof=work.evidence.proof.id)
    assert counter.verdict(again).code == "proof_missing"


def test_a_proof_is_good_for_its_kind_visit_terminal_and_person_only(office: Office) -> None:
    counter = Counter(office)
    counter.read()
    proof = counter.proof(c.Kind.UNBLOCK_PIN)
    assert counter.verdict(counter.visit.work(c.ReloadPin, proof)).code == "proof_missing"
    counter.next_visit()
    counter.read()
    assert counter.verdict(counter.visit.work(c.UnblockPin, proof)).code == "proof_missing"
    for terminal, key in (("T-2", "normal_v3"), ("T-3", "normal_v2")):
        elsewhere = Counter(office, key, terminal)
        elsewhere.visit.visit = counter.visit.visit
        elsewhere.read()
        assert elsewhere.verdict(elsewhere.visit.work(c.UnblockPin, proof)).code == "proof_missing"
        assert problem_code(elsewhere.line.check(proof, counter.visit.code_on_phone())) == "no_such_proof"


def test_without_a_phone_on_record_there_is_the_window(office: Office) -> None:
    somebody = person("normal_v2")
    serving.add_people(office.centre, [msgspec.structs.replace(on_record(somebody), phone=None)])
    counter = Counter(office, "normal_v2")
    answer = counter.line.prove(counter.visit.proof_request())
    assert problem_code(answer) == "no_phone"
    assert "窗口" in answer.reason.zh


@pytest.mark.parametrize("kind", [c.Kind.TEMPORARY_LOSS, c.Kind.RELEASE, c.Kind.PIN_CHANGED, c.Kind.AUDIT])
def test_no_message_is_sent_for_what_needs_none(counter: Counter, kind: c.Kind) -> None:
    assert problem_code(counter.line.prove(counter.visit.proof_request(kind))) == "no_proof_for_this"


def test_nobody_is_flooded_with_codes(counter: Counter) -> None:
    for _ in range(counter.office.centre.limits.codes_per_person_a_day):
        counter.proof()
    assert problem_code(counter.line.prove(counter.visit.proof_request())) == "too_many"
    counter.office.clock.pass_by(days=1)
    counter.proof()


# --- cryptograms ------------------------------------------------------------------------------


def test_the_same_request_gets_the_same_answer_and_no_other_does(counter: Counter) -> None:
    work, request_id = counter.authorised(), new_id()
    request = counter.visit.external_auth(work)
    first = counter.line.over_the_line(request, request_id)
    assert first.status == 200
    assert counter.line.over_the_line(request, request_id) == first
    assert counter.line.over_the_line(request, new_id()).status == 409
    assert counter.line.over_the_line(counter.visit.external_auth(work), request_id).status == 409


def test_a_lost_secure_message_can_be_fetched_again_and_is_one_message(counter: Counter) -> None:
    work, request_id = counter.authenticated(), new_id()
    request = counter.visit.secure_message(work)
    counter.line.over_the_line(request, request_id)
    again = counter.line.over_the_line(request, request_id)
    assert counter.visit.apply(msgspec.json.decode(again.body, type=c.SecuredMessage)) == OK
    assert counter.visit.verify(NEW_PIN) == OK
    assert counter.refused(counter.visit.secure_message(work)) == "already_given"


def test_a_challenge_is_never_good_twice(counter: Counter) -> None:
    """In another step, another transaction, another day."""
    factor = counter.visit.challenge()
    work = counter.authorised()
    counter.line.cryptogram(counter.visit.external_auth(work, factor=factor))
    resealed = counter.visit.seal_pin(work, factor, bytearray(b"\x47\x19\x03"))
    assert counter.refused(counter.visit.secure_message(work, factor=factor, sealed_pin=resealed)) == "factor_seen"
    assert counter.refused(counter.visit.secure_message(work, factor=factor.upper(), sealed_pin=resealed)) == (
        "factor_seen"
    )
    counter.office.clock.pass_by(days=1000)
    counter.next_visit()
    assert counter.refused(counter.visit.external_auth(counter.authorised(), factor=factor)) == "factor_seen"


def test_no_secure_message_before_the_puk(counter: Counter) -> None:
    work = counter.authorised()
    assert counter.refused(counter.visit.secure_message(work)) == "authenticate_first"


def test_an_authorisation_does_not_wait(counter: Counter) -> None:
    work = counter.authenticated()
    counter.office.clock.pass_by(minutes=1, seconds=1)
    assert counter.refused(counter.visit.secure_message(work)) == "too_late"
    assert counter.told(work, c.ChipResult.NOT_DONE).code == "not_done"


def test_the_function_is_the_transactions(counter: Counter) -> None:
    work = counter.authenticated()
    asked = counter.visit.secure_message(work, function=c.SecureFunction.UNBLOCK, sealed_pin=None)
    assert counter.refused(asked) == "function_differs"
    assert counter.refused(counter.visit.secure_message(work, sealed_pin=None)) == "function_differs"


def test_an_unblock_takes_no_pin(office: Office) -> None:
    counter = Counter(office, "pin_blocked")
    work = counter.authenticated(c.UnblockPin)
    smuggled = counter.visit.seal_pin(work, counter.visit.challenge(), bytearray(b"\x47\x19\x03"))
    assert counter.refused(counter.visit.secure_message(work, sealed_pin=smuggled)) == "function_differs"


@pytest.mark.parametrize("bcd", [b"", b"\x12", b"\x1a\x34\x56", b"\xff\xff\xff", b"\x12\xf4\x56", bytes(7)])
def test_what_is_no_pin_is_refused_and_shown_nowhere(
    counter: Counter, bcd: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    work, factor = counter.authenticated(), counter.visit.challenge()
    sealed = counter.visit.seal_pin(work, factor, bytearray(bcd))
    assert counter.refused(counter.visit.secure_message(work, factor=factor, sealed_pin=sealed)) == "pin_refused"
    assert "pin" not in capsys.readouterr().out.replace("pin_refused", "")


def test_a_pin_swapped_on_the_way_does_not_open(counter: Counter) -> None:
    """A sealed PIN of another challenge, another transaction, another key: each is bound."""
    earlier = counter.authenticated()
    stolen = counter.visit.secure_message(earlier)
    counter.told(earlier, c.ChipResult.NOT_DONE)
    counter.visit.put_in()
    work = counter.authenticated()
    request = counter.visit.secure_message(work)
    other_challenge = counter.visit.seal_pin(work, "00" * 8, bytearray(b"\x12\x34\x56"))
    other_key = seal.seal_pin(
        seal.SealKey(seal.from_text(counter.line.box.identity.bundle.seal_key)), bytearray(b"\x12\x34\x56"), b""
    )
    for swapped in (stolen.sealed_pin, other_challenge, other_key):
        altered = msgspec.structs.replace(request, sealed_pin=swapped)
        assert counter.refused(altered) == "pin_cannot_open"
    assert counter.visit.apply(counter.line.cryptogram(request)) == OK


def test_another_card_in_the_slot_gets_nothing(office: Office) -> None:
    counter = Counter(office)
    work = counter.authorised()
    other = person("normal_v2").card
    assert other is not None
    swapped = counter.visit.external_auth(work, reset_info=other.historical_bytes)
    assert counter.refused(swapped) == "not_genuine"


def test_another_visit_or_terminal_gets_nothing(office: Office) -> None:
    counter = Counter(office)
    work = counter.authorised()
    assert counter.refused(counter.visit.external_auth(work, visit=new_id())) == "not_open"
    thief = Counter(office, terminal="T-2")
    thief.visit.visit = counter.visit.visit
    thief.read()
    assert thief.refused(thief.visit.external_auth(work)) == "not_open"


# --- how it ends ------------------------------------------------------------------------------


def test_a_void_in_time_burns_the_authorisation(counter: Counter) -> None:
    work = counter.authenticated()
    voided = counter.verdict(counter.line.box.void(work))
    assert voided.outcome is c.VerdictOutcome.VOID
    assert counter.refused(counter.visit.secure_message(work)) == "not_open"
    assert counter.told(work, c.ChipResult.NOT_DONE).outcome is c.VerdictOutcome.VOID


def test_a_void_after_the_message_left_is_told_so(counter: Counter) -> None:
    work = counter.issued()
    void = counter.line.box.void(work)
    issued = counter.verdict(void)
    assert (issued.outcome, issued.acknowledged.seq) == (c.VerdictOutcome.ISSUED, void.seq)
    assert counter.told(work, c.ChipResult.NOT_DONE).outcome is c.VerdictOutcome.VOID


def test_a_void_after_the_end_is_told_the_end(counter: Counter) -> None:
    work = counter.issued()
    done = counter.told(work, c.ChipResult.DONE)
    assert counter.verdict(counter.line.box.void(work)) == done


@pytest.mark.parametrize("later", [result for result in c.ChipResult if result is not c.ChipResult.UNKNOWN])
def test_only_unknown_may_change(counter: Counter, later: c.ChipResult) -> None:
    work = counter.issued()
    assert counter.told(work, c.ChipResult.UNKNOWN).outcome is c.VerdictOutcome.ISSUED
    settled = counter.visit.outcome(work, later)
    answer = counter.verdict(settled)
    for result in c.ChipResult:
        again = counter.line.item(counter.visit.outcome(work, result))
        assert problem_code(again) == "content_differs"
    assert counter.verdict(settled) == answer, "the same bytes get the stored verdict"


def test_nothing_is_done_without_a_secure_message(counter: Counter) -> None:
    work = counter.authenticated()
    assert problem_code(counter.line.item(counter.visit.outcome(work, c.ChipResult.DONE))) == "never_issued"
    assert counter.told(work, c.ChipResult.UNKNOWN).code == "not_done", "the centre's record settles the doubt"


def test_the_record_is_the_last_word_whatever_is_told_afterwards(counter: Counter) -> None:
    """A terminal whose journal was restored says `unknown` of what it had told before."""
    work = counter.issued()
    assert counter.line.record(work.id).outcome is c.VerdictOutcome.AUTHORISED
    counter.told(work, c.ChipResult.UNKNOWN)
    assert counter.line.record(work.id).outcome is c.VerdictOutcome.ISSUED
    done = counter.told(work, c.ChipResult.DONE)
    assert counter.line.record(work.id) == done
    assert problem_code(counter.line.item(counter.visit.outcome(work, c.ChipResult.UNKNOWN))) == "content_differs"
    counter.verdict(counter.line.box.void(work))
    assert counter.line.record(work.id) == done


def test_no_outcome_of_what_was_never_authorised(counter: Counter) -> None:
    refused = counter.visit.work()
    counter.verdict(refused)
    for work in (refused, counter.visit.work()):
        answer = counter.line.item(counter.visit.outcome(work, c.ChipResult.DONE))
        assert problem_code(answer) == "not_authorised"


# --- quotas -----------------------------------------------------------------------------------


@pytest.mark.parametrize("region", BOTH, ids=lambda file: file.stem)
def test_a_card_is_unblocked_as_often_a_day_as_its_region_has_it(tmp_path: Path, region: Path) -> None:
    quotas = policy(region).quotas
    office = Office(tmp_path, quotas)
    counter = Counter(office, "pin_blocked")
    for _ in range(quotas.unblocks_per_card_a_day):
        assert c.Kind.UNBLOCK_PIN in counter.operations()
        counter.issued(c.UnblockPin)
        counter.next_visit()
    assert c.Kind.UNBLOCK_PIN not in counter.operations()
    office.centre.store.close()


def test_a_card_is_unblocked_once_a_day(office: Office) -> None:
    counter = Counter(office, "pin_blocked")
    assert c.Kind.UNBLOCK_PIN in counter.operations()
    counter.issued(c.UnblockPin)
    offered = counter.operations()
    assert c.Kind.RELOAD_PIN in offered
    assert c.Kind.UNBLOCK_PIN not in offered
    counter.next_visit()
    counter.read()
    again = counter.visit.work(c.UnblockPin, counter.proof(c.Kind.UNBLOCK_PIN))
    assert counter.verdict(again).code == "quota_unblock"
    counter.office.clock.pass_by(days=1)
    counter.next_visit()
    counter.issued(c.UnblockPin)


@pytest.mark.parametrize("how_far", [Counter.authenticated, Counter.issued], ids=["authenticated", "issued"])
def test_an_unblock_that_was_not_done_does_not_count(office: Office, how_far: Callable[..., str]) -> None:
    counter = Counter(office, "pin_blocked")
    counter.told(how_far(counter, c.UnblockPin), c.ChipResult.NOT_DONE)
    counter.next_visit()
    counter.issued(c.UnblockPin)


def test_somebody_who_resets_all_day_is_sent_to_the_window(counter: Counter) -> None:
    for _ in range(counter.office.centre.limits.pin_work_per_person_a_day):
        counter.issued()
        counter.next_visit()
    counter.read()
    assert counter.verdict(counter.visit.work(proof=counter.proof())).code == "quota_pin_work"


def test_a_terminal_that_resets_all_day_is_stopped(tmp_path: Path) -> None:
    office = Office(tmp_path, Quotas(pin_work_per_terminal_a_day=1))
    counter = Counter(office)
    counter.issued()
    counter.next_visit()
    counter.read()
    assert counter.verdict(counter.visit.work(proof=counter.proof())).code == "quota_terminal"
    office.centre.store.close()
