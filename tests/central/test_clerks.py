"""A clerk signs in at a terminal: who may, how it is guarded, and what the clerk's word is worth there."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography.exceptions import InvalidTag

from kiosk import contract as c
from kiosk import pairing, seal
from sync.central import rules, serving, tables
from sync.central.rules.clerks import LOCKED, SIGNED_IN, STEP_S, code_of
from sync.central.rules.pairing import OperatorWithdrawn
from tests.central.office import NAME, NUMBER, OTHER_NUMBER, Box, Office, new_id

CLERK = "窗口3号"


class Desk:
    """A terminal where somebody types what a clerk would."""

    def __init__(self, office: Office, box: Box) -> None:
        self.office, self.box = office, box
        self.given = serving.give_credentials(office.centre, CLERK)
        self.visit = new_id()

    def secret(self) -> bytes:
        secret = parse_qs(urlsplit(self.given.otpauth).query)["secret"][0]
        return base64.b32decode(secret + "=" * (-len(secret) % 8))

    def code(self, later_s: int = 0) -> str:
        return code_of(self.secret(), int(self.office.clock.now().timestamp()) + later_s)

    def sign_in(self, **changed: str) -> c.ClerkSignedIn | c.Problem:
        typed = {"number": self.given.number, "password": self.given.password, "code": self.code(), **changed}
        key = seal.SealKey(seal.from_text(self.box.identity.bundle.seal_key))
        password = bytearray.fromhex(typed["password"])
        sealed = seal.seal_password(key, password, self.box.name, self.visit)
        with self.office.centre.store.transaction():
            return rules.sign_in(
                self.office.centre,
                self.box.name,
                c.ClerkSignIn(self.visit, typed["number"], sealed, typed["code"]),
            )

    def signed_in(self) -> c.ClerkSignedIn:
        answer = self.sign_in()
        assert isinstance(answer, c.ClerkSignedIn), answer
        return answer

    def refused(self, **changed: str) -> str:
        answer = self.sign_in(**changed)
        assert isinstance(answer, c.Problem)
        return answer.code

    def loss(
        self,
        id: str,
        whom: c.Whom,
        *papers: c.PaperSeen,
        clerk: str = CLERK,
        at: c.ItemTime | None = None,
        **stand_in: str,
    ) -> c.Verdict:
        """A temporary loss on the clerk's word alone: no ID card of the holder was read.  `at`: None for now."""
        transaction = new_id()
        personal = c.Personal(holder_number=NUMBER, **stand_in)
        shown = c.Evidence(proof=c.Proof(c.ProofKind.CLERK, id), clerk=clerk, vouching=c.Vouching(whom, papers))
        loss = self.box.loss(
            id=transaction,
            visit=self.visit,
            sealed=self.box.seal(personal, transaction),
            evidence=shown,
            time=at or self.box.item_time(),
        )
        with self.office.centre.store.transaction():
            return self.box.believe(
                rules.put_transaction(self.office.centre, self.box.name, loss.id, self.box.sign(loss))
            )


@pytest.fixture
def desk(office: Office, box: Box) -> Desk:
    return Desk(office, box)


def other(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06}"


def test_number_password_and_code_make_a_clerk(desk: Desk) -> None:
    answer = desk.signed_in()
    assert answer.name == CLERK
    assert answer.expires_at == desk.office.clock.now() + SIGNED_IN


def test_whatever_is_wrong_the_answer_is_the_same(desk: Desk) -> None:
    wrong = [{"number": "999999"}, {"password": other(desk.given.password)}, {"code": other(desk.code())}]
    assert {desk.refused(**one) for one in wrong} == {"clerk_refused"}
    serving.withdraw_clerk(desk.office.centre, CLERK)
    assert desk.refused() == "clerk_refused"


def test_a_code_is_good_once_and_for_a_minute_or_so(desk: Desk) -> None:
    code = desk.code()
    assert isinstance(desk.sign_in(code=code), c.ClerkSignedIn)
    assert desk.refused(code=code) == "clerk_refused"
    desk.office.clock.pass_by(seconds=3 * STEP_S)
    assert desk.refused(code=desk.code(-2 * STEP_S)) == "clerk_refused"
    assert isinstance(desk.sign_in(code=desk.code(-STEP_S)), c.ClerkSignedIn)


