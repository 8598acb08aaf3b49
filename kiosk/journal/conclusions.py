"""What the chip did, and what settles a doubt about it later: closed types, each with only its own fields."""

from __future__ import annotations

import msgspec

from kiosk.contract import Signed
from kiosk.journal.transaction import Untouched, Why

# --- the end of the step -------------------------------------------------------------------


class Happened(msgspec.Struct, frozen=True, kw_only=True, tag="happened"):
    """The card answered 9000 to the secure message, or to CHANGE PIN."""

    sw: str
    tries_before: int | None
    tries_after: int | None
    pin_verified: bool | None
    """VERIFY with the PIN that the person typed.  None: it was not asked, or gave no answer."""


class DidNotHappen(msgspec.Struct, frozen=True, tag="did_not_happen"):
    """The chip is as it was: the command never went out, or the card refused it."""

    sw: str | None
    why: Untouched


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """The command went out, and nobody here knows what the chip made of it."""

    tries_before: int | None
    why: Why = Why.CARD_GONE


Conclusion = Happened | DidNotHappen | Unknown

# --- evidence that comes later -------------------------------------------------------------


class PinVerifies(msgspec.Struct, frozen=True, tag="pin_verifies"):
    """VERIFY answered 9000 to the PIN that the person typed for this transaction."""


class CounterRestored(msgspec.Struct, frozen=True, tag="counter_restored"):
    """The tries went from 0 to `tries_after`."""

    tries_after: int


class LaterReset(msgspec.Struct, frozen=True, tag="later_reset"):
    """The same card was reset, or its PIN changed, after it, by the transaction `of`."""

    of: str


class GivenUp(msgspec.Struct, frozen=True, tag="given_up"):
    """A named operator found out nothing more; only after thirty days."""

    operator: str


class CentreSays(msgspec.Struct, frozen=True, tag="centre_says"):
    """The centre's record: a verdict on this transaction, as it was signed."""

    signed: Signed


OwnEvidence = PinVerifies | CounterRestored | LaterReset | GivenUp
ChipEvidence = OwnEvidence | CentreSays
