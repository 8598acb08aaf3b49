"""The live HSM flow, LD/T 33: what the centre computes for a chip that is in a terminal's slot now.

Key and command header follow from the step and the transaction; nothing of either is taken from the terminal.
"""

from __future__ import annotations

import datetime as dt

from kiosk.contract import (
    BasicRead,
    CryptogramRequest,
    ExternalAuth,
    ExternalAuthentication,
    ExternalChallenge,
    Kind,
    Problem,
    ReadBasic,
    SecuredMessage,
    SecureFunction,
    SecureMessage,
)
from kiosk.seal import Rejected, open_pin, pin_info
from kiosk.terms import Algorithm
from sync.central import problems, tables
from sync.central.card_crypto import CardAddress
from sync.central.centre import Centre
from sync.central.hsm import FACTOR_SPENT, Challenge, FactorSpent, address
from sync.central.rules import chip_work, quotas, visits

HOUR = dt.timedelta(hours=1)
AUTHORISED_FOR = dt.timedelta(seconds=60)
"""From the verdict to the secure message: two cryptograms of 8 s, the chip, and slack.  Nobody comes back to it."""

FUNCTIONS = {SecureFunction.RELOAD: Kind.RELOAD_PIN, SecureFunction.UNBLOCK: Kind.UNBLOCK_PIN}


def cryptogram(
    centre: Centre, terminal: str, request: CryptogramRequest
) -> BasicRead | ExternalAuthentication | SecuredMessage | Problem:
    match request:
        case ReadBasic():
            return read_basic(centre, terminal, request)
        case ExternalAuth():
            return external_auth(centre, terminal, request)
        case SecureMessage():
            return secure_message(centre, terminal, request)


# --- reading ----------------------------------------------------------------------------------


def read_basic(centre: Centre, terminal: str, request: ReadBasic) -> BasicRead | Problem:
    """Is the chip genuine, and may this terminal read its holder?  Only for the person whose ID card was read."""
    card = _card(centre, terminal, request, request.visit)
    if isinstance(card, Problem):
        return card
    if _too_many(centre, terminal, card):
        return problems.TOO_MANY
    chip = _chip(request)
    if isinstance(chip, Problem):
        return chip
    tables.Reading.create(terminal=terminal, card=card, at=tables.instant(centre.now()))
    internal = Challenge(bytes.fromhex(request.internal.factor), bytes.fromhex(request.internal.original))
    authentic = centre.hsm.is_authentic(chip, internal, bytes.fromhex(request.internal.response))
    if authentic is FACTOR_SPENT:
        return problems.FACTOR_SEEN
    external = _external(centre, chip, request.external) if authentic is True else None
    if isinstance(external, Problem):
        return external
    if authentic is True:
        visits.note_genuine(terminal, request.visit, card, chip)
    return BasicRead(authentic is True, external, card.status)


def _external(centre: Centre, chip: CardAddress, challenge: ExternalChallenge | None) -> str | Problem | None:
    if challenge is None:
        return None
    answer = centre.hsm.authenticate_for_reading(
        chip, Challenge(bytes.fromhex(challenge.factor), bytes.fromhex(challenge.original))
    )
    return problems.FACTOR_SEEN if answer is FACTOR_SPENT else answer.hex()


def _too_many(centre: Centre, terminal: str, card: tables.Card) -> bool:
    row = tables.Reading
    recent = row.select().where(row.at > quotas.ago(centre, HOUR))
    return bool(
        recent.where(row.card == card).count() >= centre.limits.readings_per_card_an_hour
        or recent.where(row.terminal == terminal).count() >= centre.limits.readings_per_terminal_an_hour
    )


# --- reload and unblock -----------------------------------------------------------------------