@pytest.mark.parametrize("nobodys", [False, True], ids=["a clerk's number", "nobody's number"])
def test_wrong_tries_lock_a_number_for_a_while_whether_anybody_has_it(desk: Desk, nobodys: bool) -> None:
    typed = {"number": "999999"} if nobodys else {"password": other(desk.given.password)}
    assert [desk.refused(**typed) for _ in range(6)] == ["clerk_refused"] * 5 + ["clerk_locked"]
    if not nobodys:
        assert desk.refused() == "clerk_locked"
        desk.office.clock.pass_by(seconds=LOCKED.total_seconds() + 1)
        desk.signed_in()


def test_nobody_locks_a_colleague_out_at_other_terminals(desk: Desk) -> None:
    for _ in range(5):
        desk.refused(password=other(desk.given.password))
    assert desk.refused() == "clerk_locked"
    here, desk.box = desk.box, desk.office.pair("T-2")
    desk.signed_in()
    desk.box = here
    assert desk.refused() == "clerk_locked", "what is right elsewhere unlocks nothing here"


def test_who_goes_on_guessing_has_a_day_to_wait(desk: Desk) -> None:
    for _ in range(2):
        assert [desk.refused(password=other(desk.given.password)) for _ in range(5)] == ["clerk_refused"] * 5
        desk.office.clock.pass_by(seconds=LOCKED.total_seconds() + 1)
    assert desk.refused() == "clerk_locked"
    desk.office.clock.pass_by(seconds=24 * 3600)
    desk.signed_in()


def test_who_tries_number_after_number_locks_the_terminal(desk: Desk) -> None:
    answers = [desk.refused(number=f"{number}") for number in range(200000, 200021)]
    assert answers == ["clerk_refused"] * 20 + ["clerk_locked"]
    assert desk.refused() == "clerk_locked"


def test_a_good_sign_in_ends_the_row_of_wrong_ones_and_hides_none_of_them(desk: Desk) -> None:
    for _ in range(2):
        assert [desk.refused(password=other(desk.given.password)) for _ in range(4)] == ["clerk_refused"] * 4
        desk.office.clock.pass_by(seconds=STEP_S)
        desk.signed_in()
    with desk.office.centre.store.transaction():
        trace = desk.office.centre.keys.at_rest.trace(desk.given.number)
        assert [row.tried for row in tables.WrongSignIn.select()] == [trace] * 8


def test_a_clerk_who_signs_in_between_does_not_unlock_a_terminal_where_somebody_guesses(desk: Desk) -> None:
    numbers = iter(range(200000, 200021))
    for _ in range(19):
        assert desk.refused(number=f"{next(numbers)}") == "clerk_refused"
    assert desk.refused(password=other(desk.given.password)) == "clerk_refused"
    assert desk.refused() == "clerk_locked"
    desk.office.clock.pass_by(seconds=3601)
    desk.signed_in()


def test_new_credentials_kill_the_old_and_keep_the_number(desk: Desk) -> None:
    old = desk.given
    desk.given = serving.give_credentials(desk.office.centre, CLERK)
    assert desk.given.number == old.number
    assert desk.refused(password=old.password if old.password != desk.given.password else other(old.password))
    desk.signed_in()


def test_the_store_has_neither_password_nor_what_the_code_comes_from(desk: Desk) -> None:
    """Also not when somebody types the password where the number belongs."""
    desk.signed_in()
    assert desk.refused(number=desk.given.password) == "clerk_refused"
    with desk.office.centre.store.transaction():
        rows = [*tables.Credentials.select().dicts(), *tables.WrongSignIn.select().dicts()]
    stored = b" ".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row.values()
    )
    assert desk.given.number.encode() in stored
    password = desk.given.password.encode()
    for form in (password, hashlib.sha256(password).hexdigest().encode(), desk.secret()):
        assert form not in stored


def test_another_clerks_secret_in_ones_own_row_opens_nothing(desk: Desk) -> None:
    stranger = serving.give_credentials(desk.office.centre, "窗口4号")
    with desk.office.centre.store.transaction():
        mine = tables.Credentials.get(number=desk.given.number)
        tables.Credentials.update(secret=mine.secret).where(tables.Credentials.number == stranger.number).execute()
    with pytest.raises(InvalidTag):
        desk.sign_in(number=stranger.number, password=stranger.password)


# --- what it is good for ------------------------------------------------------------------------


def test_the_number_that_a_clerk_saw_on_a_passport_is_enough_for_a_loss(desk: Desk) -> None:
    verdict = desk.loss(desk.signed_in().id, c.Whom.PRESENT, c.PaperSeen.PASSPORT)
    assert verdict.outcome is c.VerdictOutcome.DONE


