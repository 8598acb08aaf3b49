"""What is answered in place of a device that cannot answer: each call has its own value for it."""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk.devices import (
    ApplySecureMessage,
    AskPinState,
    AuthenticatePuk,
    ChallengeCard,
    ChallengePin,
    ChangePin,
    ChangeUnsent,
    CloseCard,
    Closed,
    IdReaderFailed,
    MessageUnsent,
    NotPrinted,
    OpenCard,
    PrintSlip,
    PrintUnknown,
    ReaderFailed,
    ReadHolder,
    ReadIdCard,
    VerifyPin,
)

_CHANGES_NOTHING = (OpenCard, ChallengeCard, ReadHolder, ChallengePin, AuthenticatePuk, VerifyPin, AskPinState)
"""Of a card's content: what became of them needs no case of its own."""


def not_begun(call: Any, advice: str) -> msgspec.Struct:
    """The device never saw the call.  `advice` is for the technician."""
    match call:
        case _ if isinstance(call, _CHANGES_NOTHING):
            return ReaderFailed(advice)
        case ApplySecureMessage():
            return MessageUnsent(ReaderFailed(advice))
        case ChangePin():
            return ChangeUnsent(ReaderFailed(advice))
        case CloseCard():
            return Closed()  # a reader that is gone powers nothing
        case ReadIdCard():
            return IdReaderFailed(advice)
        case PrintSlip():
            return NotPrinted(advice)
    raise TypeError(f"no device answers {type(call).__name__}")


def broken_off(call: Any, advice: str) -> msgspec.Struct:
    """The device was at it when it was lost: nobody knows how far it came."""
    match call:
        case PrintSlip():
            return PrintUnknown(advice)
        case ApplySecureMessage() | ChangePin():
            return ReaderFailed(advice)
    return not_begun(call, advice)
