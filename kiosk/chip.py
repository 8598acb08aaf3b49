"""Reading a social security card to its end: chip, centre and holder, in the order LD/T 33 gives.

iReadCardBas_HSM: the chip proves itself to the centre's HSM, and a 3.0 card shows its holder only to a terminal
that brings the HSM's answer.  Whatever goes wrong on the way is one of the answers.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import ExternalChallenge, InternalChallenge, Personal, Problem, ReadBasic
from kiosk.devices import AuthenticationRefused, CardOpened, CardProblem, Challenged, HolderRead
from kiosk.hands import Hands, Line
from kiosk.line import BasicReadAnswered, NoAnswer
from kiosk.seal import SealKey, seal_personal
from kiosk.terms import Holder, PinState, Private, SocialSecurityCard


class Chip(Private, frozen=True):
    """A card that was read."""

    card: SocialSecurityCard
    pin: PinState
    holder: Holder | None
    """None when the card was shown without an ID card."""
    authenticated: bool
    """The centre confirmed that the chip is genuine."""


class AnotherPersons(msgspec.Struct, frozen=True):
    """这不是您本人的社保卡."""


class NotGenuine(msgspec.Struct, frozen=True):
    """Internal authentication failed, or the card refused the centre's own authentication."""


class NeedsTheCentre(msgspec.Struct, frozen=True):
    """A 3.0 card cannot show its holder while the line is down."""


class CentreRefused(msgspec.Struct, frozen=True):
    problem: Problem


CardTrouble = AnotherPersons | NotGenuine | NeedsTheCentre | CentreRefused | CardProblem
ChipReading = Chip | CardTrouble


class Visitor(Private, frozen=True):
    """Who stands there, for what must be sealed and compared."""

    terminal: str
    visit: str
    holder: Holder | None


async def open_chip(hands: Hands, line: Line, seal: SealKey, visitor: Visitor) -> ChipReading:
    """Read the card in the slot; it stays powered until somebody closes it.

    With an ID card on record the two must be the same person; without one, only what the card shows freely is read.
    """
    opened = await hands.open_card()
    if not isinstance(opened, CardOpened):
        return opened
    if visitor.holder is None:
        return Chip(opened.card, opened.pin, None, authenticated=False)
    return await _read_holder(hands, line, seal, visitor, opened)


async def _read_holder(hands: Hands, line: Line, seal: SealKey, visitor: Visitor, opened: CardOpened) -> ChipReading:
    proof = await _authenticate(hands, line, seal, visitor, opened.card)
    if not isinstance(proof, _Proof):
        return proof
    read = await hands.read_holder(proof.external)
    match read:
        case HolderRead(holder=holder):
            if visitor.holder is None or holder.number != visitor.holder.number:
                return AnotherPersons()
            return Chip(opened.card, opened.pin, holder, authenticated=proof.authenticated)
        case AuthenticationRefused():
            return NotGenuine()
        case _:
            return read


class _Proof(msgspec.Struct, frozen=True):
    external: str | None
    authenticated: bool


async def _authenticate(
    hands: Hands, line: Line, seal: SealKey, visitor: Visitor, card: SocialSecurityCard
) -> _Proof | ChipReading:
    challenged = await hands.challenge_card()
    if not isinstance(challenged, Challenged):
        return challenged
    answer = await line.read_basic(_request(challenged, seal, visitor, card))
    match answer:
        case BasicReadAnswered(answer=basic):
            if not basic.authentic:
                return NotGenuine()
            return _Proof(basic.external, authenticated=True)
        case Problem(code="not_this_holder"):
            return AnotherPersons()
        case Problem():
            return CentreRefused(answer)
        case NoAnswer():
            return NeedsTheCentre() if card.holder_needs_authentication else _Proof(None, authenticated=False)


def _request(challenged: Challenged, seal: SealKey, visitor: Visitor, card: SocialSecurityCard) -> ReadBasic:
    external = None
    if challenged.external_factor is not None and challenged.external_original is not None:
        external = ExternalChallenge(challenged.external_factor, challenged.external_original)
    personal = Personal(
        holder_number=visitor.holder.number if visitor.holder else None,
        card_number=card.number,
        card_identifier=card.identifier,
    )
    return ReadBasic(
        visit=visitor.visit,
        algorithm=card.algorithm,
        region=card.region,
        reset_info=card.reset_info,
        sealed=seal_personal(seal, personal, visitor.terminal, visitor.visit),
        internal=InternalChallenge(
            challenged.internal_factor, challenged.internal_original, challenged.internal_response
        ),
        external=external,
    )
