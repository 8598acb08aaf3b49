"""A powered card, whatever carries the bytes, and the two detours of T=0."""

from __future__ import annotations

from typing import Protocol

import msgspec

from drivers.card.commands import GET_CHALLENGE_INS, GET_RESPONSE_INS, READ_RECORD_INS, get_response
from kiosk.devices import CardPulled, ReaderFailed
from kiosk.terms import Private

DETOURS = 4
"""How often one command may answer 61xx or 6Cxx.  One of each is normal; a card that goes on has lost its way."""

_FETCHING = {READ_RECORD_INS, GET_RESPONSE_INS, GET_CHALLENGE_INS}


class Response(Private, frozen=True):
    """What the card answered.  Its data may be a person's, so it never prints."""

    data: bytes
    sw: int
    """SW1 and SW2 as one number, 0x9000."""


class Gone(msgspec.Struct, frozen=True):
    """The card left the slot."""


class Lost(msgspec.Struct, frozen=True):
    """The reader, PC/SC or the card stopped talking although nobody pulled the card; `advice` for a technician."""

    advice: str


Exchange = Response | Gone | Lost


class PoweredCard(Protocol):
    """A card that has answered its reset and is nobody else's."""

    atr: bytes

    def transmit(self, apdu: bytes | bytearray) -> Exchange:
        """One command, one answer, nothing added."""

    def power_off(self) -> None:
        """Take its power away and let go of it; also when it is gone."""


def exchange(card: PoweredCard, apdu: bytes) -> Exchange:
    """One command with what T=0 wants around it: 61xx → GET RESPONSE, 6Cxx → again with that length.

    Readers that work on APDU level do this themselves and show neither (ISO 7816-4 annex A).
    """
    sent, data = apdu, b""
    answer = card.transmit(sent)
    for _ in range(DETOURS):
        detour = _detour(sent, answer)
        if detour is None:
            break
        if isinstance(answer, Response):
            data += answer.data
        sent, answer = detour, card.transmit(detour)
    if isinstance(answer, Response):
        return Response(data + answer.data, answer.sw)
    return answer


def no_answer(answer: Gone | Lost) -> CardPulled | ReaderFailed:
    """What a step without an answer comes to."""
    return CardPulled() if isinstance(answer, Gone) else ReaderFailed(answer.advice)


def _detour(sent: bytes, answer: Exchange) -> bytes | None:
    """What T=0 wants sent next, if anything."""
    match answer:
        case Response(sw=sw) if sw >> 8 == 0x61:
            return get_response(sw & 0xFF)
        case Response(sw=sw) if sw >> 8 == 0x6C and sent[1] in _FETCHING:
            # only commands that fetch: any other, sent again, could cost a try
            return sent[:4] + bytes([sw & 0xFF])
    return None
