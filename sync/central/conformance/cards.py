"""People and cards: what a terminal is told, and which moves of a card a centre makes for whom."""

from __future__ import annotations

import datetime as dt

import msgspec

from kiosk.contract import (
    VERDICT_WAIT_S,
    Activation,
    CardFacts,
    CardsAnswer,
    CardsQuery,
    Confidence,
    FormalLoss,
    Kind,
    Paths,
    Personal,
    ProofChecked,
    ProofCode,
    ProofRequest,
    ProofSent,
    Release,
    ReloadPin,
    Replacement,
    ReplacementReason,
    TemporaryLoss,
    TransactionBase,
    UnblockPin,
    VerdictOutcome,
)
from kiosk.terms import CardStatus
from sync.central.conformance.checks import Chapter, NotChecked, Subject
from sync.central.conformance.people import TestPerson
from sync.central.conformance.probe import Failed, expect, new_id, personal

CHAPTER = Chapter()
check = CHAPTER.check

LIVE: tuple[type[TransactionBase], ...] = (FormalLoss, Release, Activation, Replacement, ReloadPin, UnblockPin)
TOO_OLD = dt.timedelta(seconds=60)
LEGAL = {
    CardStatus.SEALED: {Kind.ACTIVATION},
    CardStatus.NORMAL: {
        Kind.TEMPORARY_LOSS,
        Kind.FORMAL_LOSS,
        Kind.REPLACEMENT,
        Kind.PIN_CHANGED,
        Kind.RELOAD_PIN,
        Kind.UNBLOCK_PIN,
    },
    CardStatus.FORMALLY_LOST: set(),
    CardStatus.APPLICATION_LOCKED: set(),
    CardStatus.TEMPORARILY_LOST: {Kind.RELEASE, Kind.FORMAL_LOSS},
    CardStatus.CANCELLED: set(),
}
"""At most; a centre may offer less."""
WRONG_CODE = "not-it"


# --- questions --------------------------------------------------------------------------------


@check("each: status, masked holder name, bank code, region, expiry, replacement filed, loss expiry if any")
def a_holders_cards(subject: Subject) -> None:
    for status, person in subject.people.by_status().items():
        card = current(subject, person)
        expect(card.status is status, f"the person with status {status}: {card.status}")
        expect(card.masked_name and card.masked_name != person.name, "the name is not masked")
        expect(card.masked_name and card.masked_name.startswith(person.name[0]), "the surname is missing")


@check("operations the centre would accept now")
def nothing_illegal_is_offered(subject: Subject) -> None:
    for status, person in subject.people.by_status().items():
        offered = set(current(subject, person).operations) - LEGAL[status]
        expect(not offered, f"status {status}: offers {', '.join(sorted(offered))}")


@check("With the SSC alone: by number and identifier (EF05, free on every version), no name shown")
def with_the_card_alone_nobodys_name(subject: Subject) -> None:
    both = _card_alone(subject)
    (card,) = _cards(subject, both) or (None,)
    if card is None:
        raise Failed("the card is not found")
    expect(card.masked_name is None, "a name is shown")
    for half in (Personal(card_number=both.card_number), Personal(card_identifier=both.card_identifier)):
        expect(not _cards(subject, half), "half of the two finds a card, too")


@check("A new card is the current one once it is handed over, status 0; the one it replaces is 9 then, and stays so.")
def a_card_that_was_replaced(subject: Subject) -> None:
    person = subject.people.replaced
    if person is None or person.card is None:
        raise NotChecked("needs `replaced` with `replaced.card`, the old one")
    shown = Personal(card_number=person.card.number, card_identifier=person.card.identifier)
    (old,) = _cards(subject, shown) or (None,)
    if old is None:
        raise Failed("the old card is not found")
    if old.current:
        raise NotChecked("`replaced` still has the card that is named: hand the new one over first")
    expect(old.status is CardStatus.CANCELLED, f"the old card: {old.status}")
    expect(not old.operations, f"the old card: offers {', '.join(sorted(old.operations))}")
    new = current(subject, person)
    expect(new.card_last4 != person.card.number[-4:], "the old card is the current one for its holder")
    expect(new.status is CardStatus.SEALED, f"the new card, which nobody has activated: {new.status}")


