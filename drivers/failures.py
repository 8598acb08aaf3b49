"""What is answered in place of a device that cannot answer: each call has its own value for it."""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk.devices import (
    ChallengeCard,
    CloseCard,
    Closed,
    IdReaderFailed,
    NotPrinted,
    OpenCard,
    PrintSlip,
    PrintUnknown,
    ReaderFailed,
    ReadHolder,
    ReadIdCard,
)


def not_begun(call: Any, advice: str) -> msgspec.Struct:
    """The device never saw the call.  `advice` is for the technician."""
    match call:
        case OpenCard() | ChallengeCard() | ReadHolder():
            return ReaderFailed(advice)
        case CloseCard():
            return Closed()  # a reader that is gone powers nothing
        case ReadIdCard():
            return IdReaderFailed(advice)
        case PrintSlip():
            return NotPrinted(advice)
    raise TypeError(f"no device answers {type(call).__name__}")


def broken_off(call: Any, advice: str) -> msgspec.Struct:
    """The device was at it when it was lost: a slip may be out, whole or not."""
    return PrintUnknown(advice) if isinstance(call, PrintSlip) else not_begun(call, advice)