@pytest.mark.parametrize("whom", [c.Whom.GUARDIAN, c.Whom.PROXY])
def test_whoever_comes_for_another_is_on_record_and_is_another(desk: Desk, whom: c.Whom) -> None:
    id, papers = desk.signed_in().id, c.PAPERS[whom]
    assert desk.loss(id, whom, *papers).code == "proof_missing"
    assert desk.loss(id, whom, *papers, stand_in_number=NUMBER, stand_in_name=NAME).code == "proof_missing"
    named = {"stand_in_number": OTHER_NUMBER, "stand_in_name": "测试丁"}
    assert desk.loss(id, whom, *papers, **named).outcome is c.VerdictOutcome.DONE


def test_a_guardian_comes_for_a_child_or_for_the_ward_that_a_paper_names(desk: Desk) -> None:
    booklet, named = c.PaperSeen.HOUSEHOLD_BOOKLET, {"stand_in_number": OTHER_NUMBER, "stand_in_name": "测试丁"}
    id = desk.signed_in().id
    assert desk.loss(id, c.Whom.GUARDIAN, booklet, **named).code == "not_by_clerk"
    desk.office.centre = dataclasses.replace(desk.office.centre, old_enough=41)
    assert desk.loss(id, c.Whom.GUARDIAN, booklet, **named).outcome is c.VerdictOutcome.DONE, "40 years old that day"


def test_a_sign_in_is_of_one_visit_and_one_clerk_and_ends(desk: Desk) -> None:
    id = desk.signed_in().id
    assert desk.loss(new_id(), c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT, clerk="窗口4号").code == "clerk_unknown"
    here, desk.visit = desk.visit, new_id()
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"
    desk.visit = here
    desk.office.clock.pass_by(seconds=SIGNED_IN.total_seconds() + 1)
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"


def test_a_clerk_who_was_withdrawn_meanwhile_vouches_for_nobody(desk: Desk) -> None:
    id = desk.signed_in().id
    serving.withdraw_clerk(desk.office.centre, CLERK)
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"


def test_what_was_vouched_for_before_the_clerk_was_withdrawn_counts_when_the_line_is_back(desk: Desk) -> None:
    """Whoever stood there was told that the loss is registered."""
    id, at = desk.signed_in().id, desk.box.item_time()
    desk.office.clock.pass_by(seconds=60)
    serving.withdraw_clerk(desk.office.centre, CLERK)
    desk.office.clock.pass_by(seconds=3600)
    serving.withdraw_clerk(desk.office.centre, CLERK)
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"
    drafted = msgspec.structs.replace(at, age_ms=59_999)
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT, at=drafted).outcome is c.VerdictOutcome.DONE


def test_an_audit_bears_a_clerks_name_only_if_the_clerk_signed_in_for_that_visit(desk: Desk) -> None:
    def told(clerk: str, visit: str) -> c.Verdict:
        vouching = c.Vouching(c.Whom.PRESENT, (c.PaperSeen.PASSPORT,))
        audit = desk.box.audit(visit=visit, event="clerk_vouched", evidence=c.Evidence(clerk=clerk, vouching=vouching))
        with desk.office.centre.store.transaction():
            return desk.box.believe(
                rules.put_transaction(desk.office.centre, desk.box.name, audit.id, desk.box.sign(audit))
            )

    assert told(CLERK, desk.visit).code == "clerk_unknown"
    desk.signed_in()
    assert told(CLERK, desk.visit).outcome is c.VerdictOutcome.DONE
    assert told(CLERK, new_id()).code == "clerk_unknown"
    assert told("窗口4号", desk.visit).code == "clerk_unknown"
    desk.office.clock.pass_by(seconds=SIGNED_IN.total_seconds())
    assert told(CLERK, desk.visit).code == "clerk_unknown"


def test_what_comes_after_the_clerk_has_signed_out_is_not_vouched_for(desk: Desk) -> None:
    id, before = desk.signed_in().id, desk.box.item_time()
    desk.office.clock.pass_by(seconds=60)
    for visit in (new_id(), desk.visit):
        out = desk.box.audit(visit=visit, event=c.CLERK_SIGNED_OUT)
        with desk.office.centre.store.transaction():
            rules.put_transaction(desk.office.centre, desk.box.name, out.id, desk.box.sign(out))
            ended = tables.SignIn.get_by_id(id).expires_at == tables.instant(desk.office.clock.now())
        assert ended is (visit == desk.visit), "another visit's end is not this one's"
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT).code == "clerk_unknown"
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.PASSPORT, at=before).outcome is c.VerdictOutcome.DONE


