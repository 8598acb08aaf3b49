"""What a status word means, in one place (S5 §5, S7; V2 for SELECT).

Each function takes the status word that ended a step and gives the case it stands for.
"""

from __future__ import annotations

from kiosk.devices import (
    Applied,
    AuthenticationRefused,
    CardBlocked,
    CardLockedForever,
    CardProblem,
    CardUnexpected,
    Changed,
    ChangeRefused,
    MessageRefused,
    NotASocialSecurityCard,
    PinVerified,
    PinWrong,
    PukLocked,
    PukRefused,
)
from kiosk.terms import NoPin, PinBlocked, PinLockedForever, PinState, PinUnknown, TriesLeft

DONE = 0x9000
RECORD_NOT_FOUND = 0x6A83

_CARD_BLOCKED = 0x6A81
_LOCKED_FOREVER = 0x9303
_BLOCKED = 0x6983
_NO_TRIES_LEFT = 0x63C0
_REFUSED = {
    0x6983,  # the key is blocked
    0x6984,  # no challenge to answer
    0x6988,  # the value is wrong
}
_CARD_IN_TROUBLE = {
    0x62,  # warning: a file is damaged or was invalidated
    0x64,  # error, nothing changed
    0x65,  # error, memory
}
_CHECKED_AND_REFUSED = {0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E}
"""Checking errors: the command was not begun (ISO 7816-4 §5.1.3)."""
_REFUSED_BY_THE_APPLICATION = {
    0x9302,  # MAC invalid
    _LOCKED_FOREVER,
    0x9403,  # no such key
    0x9406,  # no MAC to be had
}


def text(sw: int) -> str:
    """As the standard writes it: "6A82"."""
    return f"{sw:04X}"


def selection(sw: int) -> CardProblem | None:
    """SELECT SSSE.  Any card without that application refuses it, each maker's in its own words."""
    if sw == DONE:
        return None
    if sw == _CARD_BLOCKED:
        return CardBlocked()
    if sw == _LOCKED_FOREVER or sw >> 8 in _CARD_IN_TROUBLE:
        return failure("select_ssse", sw)
    return NotASocialSecurityCard(text(sw))


def failure(step: str, sw: int) -> CardProblem:
    """A step that the standard wants to end with 9000."""
    if sw == _LOCKED_FOREVER:
        return CardLockedForever()
    return CardUnexpected(step, text(sw))


def authentication(step: str, sw: int) -> AuthenticationRefused | CardProblem | None:
    """EXTERNAL AUTHENTICATE: 63Cx counts a wrong value, the rest says why none was tried."""
    if sw == DONE:
        return None
    if sw >> 8 == 0x63 or sw in _REFUSED:
        return AuthenticationRefused(text(sw))
    return failure(step, sw)


def puk(sw: int) -> PukRefused | PukLocked | CardProblem | None:
    """EXTERNAL AUTHENTICATE with the PUK: every 63xx took one of its tries."""
    if sw == DONE:
        return None
    if sw == _BLOCKED:
        return PukLocked()
    if sw >> 8 == 0x63:
        return PukRefused(text(sw))
    return failure("authenticate_puk", sw)


def applied(sw: int) -> Applied | MessageRefused | CardProblem:
    """PIN CHANGE/UNBLOCK.  Neither done nor surely refused (6581, 63Cx, 6F00 …): the chip is in doubt."""
    if sw == DONE:
        return Applied()
    if _surely_refused(sw):
        return MessageRefused(text(sw))
    return CardUnexpected("apply_secure_message", text(sw))


def verified(sw: int) -> PinVerified | PinWrong | CardProblem:
    """VERIFY with a PIN."""
    if sw == DONE:
        return PinVerified()
    return PinWrong(pin_state(sw)) if _pin_was_wrong(sw) else failure("verify_pin", sw)


def changed(sw: int) -> Changed | PinWrong | ChangeRefused | CardProblem:
    """CHANGE PIN.  Neither done nor surely refused (6581, 6F00 …): the chip is in doubt."""
    if sw == DONE:
        return Changed()
    if _pin_was_wrong(sw):
        return PinWrong(pin_state(sw))
    return ChangeRefused(text(sw)) if _surely_refused(sw) else CardUnexpected("change_pin", text(sw))


def _pin_was_wrong(sw: int) -> bool:
    return sw == _BLOCKED or sw & 0xFFF0 == _NO_TRIES_LEFT


def _surely_refused(sw: int) -> bool:
    return sw >> 8 in _CHECKED_AND_REFUSED or sw in _REFUSED_BY_THE_APPLICATION


def pin_state(sw: int) -> PinState:
    """VERIFY with Lc = 00."""
    if sw == DONE:
        return NoPin()
    if sw in (_BLOCKED, _NO_TRIES_LEFT):
        return PinBlocked()
    if sw & 0xFFF0 == 0x63C0:
        return TriesLeft(sw & 0xF)
    if sw == _LOCKED_FOREVER:
        return PinLockedForever()
    return PinUnknown()
