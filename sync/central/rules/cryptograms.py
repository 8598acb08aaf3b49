"""The live HSM flow, LD/T 33: what the centre computes for a chip that is in a terminal's slot now."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import BasicRead, CryptogramRequest, ExternalChallenge, Problem, ReadBasic
from kiosk.seal import Rejected
from kiosk.terms import Algorithm
from sync.central import problems, tables
from sync.central.card_crypto import CardAddress
from sync.central.centre import Centre
from sync.central.hsm import FACTOR_SPENT, Challenge, address
from sync.central.rules import queries

HOUR = dt.timedelta(hours=1)


def cryptogram(centre: Centre, terminal: str, request: CryptogramRequest) -> BasicRead | Problem:
    match request:
        case ReadBasic():
            return read_basic(centre, terminal, request)
        case _:
            return problems.NOT_OFFERED


def read_basic(centre: Centre, terminal: str, request: ReadBasic) -> BasicRead | Problem:
    """Is the chip genuine, and may this terminal read its holder?  Only for the person whose ID card was read."""
    card = _card_of_visit(centre, terminal, request)
    if isinstance(card, Problem):
        return card
    if _too_many(centre, terminal, card):
        return problems.TOO_MANY
    try:
        chip = address(Algorithm(request.algorithm), request.region, request.reset_info)
    except ValueError:
        return problems.MALFORMED
    tables.Reading.create(terminal=terminal, card=card, at=tables.instant(centre.now()))
    internal = Challenge(bytes.fromhex(request.internal.factor), bytes.fromhex(request.internal.original))
    authentic = centre.hsm.is_authentic(chip, internal, bytes.fromhex(request.internal.response))
    if authentic is FACTOR_SPENT:
        return problems.FACTOR_SEEN
    external = _external(centre, chip, request.external) if authentic is True else None
    if isinstance(external, Problem):
        return external
    return BasicRead(authentic is True, external, card.status)


def _card_of_visit(centre: Centre, terminal: str, request: ReadBasic) -> tables.Card | Problem:
    personal = centre.keys.open_personal(request.sealed, terminal, request.visit)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    card = queries.find_card(personal)
    if card is None:
        return problems.CARD_UNKNOWN
    if card.person.number != personal.holder_number or not queries.bind_visit(terminal, request.visit, card.person):
        return problems.NOT_THIS_HOLDER
    return card


def _external(centre: Centre, chip: CardAddress, challenge: ExternalChallenge | None) -> str | Problem | None:
    if challenge is None:
        return None
    answer = centre.hsm.authenticate_for_reading(
        chip, Challenge(bytes.fromhex(challenge.factor), bytes.fromhex(challenge.original))
    )
    return problems.FACTOR_SEEN if answer is FACTOR_SPENT else answer.hex()


def _too_many(centre: Centre, terminal: str, card: tables.Card) -> bool:
    row = tables.Reading
    recent = row.select().where(row.at > tables.instant(centre.now() - HOUR))
    return bool(
        recent.where(row.card == card).count() >= centre.limits.readings_per_card_an_hour
        or recent.where(row.terminal == terminal).count() >= centre.limits.readings_per_terminal_an_hour
    )
