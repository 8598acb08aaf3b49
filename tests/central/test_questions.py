"""What a terminal learns of people and cards: as much as the visit needs, and of nobody else."""

from __future__ import annotations

import secrets

import pytest

from kiosk import contract as c
from kiosk.terms import Algorithm, CardStatus
from sync.central import rules
from sync.central.card_crypto import KeyName, cipher_of, load_master_keys
from sync.central.hsm import address
from tests.central.office import (
    CARD,
    IDENTIFIER,
    NAME,
    NUMBER,
    OTHER_CARD,
    OTHER_IDENTIFIER,
    OTHER_NUMBER,
    Box,
    Office,
    new_id,
)

RESET_INFO = "00814e4d4b8660459900000003"


def ask(office: Office, box: Box, personal: c.Personal, visit: str | None = None) -> c.CardsAnswer | c.Problem:
    visit = visit or new_id()
    with office.centre.store.transaction():
        return rules.cards(office.centre, box.name, c.CardsQuery(visit, box.seal(personal, visit)))


def only(answer: c.CardsAnswer | c.Problem) -> c.CardFacts:
    assert isinstance(answer, c.CardsAnswer)
    (card,) = answer.cards
    return card


def test_with_the_id_card_the_holders_card_and_masked_name(office: Office, box: Box) -> None:
    card = only(ask(office, box, c.Personal(holder_number=NUMBER, name=NAME)))
    assert (card.status, card.card_last4, card.masked_name, card.current) == (CardStatus.NORMAL, CARD[-4:], "测*", True)
    assert c.Kind.TEMPORARY_LOSS in card.operations


def test_with_the_card_alone_nobodys_name(office: Office, box: Box) -> None:
    card = only(ask(office, box, c.Personal(card_number=CARD, card_identifier=IDENTIFIER)))
    assert card.masked_name is None


@pytest.mark.parametrize(
    "personal",
    [
        c.Personal(card_number=CARD),
        c.Personal(card_identifier=IDENTIFIER),
        c.Personal(card_number=CARD, card_identifier=OTHER_IDENTIFIER),
        c.Personal(holder_number="459900190001010018"),
        c.Personal(),
    ],
)
def test_half_a_card_or_a_stranger_is_nobody(office: Office, box: Box, personal: c.Personal) -> None:
    assert ask(office, box, personal) == c.CardsAnswer([])


@pytest.mark.parametrize(("identifier", "known"), [(IDENTIFIER, True), (OTHER_IDENTIFIER, False), (None, False)])
def test_of_a_holders_cards_the_one_that_was_shown_is_marked(
    office: Office, box: Box, identifier: str | None, known: bool
) -> None:
    shown = c.Personal(holder_number=NUMBER, card_number=CARD, card_identifier=identifier)
    assert only(ask(office, box, shown)).asked_for is known


def test_a_visit_is_one_persons(office: Office, box: Box) -> None:
    visit = new_id()
    only(ask(office, box, c.Personal(holder_number=NUMBER), visit))
    second = ask(office, box, c.Personal(holder_number=OTHER_NUMBER), visit)
    assert isinstance(second, c.Problem)
    assert second.code == "not_this_holder"


OPERATIONS = {
    CardStatus.SEALED: [c.Kind.ACTIVATION],
    CardStatus.NORMAL: [
        c.Kind.TEMPORARY_LOSS,
        c.Kind.FORMAL_LOSS,
        c.Kind.REPLACEMENT,
        c.Kind.PIN_CHANGED,
        c.Kind.RELOAD_PIN,
        c.Kind.UNBLOCK_PIN,
    ],
    CardStatus.FORMALLY_LOST: [],
    CardStatus.APPLICATION_LOCKED: [],
    CardStatus.TEMPORARILY_LOST: [c.Kind.FORMAL_LOSS, c.Kind.RELEASE],
    CardStatus.CANCELLED: [],
}


