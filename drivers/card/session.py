"""One card from power on to power off: what LD/T 33 calls the encryption-machine flows.

The card stays powered from the first step to the last.  A challenge serves the very next command and no other (S5):
every step uses up the one that waits, whether it is meant for it or not, so that nothing stale is ever sent.
"""

from __future__ import annotations

import re

import msgspec

from drivers.card import commands, status_words
from drivers.card.challenges import draw, draw_two, hexed, prove
from drivers.card.reading import describe, identity, pin_state, read_holder
from drivers.card.transport import PoweredCard, Response, exchange, no_answer
from kiosk.contract import SecureFunction
from kiosk.devices import (
    AnotherCard,
    Applied,
    AuthenticationRefused,
    CardOpened,
    CardProblem,
    CardUnexpected,
    Challenged,
    Changed,
    ChangeRefused,
    ChangeUnsent,
    HolderRead,
    MessageRefused,
    MessageUnsent,
    PinAsked,
    PinChallenged,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukLocked,
    PukRefused,
)
from kiosk.pin import MIN_DIGITS, Pin, wipe
from kiosk.terms import SocialSecurityCard

_AUTHENTICATION = re.compile("[0-9A-Fa-f]{32}")
"""鉴别数据 8 bytes ‖ 原始信息 8 bytes: nothing else is ever put behind our header."""


# --- what the card's latest challenge is for ------------------------------------------------


class _ForHolder(msgspec.Struct, frozen=True):
    original: bytes


class _ForPuk(msgspec.Struct, frozen=True):
    original: bytes


class _ForMessage(msgspec.Struct, frozen=True):
    pass


_Challenge = _ForHolder | _ForPuk | _ForMessage