def external_auth(centre: Centre, terminal: str, request: ExternalAuth) -> ExternalAuthentication | Problem:
    """The PUK authentication, once a transaction: a wrong one would cost the card a try."""
    opened = _open(centre, terminal, request)
    if isinstance(opened, Problem):
        return opened
    work, chip = opened
    if work.authenticated_at is not None:
        return problems.ALREADY_GIVEN
    answer = centre.hsm.authenticate_for_pin(
        chip, Challenge(bytes.fromhex(request.factor), bytes.fromhex(request.original))
    )
    if answer is FACTOR_SPENT:
        return problems.FACTOR_SEEN
    work.authenticated_at = tables.instant(centre.now())
    work.save()
    return ExternalAuthentication(answer.hex())


def secure_message(centre: Centre, terminal: str, request: SecureMessage) -> SecuredMessage | Problem:
    """Once a transaction, after its PUK authentication; enc ‖ MAC without any header."""
    opened = _open(centre, terminal, request)
    if isinstance(opened, Problem):
        return opened
    work, chip = opened
    refusal = _out_of_turn(work, request)
    if refusal is not None:
        return refusal
    message = _message(centre, work, request, chip)
    if isinstance(message, Problem):
        return message
    if message is FACTOR_SPENT:
        return problems.FACTOR_SEEN
    work.issued_at = tables.instant(centre.now())
    work.save()
    return SecuredMessage(message.hex())


def _out_of_turn(work: tables.ChipWork, request: SecureMessage) -> Problem | None:
    if FUNCTIONS[request.function] != work.kind or (request.sealed_pin is None) != (work.kind == Kind.UNBLOCK_PIN):
        return problems.FUNCTION_DIFFERS
    if work.authenticated_at is None:
        return problems.AUTHENTICATE_FIRST
    return problems.ALREADY_GIVEN if work.issued_at is not None else None


def _message(
    centre: Centre, work: tables.ChipWork, request: SecureMessage, chip: CardAddress
) -> bytes | FactorSpent | Problem:
    factor = bytes.fromhex(request.factor)
    if request.sealed_pin is None:
        return centre.hsm.unblock_message(chip, factor)
    bound_to = pin_info(work.terminal_id, request.transaction, work.card.identifier, request.factor, request.function)
    pin = open_pin(centre.keys.pin, request.sealed_pin, bound_to)
    if isinstance(pin, Rejected):
        return problems.PIN_CANNOT_OPEN
    try:
        return centre.hsm.reload_message(chip, factor, pin)
    except ValueError:
        return problems.PIN_REFUSED
    finally:
        pin[:] = bytes(len(pin))


# --- for whom, and which chip -----------------------------------------------------------------


def _open(
    centre: Centre, terminal: str, request: ExternalAuth | SecureMessage
) -> tuple[tables.ChipWork, CardAddress] | Problem:
    """Authorised moments ago for this visit and this very chip, and nothing has ended it."""
    work = chip_work.find_work(request.transaction, terminal)
    if work is None or work.visit != request.visit or not chip_work.is_open(work):
        return problems.NOT_OPEN
    if work.authorised_at < quotas.ago(centre, AUTHORISED_FOR):
        return problems.TOO_LATE
    card, chip = _card(centre, terminal, request, request.transaction), _chip(request)
    if isinstance(card, Problem):
        return card
    if isinstance(chip, Problem):
        return chip
    if card != work.card or not visits.saw_genuine(terminal, request.visit, card, chip):
        return problems.NOT_GENUINE
    return work, chip


def _card(centre: Centre, terminal: str, request: CryptogramRequest, bound_to: str) -> tables.Card | Problem:
    """The card that is sealed in the request, if it is that of the visit's person."""
    personal = centre.keys.open_personal(request.sealed, terminal, bound_to)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    card = visits.find_card(personal)
    if card is None:
        return problems.CARD_UNKNOWN
    if card.person.number != personal.holder_number or not visits.bind_visit(terminal, request.visit, card.person):
        return problems.NOT_THIS_HOLDER
    return card


def _chip(request: CryptogramRequest) -> CardAddress | Problem:
    try:
        return address(Algorithm(request.algorithm), request.region, request.reset_info)
    except ValueError:
        return problems.MALFORMED