@check("transaction id or else visit, each part after its 2-byte length")
def sealed_for_one_place_opens_at_no_other(subject: Subject) -> None:
    visit = new_id()
    stolen = subject.probe.seal(personal(subject.people.normal), new_id())
    subject.probe.ask("POST", Paths.CARDS_QUERY, CardsQuery(visit, stolen)).problem(400, 422)


@check("a code to the registered phone: 3 tries, 5 min, good once, for that terminal, visit, holder and kind")
def three_wrong_codes_burn_a_proof(subject: Subject) -> None:
    probe, visit = subject.probe, new_id()
    sealed = probe.seal(personal(subject.people.normal), visit)
    sent = probe.ask("POST", Paths.PROOFS, ProofRequest(visit, Kind.FORMAL_LOSS, sealed)).of(ProofSent)
    expect(len(sent.phone_last2) == 2, "more or less than the last two figures of the telephone number")
    tries = [_type(subject, sent).tries_left for _ in range(3)]
    expect(tries == [2, 1, 0], f"tries left after each wrong code: {tries}")
    probe.ask("POST", f"{Paths.PROOFS}/{sent.id}", ProofCode(WRONG_CODE)).problem(409, 422)


def _type(subject: Subject, sent: ProofSent) -> ProofChecked:
    checked = subject.probe.ask("POST", f"{Paths.PROOFS}/{sent.id}", ProofCode(WRONG_CODE)).of(ProofChecked)
    expect(not checked.ok, "a code of letters was accepted")
    return checked


# --- what is refused --------------------------------------------------------------------------


@check("Without a needed proof → refused `proof_missing`.")
def without_proof_nothing(subject: Subject) -> None:
    people = subject.people
    suited = {Release: people.temporarily_lost, Activation: people.sealed}
    for type_ in LIVE:
        person = suited.get(type_, people.normal)
        if person is None:
            raise NotChecked("needs somebody sealed and somebody temporarily lost")
        verdict = subject.probe.verdict(_live(subject, type_, person))
        expect(
            (verdict.outcome, verdict.code) == (VerdictOutcome.REFUSED, "proof_missing"),
            f"{type_.__name__}: {verdict.outcome} {verdict.code}",
        )


@check("over the limit → refused `too_late`, never executed")
def a_live_item_of_a_minute_ago(subject: Subject) -> None:
    probe = subject.probe
    old = probe.now(age=TOO_OLD)
    unsure = msgspec.structs.replace(probe.now(), confidence=Confidence.RTC, centre_time=None, age_ms=None)
    for type_ in LIVE:
        for time in (old, unsure):
            code = probe.verdict(_live(subject, type_, subject.people.normal, time)).code
            expect(code == "too_late", f"{type_.__name__}: {code}")


@check("confidence floor or unknown, or older than 7 days → refused `needs_person`")
def a_loss_nobody_can_date(subject: Subject) -> None:
    probe, person = subject.probe, _not_lost_yet(subject)
    rtc = msgspec.structs.replace(
        probe.now(age=dt.timedelta(days=8)), confidence=Confidence.RTC, centre_time=None, age_ms=None
    )
    for time in (rtc, *(msgspec.structs.replace(rtc, confidence=unsure) for unsure in _UNSURE)):
        verdict = probe.verdict(probe.item(TemporaryLoss, person, time=time))
        expect(verdict.code == "needs_person", f"{time.confidence}: {verdict.outcome} {verdict.code}")
    expect(current(subject, person).status is CardStatus.NORMAL, "the card was reported lost all the same")


_UNSURE = (Confidence.FLOOR, Confidence.UNKNOWN)