class CardSession:
    """A card that is powered and known.  `open_session` makes one."""

    def __init__(self, card: PoweredCard, opened: CardOpened) -> None:
        self.opened = opened
        self._card = card
        self._challenge: _Challenge | None = None
        self._puk_tried = False

    def challenge(self) -> Challenged | CardProblem:
        """iReadCardBas_HSM_Step1: the card proves itself; a 3.0 card also says how we must."""
        self._use_challenge()
        proved = prove(self._card)
        if not isinstance(proved, Challenged) or not self.opened.card.holder_needs_authentication:
            return proved
        randoms = draw_two(self._card)
        if not isinstance(randoms, tuple):
            return randoms
        original, factor = randoms
        self._challenge = _ForHolder(original)
        return msgspec.structs.replace(proved, external_factor=hexed(factor), external_original=hexed(original))

    def read_holder(self, external: str | None) -> HolderRead | AuthenticationRefused | CardProblem:
        """iReadCardBas_HSM_Step2: EXTERNAL AUTHENTICATE with RKSSSE where there is one, then EF06."""
        challenge = self._use_challenge()
        if external is not None:
            refused = self._authenticate_for_holder(challenge, external)
            if refused is not None:
                return refused
        return read_holder(self._card, self.opened.card.version)

    # --- PIN: reload and unblock are the same three steps

    def challenge_pin(self, identifier: str, number: str) -> PinChallenged | AnotherCard | CardProblem:
        """iReloadPIN_HSM_Step1, iUnblockPIN_HSM_Step1: still the same card; its challenges for the PUK."""
        self._use_challenge()
        found = identity(self._card)
        if not isinstance(found, tuple):
            return found
        if not found == (identifier, number) == (self.opened.card.identifier, self.opened.card.number):
            return AnotherCard()
        randoms = draw_two(self._card)
        if not isinstance(randoms, tuple):
            return randoms
        original, factor = randoms
        self._challenge = _ForPuk(original)
        return PinChallenged(factor=hexed(factor), original=hexed(original))

    def authenticate_puk(self, authentication: str) -> PukAccepted | PukRefused | PukLocked | CardProblem:
        """iReloadPIN_HSM_Step2, iUnblockPIN_HSM_Step2: once a session; a wrong PUK locks itself in the end (S7 §13)."""
        challenge, tried = self._use_challenge(), self._puk_tried
        self._puk_tried = True
        original = challenge.original if isinstance(challenge, _ForPuk) and not tried else None
        sent = _authentication(authentication, original)
        if sent is None:
            return CardUnexpected("authenticate_puk_unsent", "")
        answer = self._card.transmit(commands.external_authenticate(commands.PUK, sent))
        if not isinstance(answer, Response):
            return no_answer(answer)
        return status_words.puk(answer.sw) or self._challenge_for_message()

    def apply_secure_message(
        self, function: SecureFunction, message: str
    ) -> Applied | MessageRefused | MessageUnsent | CardProblem:
        """iReloadPIN_HSM_Step3, iUnblockPIN_HSM_Step3: once, as it came, under a header of our own."""
        challenge = self._use_challenge()
        apdu = commands.pin_change_or_unblock(function, self.opened.card.algorithm, message)
        if apdu is None or not isinstance(challenge, _ForMessage):
            return MessageUnsent()
        # No detours: whatever the card says first is its answer.
        answer = self._card.transmit(apdu)
        return status_words.applied(answer.sw) if isinstance(answer, Response) else no_answer(answer)

    def verify_pin(self, pin: Pin) -> PinVerified | PinWrong | CardProblem:
        """iVerifyPIN.  Too few digits are not sent: VERIFY with none would ask, and say 9000 where there is no PIN."""
        self._use_challenge()
        if len(pin) < MIN_DIGITS:
            return CardUnexpected("verify_pin_unsent", "")
        apdu = commands.verify(pin.bcd)
        try:
            answer = self._card.transmit(apdu)
        finally:
            wipe(apdu)
        return status_words.verified(answer.sw) if isinstance(answer, Response) else no_answer(answer)

    def change_pin(self, old: Pin, new: Pin) -> Changed | PinWrong | ChangeRefused | ChangeUnsent | CardProblem:
        """iChangePIN: once, as it was typed."""
        self._use_challenge()
        if min(len(old), len(new)) < MIN_DIGITS:
            return ChangeUnsent()
        apdu = commands.change_pin(old.bcd, new.bcd)
        try:
            answer = self._card.transmit(apdu)
        finally:
            wipe(apdu)
        return status_words.changed(answer.sw) if isinstance(answer, Response) else no_answer(answer)

    def ask_pin_state(self) -> PinAsked | CardProblem:
        """The retry counter now."""
        self._use_challenge()
        state = pin_state(self._card)
        return state if isinstance(state, CardProblem) else PinAsked(state)

    def close(self) -> None:
        """Power off.  What the card granted in this session ends with it."""
        self._card.power_off()

    def _use_challenge(self) -> _Challenge | None:
        challenge, self._challenge = self._challenge, None
        return challenge

    def _authenticate_for_holder(
        self, challenge: _Challenge | None, external: str
    ) -> AuthenticationRefused | CardProblem | None:
        sent = _authentication(external, challenge.original if isinstance(challenge, _ForHolder) else None)
        if sent is None:
            return CardUnexpected("external_authenticate_unsent", "")
        answer = exchange(self._card, commands.external_authenticate(commands.RKSSSE, sent))
        if not isinstance(answer, Response):
            return no_answer(answer)
        return status_words.authentication("external_authenticate", answer.sw)

    def _challenge_for_message(self) -> PukAccepted | CardProblem:
        factor = draw(self._card)
        if not isinstance(factor, bytes):
            return factor
        self._challenge = _ForMessage()
        return PukAccepted(hexed(factor))


def open_session(card: PoweredCard) -> CardSession | CardProblem:
    """Select the SSSE, read EF05 and the retry counter.  A card that fails here stays powered: power it off."""
    exchange(card, commands.select_master_file())
    described = describe(card)
    if not isinstance(described, SocialSecurityCard):
        return described
    pin = pin_state(card)
    if isinstance(pin, CardProblem):
        return pin
    return CardSession(card, CardOpened(described, pin))


def _authentication(text: str, original: bytes | None) -> bytes | None:
    """None for what does not answer this challenge: it would only cost one of the key's tries."""
    if original is None or not _AUTHENTICATION.fullmatch(text):
        return None
    authentication = bytes.fromhex(text)
    return authentication if authentication[8:] == original else None
