"""What is answered in place of a device that cannot answer: each call has its own value for it."""

from __future__ import annotations

from collections.abc import Callable
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
    PinPadFailed,
    PrintSlip,
    PrintUnknown,
    ReaderFailed,
    ReadHolder,
    ReadIdCard,
    ReadPadKey,
    VerifyPin,
)
from kiosk.link import Call

_NOT_BEGUN: dict[type[Call[Any]], Callable[[str], msgspec.Struct]] = {
    OpenCard: ReaderFailed,
    ChallengeCard: ReaderFailed,
    ReadHolder: ReaderFailed,
    ChallengePin: ReaderFailed,
    AuthenticatePuk: ReaderFailed,
    VerifyPin: ReaderFailed,
    AskPinState: ReaderFailed,
    ApplySecureMessage: lambda advice: MessageUnsent(ReaderFailed(advice)),
    ChangePin: lambda advice: ChangeUnsent(ReaderFailed(advice)),
    CloseCard: lambda _advice: Closed(),  # a reader that is gone powers nothing
    ReadIdCard: IdReaderFailed,
    PrintSlip: NotPrinted,
    ReadPadKey: PinPadFailed,
}


def not_begun(call: Call[Any], advice: str) -> msgspec.Struct:
    """The device never saw the call.  `advice` is for the technician.  Raises KeyError for what no device answers."""
    return _NOT_BEGUN[type(call)](advice)


def broken_off(call: Call[Any], advice: str) -> msgspec.Struct:
    """The device was at it when it was lost: nobody knows how far it came."""
    match call:
        case PrintSlip():
            return PrintUnknown(advice)
        case ApplySecureMessage() | ChangePin():
            return ReaderFailed(advice)
    return not_begun(call, advice)