@pytest.mark.parametrize("status", OPERATIONS)
def test_nothing_is_offered_that_would_be_refused(office: Office, status: CardStatus) -> None:
    office.issue_cards(status)
    card = only(ask(office, office.pair(), c.Personal(holder_number=NUMBER)))
    assert (card.status, card.operations) == (status, OPERATIONS[status])


# --- the chip ---------------------------------------------------------------------------------


def challenge(box: Box, *, genuine: bool = True, **changes: object) -> c.ReadBasic:
    """As a genuine 3.0 card with SM4 would answer."""
    visit, factor, original = new_id(), secrets.token_bytes(8), secrets.token_bytes(8)
    cipher = cipher_of(Algorithm.SM4)
    key = load_master_keys().card_key(KeyName.IRK, address(Algorithm.SM4, "459900", RESET_INFO))
    response = cipher.authenticate(cipher.session_key(key, factor), original)
    personal = c.Personal(holder_number=NUMBER, card_number=CARD, card_identifier=IDENTIFIER)
    fields = {
        "visit": visit,
        "algorithm": "03",
        "region": "459900",
        "reset_info": RESET_INFO,
        "sealed": box.seal(personal, visit),
        "internal": c.InternalChallenge(factor.hex(), original.hex(), (response if genuine else bytes(8)).hex()),
        "external": c.ExternalChallenge(secrets.token_hex(8), secrets.token_hex(8)),
    }
    return c.ReadBasic(**{**fields, **changes})


def read(office: Office, box: Box, request: c.CryptogramRequest) -> c.BasicRead | c.Problem:
    with office.centre.store.transaction():
        return rules.cryptogram(office.centre, box.name, request)


def test_a_genuine_card_may_be_read(office: Office, box: Box) -> None:
    request = challenge(box)
    answer = read(office, box, request)
    assert isinstance(answer, c.BasicRead)
    assert (answer.authentic, answer.card_status) == (True, CardStatus.NORMAL)
    assert request.external is not None
    assert answer.external is not None
    assert answer.external.endswith(request.external.original)


def test_a_copy_learns_nothing(office: Office, box: Box) -> None:
    answer = read(office, box, challenge(box, genuine=False))
    assert answer == c.BasicRead(authentic=False, external=None, card_status=CardStatus.NORMAL)


def test_a_challenge_is_good_once_for_ever(office: Office, box: Box) -> None:
    request = challenge(box)
    read(office, box, request)
    office.clock.pass_by(days=1000)
    again = read(office, box, request)
    assert isinstance(again, c.Problem)
    assert again.code == "factor_seen"


def test_another_persons_card_is_not_opened(office: Office, box: Box) -> None:
    visit = new_id()
    theirs = c.Personal(holder_number=NUMBER, card_number=OTHER_CARD, card_identifier=OTHER_IDENTIFIER)
    answer = read(office, box, challenge(box, visit=visit, sealed=box.seal(theirs, visit)))
    assert isinstance(answer, c.Problem)
    assert answer.code == "not_this_holder"


def test_without_an_id_card_the_chip_is_not_opened(office: Office, box: Box) -> None:
    visit = new_id()
    alone = c.Personal(card_number=CARD, card_identifier=IDENTIFIER)
    answer = read(office, box, challenge(box, visit=visit, sealed=box.seal(alone, visit)))
    assert isinstance(answer, c.Problem)
    assert answer.code == "not_this_holder"


def test_readings_are_limited_by_the_hour(office: Office, box: Box) -> None:
    for _ in range(office.centre.limits.readings_per_card_an_hour):
        assert isinstance(read(office, box, challenge(box)), c.BasicRead)
    refused = read(office, box, challenge(box))
    assert isinstance(refused, c.Problem)
    assert (refused.status, refused.code) == (429, "too_many")
    office.clock.pass_by(hours=1, seconds=1)
    assert isinstance(read(office, box, challenge(box)), c.BasicRead)
