"""The live flow with the HSM, as far as it can be seen without a chip."""

from __future__ import annotations

import secrets
from typing import Any

from kiosk.contract import (
    BasicRead,
    CardsAnswer,
    CardsQuery,
    ExternalAuth,
    InternalChallenge,
    Paths,
    ReadBasic,
    SecureFunction,
    SecureMessage,
)
from sync.central.conformance.checks import Chapter, NotChecked, Subject
from sync.central.conformance.people import TestCard
from sync.central.conformance.probe import Reply, expect, new_id, personal

CHAPTER = Chapter()
check = CHAPTER.check

NEED_A_CHIP = (
    "`{authentication: 32 hex}` under the PUK",
    "`{message}`: enc ‖ MAC only: 8 hex (unblock), 24 (DES) or 40 (SM4)",
    "**The centre derives key address and APDU header** from step and function",
    "One `external_auth` and one `secure_message` a transaction",
    "`sealed_pin`: HPKE to `pin_key`, plaintext = PIN as BCD",
    "`release` 03 | 4, no new card on order | 1 | both cards, chip genuine in this visit, the chip's PIN verified",
    "`activation` 11 | 0, the terminal's own city | 1 | both cards, chip genuine in this visit, further proof",
    "`reload_pin`, `unblock_pin` | 1 | 1 | both cards, chip genuine in this visit, further proof",
)
"""Sentences that only a chip of the centre's own issue can judge: what it takes is right, and without one nothing is
authorised.  They are told, and never counted as kept."""


@check("`{authentic, external: 32 hex or null, card_status}`")
def a_copy_learns_nothing(subject: Subject) -> None:
    answer = _read(subject, _challenge()).of(BasicRead)
    expect(not answer.authentic, "a random response was taken for a genuine chip's")
    expect(answer.external is None, "an authentication was given to a chip that is not genuine")


@check("a factor seen before is refused for ever")
def a_challenge_is_good_once(subject: Subject) -> None:
    challenge = _challenge()
    _read(subject, challenge).of(BasicRead)
    _read(subject, challenge).problem(409, 422)


@check("only for the card of that visit's ID card holder")
def another_persons_card(subject: Subject) -> None:
    visit = new_id()
    somebody = subject.probe.seal(personal(subject.people.to_lose), visit)
    subject.probe.ask("POST", Paths.CARDS_QUERY, CardsQuery(visit, somebody)).of(CardsAnswer)
    _read(subject, _challenge(), visit).problem(404, 409, 422)


@check("`{transaction (authorised), factor, original}`")
def nothing_without_an_authorisation(subject: Subject) -> None:
    transaction = new_id()
    fields = {**_common(subject, new_id(), transaction), "transaction": transaction, "factor": secrets.token_hex(8)}
    for request in (
        ExternalAuth(**fields, original=secrets.token_hex(8)),
        SecureMessage(**fields, function=SecureFunction.UNBLOCK),
    ):
        subject.probe.ask("POST", Paths.CRYPTOGRAMS, request).problem(404, 409, 422)


def _read(subject: Subject, internal: InternalChallenge, visit: str | None = None) -> Reply:
    visit = visit or new_id()
    request = ReadBasic(**_common(subject, visit, visit), internal=internal)
    return subject.probe.ask("POST", Paths.CRYPTOGRAMS, request)


def _challenge() -> InternalChallenge:
    return InternalChallenge(secrets.token_hex(8), secrets.token_hex(8), secrets.token_hex(8))


def _common(subject: Subject, visit: str, bound_to: str) -> dict[str, Any]:
    card = _card(subject)
    return {
        "visit": visit,
        "algorithm": card.algorithm.value,
        "region": card.region,
        "reset_info": card.reset_info,
        "sealed": subject.probe.seal(personal(subject.people.normal), bound_to),
    }


def _card(subject: Subject) -> TestCard:
    card = subject.people.normal.card
    if card is None:
        raise NotChecked("needs `normal.card`")
    return card