def test_papers_of_another_kind_open_nothing(desk: Desk) -> None:
    id = desk.signed_in().id
    assert desk.loss(id, c.Whom.PRESENT, c.PaperSeen.POWER_OF_ATTORNEY).code == "not_by_clerk"
    assert desk.loss(id, c.Whom.PRESENT).code == "not_by_clerk"


@pytest.mark.parametrize("whom", c.Whom)
@pytest.mark.parametrize("kind", [kind for kind in c.Kind if kind is not c.Kind.AUDIT])
def test_nobody_but_the_holder_gets_a_pin_or_starts_a_card(whom: c.Whom, kind: c.Kind) -> None:
    opens = c.Vouching(whom, c.PAPERS[whom]).opens(kind)
    by_anybody = kind in {c.Kind.TEMPORARY_LOSS, c.Kind.FORMAL_LOSS, c.Kind.REPLACEMENT}
    assert opens is (by_anybody or whom is c.Whom.PRESENT)


@pytest.mark.parametrize("kind", [kind for kind in c.Kind if kind is not c.Kind.AUDIT])
def test_a_paper_without_a_photo_opens_no_more_than_anybody_could_do_for_the_holder(kind: c.Kind) -> None:
    lost = kind in {c.Kind.TEMPORARY_LOSS, c.Kind.FORMAL_LOSS, c.Kind.REPLACEMENT}
    opened = {paper for paper in c.PAPERS[c.Whom.PRESENT] if c.Vouching(c.Whom.PRESENT, (paper,)).opens(kind)}
    assert (c.PaperSeen.HOUSEHOLD_BOOKLET in opened) is lost
    assert opened >= set(c.PAPERS[c.Whom.PRESENT]) - {c.PaperSeen.HOUSEHOLD_BOOKLET}


def test_a_new_card_by_proxy_takes_both_id_cards() -> None:
    sent = c.Vouching(c.Whom.PROXY, (c.PaperSeen.POWER_OF_ATTORNEY,))
    assert sent.opens(c.Kind.TEMPORARY_LOSS)
    assert not sent.opens(c.Kind.REPLACEMENT)
    assert msgspec.structs.replace(sent, papers=c.PAPERS[c.Whom.PROXY]).opens(c.Kind.REPLACEMENT)


# --- the first one --------------------------------------------------------------------------------


def test_the_first_operator_comes_with_the_pairing_and_only_to_the_terminal(office: Office) -> None:
    place = office.installation("T-1")
    code = serving.give_code(office.centre, "T-1", operator=CLERK)
    sent = pairing.draft(place.terminal_dir, "T-1", code)
    request = msgspec.json.decode(sent.body, type=c.PairingRequest)
    with office.centre.store.transaction():
        answer = rules.pair(office.centre, request, sent.body)
    assert isinstance(answer, c.PairingAnswer)
    assert answer.operator is not None
    stranger = seal.OpenKey.generate()
    assert isinstance(seal.open_operator(stranger, answer.operator, "T-1"), seal.Rejected)
    office.issue_cards()
    desk = Desk(office, office.pair("T-2"))
    first = pairing.operator_of(answer, place, "T-1")
    assert isinstance(first, c.FirstOperator)
    assert (first.name, first.number) == (CLERK, desk.given.number)


def test_a_withdrawn_clerk_does_not_come_back_with_a_pairing(office: Office) -> None:
    place = office.installation("T-1")
    code = serving.give_code(office.centre, "T-1", operator=CLERK)
    serving.withdraw_clerk(office.centre, CLERK)
    sent = pairing.draft(place.terminal_dir, "T-1", code)
    with office.centre.store.transaction():
        answer = rules.pair(office.centre, msgspec.json.decode(sent.body, type=c.PairingRequest), sent.body)
        assert isinstance(answer, c.PairingAnswer)
        assert answer.operator is None
        assert tables.Clerk.get_by_id(CLERK).withdrawn_at is not None
    with pytest.raises(OperatorWithdrawn, match=CLERK):
        serving.give_code(office.centre, "T-2", operator=CLERK)
    office.issue_cards()
    Desk(office, office.pair("T-3")).signed_in()


def test_without_a_name_there_is_no_operator_at_all(office: Office) -> None:
    office.pair()
    with office.centre.store.transaction():
        assert not tables.Credentials.select().exists()
