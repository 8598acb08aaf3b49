"""A box becomes a terminal with a code that somebody gave it, once, and stays itself when it is paired again."""

from __future__ import annotations

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk import contract as c
from kiosk import pairing, seal
from sync.central import rules, serving
from tests.central.office import Box, Office


def ask(office: Office, draft: pairing.Draft) -> c.PairingAnswer | c.Problem:
    request = msgspec.json.decode(draft.body, type=c.PairingRequest)
    with office.centre.store.transaction():
        return rules.pair(office.centre, request, draft.body)


def draft(office: Office, code: str, name: str = "T-1") -> pairing.Draft:
    return pairing.draft(office.installation(name).terminal_dir, name, code)


def code_of(answer: object) -> str:
    assert isinstance(answer, c.Problem)
    return answer.code


def test_a_code_may_be_typed_as_it_is_read_out(office: Office) -> None:
    code = serving.give_code(office.centre, "T-1").lower().replace("-", " ")
    assert isinstance(ask(office, draft(office, code)), c.PairingAnswer)


def test_both_sides_see_the_same_fingerprint(office: Office) -> None:
    sent = draft(office, serving.give_code(office.centre, "T-1"))
    answer = ask(office, sent)
    assert isinstance(answer, c.PairingAnswer)
    assert answer.fingerprint == sent.fingerprint


def test_after_five_wrong_tries_the_right_code_is_dead_too(office: Office) -> None:
    right = serving.give_code(office.centre, "T-1")
    for _ in range(5):
        assert code_of(ask(office, draft(office, "AAAA-AAAA-AAAA-AAAA"))) == "code_wrong"
    assert code_of(ask(office, draft(office, right))) == "code_burnt"


def test_a_code_lives_for_15_minutes(office: Office) -> None:
    code = serving.give_code(office.centre, "T-1")
    office.clock.pass_by(minutes=15, seconds=1)
    assert code_of(ask(office, draft(office, code))) == "code_expired"


def test_a_code_pairs_once_and_only_its_own_name(office: Office) -> None:
    code = serving.give_code(office.centre, "T-1")
    assert code_of(ask(office, draft(office, code, "T-2"))) == "code_wrong"
    assert isinstance(ask(office, draft(office, code)), c.PairingAnswer)
    assert code_of(ask(office, draft(office, code))) == "code_used"


def test_a_new_code_kills_the_old_one(office: Office) -> None:
    old = serving.give_code(office.centre, "T-1")
    serving.give_code(office.centre, "T-1")
    assert code_of(ask(office, draft(office, old))) == "code_wrong"


def test_another_terminals_signing_key_is_refused(office: Office, box: Box) -> None:
    sent = draft(office, serving.give_code(office.centre, "T-2"), "T-2")
    request = msgspec.json.decode(sent.body, type=c.PairingRequest)
    request = msgspec.structs.replace(request, signing_key=seal.to_text(box.identity.signing.public))
    with office.centre.store.transaction():
        assert code_of(rules.pair(office.centre, request, sent.body)) == "key_refused"


def test_a_certificate_request_that_is_none_spends_no_code_and_costs_no_certificate(office: Office) -> None:
    old = pairing.load_line(office.installation(office.pair().name).sync_dir).certificate.read_bytes()
    code = serving.give_code(office.centre, "T-1")
    sent = draft(office, code)
    request = msgspec.structs.replace(msgspec.json.decode(sent.body, type=c.PairingRequest), csr="?")
    with office.centre.store.transaction():
        assert code_of(rules.pair(office.centre, request, sent.body)) == "csr_refused"
        assert rules.admit(office.centre, der(old)) == "T-1"
    assert isinstance(ask(office, sent), c.PairingAnswer)


def test_paired_again_it_signs_with_the_same_key_and_its_journal_goes_on(office: Office, box: Box) -> None:
    before = box.envelope(box.audit())
    again = office.pair(box.name)
    assert again.identity.signing.id == box.identity.signing.id
    assert again.identity.recognition == box.identity.recognition
    with office.centre.store.transaction():
        answer = rules.take_items(office.centre, again.name, c.Batch([before])).answers[0]
    assert again.believe(answer.verdict).code == "stored"


def test_paired_again_its_old_certificate_is_dead(office: Office, box: Box) -> None:
    old = pairing.load_line(office.installation(box.name).sync_dir).certificate.read_bytes()
    office.pair(box.name)
    new = pairing.load_line(office.installation(box.name).sync_dir).certificate.read_bytes()
    with office.centre.store.transaction():
        assert code_of(rules.admit(office.centre, der(old))) == "certificate_refused"
        assert rules.admit(office.centre, der(new)) == box.name


def test_nobody_else_may_read_the_keys(office: Office, box: Box) -> None:
    place = office.installation(box.name)
    files = [*place.terminal_dir.iterdir(), *place.sync_dir.iterdir(), *office.state.iterdir()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {"tls.key"} == {file.name for file in place.sync_dir.glob("*.key")}, "sync cannot sign for the terminal"


# --- what the terminal does not believe -----------------------------------------------------------


def test_keys_the_office_did_not_sign_are_not_believed(office: Office) -> None:
    sent = draft(office, serving.give_code(office.centre, "T-1"))
    answer = ask(office, sent)
    assert isinstance(answer, c.PairingAnswer)
    forged = seal.SigningKey.generate().sign(c.Domain.BUNDLE, seal.from_text(answer.bundle.item))
    place = office.installation("T-1")
    assert isinstance(pairing.accept(sent, msgspec.structs.replace(answer, bundle=forged), place), seal.Rejected)
    assert not place.sync_dir.exists()
    with pytest.raises(pairing.NotPaired):
        pairing.load_line(place.sync_dir)


def test_somebody_elses_certificate_is_not_believed(office: Office) -> None:
    first, second = (draft(office, serving.give_code(office.centre, name), name) for name in ("T-1", "T-2"))
    ours, theirs = ask(office, first), ask(office, second)
    assert isinstance(ours, c.PairingAnswer)
    assert isinstance(theirs, c.PairingAnswer)
    mixed = msgspec.structs.replace(ours, certificate=theirs.certificate)
    rejected = pairing.accept(first, mixed, office.installation("T-1"))
    assert isinstance(rejected, seal.Rejected)
    assert "another name" in rejected.why


def der(pem: bytes) -> bytes:
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