@check("Legal moves, quotas per person, terminal and day, suspended terminals: the centre enforces them.")
def a_card_that_cannot_be_lost(subject: Subject) -> None:
    people = subject.people
    cannot = [person for person in (people.sealed, people.application_locked, people.cancelled) if person is not None]
    if not cannot:
        raise NotChecked("needs somebody sealed, application_locked or cancelled")
    for person in cannot:
        before = current(subject, person).status
        outcome = subject.probe.verdict(subject.probe.item(TemporaryLoss, person)).outcome
        expect(outcome is VerdictOutcome.REFUSED, f"a loss at status {before}: {outcome}")
        expect(current(subject, person).status is before, f"status {before} has changed")


@check("A loss has no card in `sealed`: the centre takes the holder's current one.")
def a_stranger_has_nothing_to_lose(subject: Subject) -> None:
    expect(not _cards(subject, personal(subject.people.stranger)), "the stranger has a card")
    outcome = subject.probe.verdict(subject.probe.item(TemporaryLoss, subject.people.stranger)).outcome
    expect(outcome is VerdictOutcome.REFUSED, f"a stranger's loss: {outcome}")


# --- what is done -------------------------------------------------------------------------------


@check("verdict a citizen waits for")
def a_loss_takes_effect_while_one_waits(subject: Subject) -> None:
    probe, person = subject.probe, _not_lost_yet(subject)
    holder = Personal(holder_number=person.number, name=person.name)
    loss = probe.item(TemporaryLoss, person)
    loss = msgspec.structs.replace(loss, sealed=probe.seal(holder, loss.id))
    reply = probe.put(loss)
    expect(reply.took_s < VERDICT_WAIT_S, f"took {reply.took_s:.1f} s")
    verdict = probe.verdict(loss)
    expect(verdict.outcome is VerdictOutcome.DONE, f"{verdict.outcome} {verdict.code}")
    expect(verdict.card_status is CardStatus.TEMPORARILY_LOST, f"the verdict says status {verdict.card_status}")
    expect(verdict.effective_at is not None, "the verdict does not say from when")
    now = current(subject, person).status
    expect(now is CardStatus.TEMPORARILY_LOST, f"the card is in status {now}")


@check("`already` is success")
def a_second_report_changes_nothing(subject: Subject) -> None:
    verdict = subject.probe.verdict(subject.probe.item(TemporaryLoss, subject.people.to_lose))
    expect(verdict.outcome is VerdictOutcome.ALREADY, f"{verdict.outcome} {verdict.code}")


# --- pieces -------------------------------------------------------------------------------------


def current(subject: Subject, person: TestPerson) -> CardFacts:
    """The holder's current card.  Raises Failed."""
    cards = _cards(subject, Personal(holder_number=person.number, name=person.name))
    found = [card for card in cards if card.current]
    if len(found) != 1:
        raise Failed(f"{len(found)} current cards of a person who has one")
    return found[0]


def _not_lost_yet(subject: Subject) -> TestPerson:
    person = subject.people.to_lose
    if current(subject, person).status is not CardStatus.NORMAL:
        raise NotChecked("`to_lose` is lost, perhaps since an earlier run: needs somebody of status 1")
    return person


def _cards(subject: Subject, shown: Personal) -> list[CardFacts]:
    visit = new_id()
    query = CardsQuery(visit, subject.probe.seal(shown, visit))
    return subject.probe.ask("POST", Paths.CARDS_QUERY, query).of(CardsAnswer).cards


def _card_alone(subject: Subject) -> Personal:
    card = subject.people.normal.card
    if card is None:
        raise NotChecked("needs `normal.card`")
    return Personal(card_number=card.number, card_identifier=card.identifier)


def _live(subject: Subject, type_: type[TransactionBase], person: TestPerson, time: object = None) -> TransactionBase:
    reason = {"reason": ReplacementReason.DAMAGED.value} if type_ is Replacement else {}
    return subject.probe.item(type_, person, **reason, **({} if time is None else {"time": time}))
