"""Challenges: what the card draws so that somebody can prove something, and its own proof."""

from __future__ import annotations

from drivers.card import commands, status_words
from drivers.card.reading import select_ssse
from drivers.card.transport import PoweredCard, Response, exchange, no_answer
from kiosk.devices import CardProblem, Challenged


def prove(card: PoweredCard) -> Challenged | CardProblem:
    """Internal authentication, with nothing asked of us yet."""
    # selected again first, as the recorded flow does: it resets what an earlier step left
    selected = select_ssse(card)
    if not isinstance(selected, bytes):
        return selected
    randoms = draw_two(card)
    if not isinstance(randoms, tuple):
        return randoms
    original, factor = randoms
    response = _ask(card, "internal_authenticate", commands.internal_authenticate(factor, original))
    if not isinstance(response, bytes):
        return response
    return Challenged(hexed(factor), hexed(original), hexed(response), external_factor=None, external_original=None)


def draw_two(card: PoweredCard) -> tuple[bytes, bytes] | CardProblem:
    """The first random is 原始信息, the second 过程因子: EXTERNAL AUTHENTICATE uses the latest."""
    original = draw(card)
    if not isinstance(original, bytes):
        return original
    factor = draw(card)
    return (original, factor) if isinstance(factor, bytes) else factor


def draw(card: PoweredCard) -> bytes | CardProblem:
    """GET CHALLENGE: good for the very next command and for no other (S5)."""
    return _ask(card, "get_challenge", commands.get_challenge())


def _ask(card: PoweredCard, step: str, apdu: bytes) -> bytes | CardProblem:
    """Eight bytes, the size of everything that authentication deals in."""
    answer = exchange(card, apdu)
    if not isinstance(answer, Response):
        return no_answer(answer)
    if answer.sw != status_words.DONE or len(answer.data) != commands.CHALLENGE_SIZE:
        return status_words.failure(step, answer.sw)
    return answer.data


def hexed(value: bytes) -> str:
    """As the centre takes it."""
    return value.hex().upper()
