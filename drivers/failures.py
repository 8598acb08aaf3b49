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


def not_begun(call: Any, advice: str) -> msgspec.Struct:
    """The device never saw the call.  `advice` is for the technician."""
    match call:
        case OpenCard() | ChallengeCard() | ReadHolder():
            return ReaderFailed(advice)
        case ChallengePin() | AuthenticatePuk() | VerifyPin() | AskPinState():
            return ReaderFailed(advice)
        case ApplySecureMessage():
            return MessageUnsent(ReaderFailed(advice))
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
        case ApplySecureMessage():
            return ReaderFailed(advice)
    return not_begun(call, advice)
