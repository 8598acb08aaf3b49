"""What a service hands to the journal before anything happens."""

from __future__ import annotations

import msgspec

from kiosk.contract import Consent, Evidence, Kind, Personal
from kiosk.terms import Holder, Private, SocialSecurityCard

Detail = str | int | bool | None


class Plain(msgspec.Struct, frozen=True, tag="plain"):
    """The kind says it all."""


class Reason(msgspec.Struct, frozen=True, tag="reason"):
    """Why a card is replaced."""

    reason: str


class Event(msgspec.Struct, frozen=True, tag="event"):
    """What an audit item tells the office.  Never anything personal."""

    event: str
    details: dict[str, Detail] = {}
    fills_seq: int | None = None


Matter = Plain | Reason | Event


class Draft(Private, frozen=True, kw_only=True):
    kind: Kind
    visit: str
    holder: Holder | None = None
    card: SocialSecurityCard | None = None
    stand_in: Holder | None = None
    """Whoever came for the holder."""
    personal: Personal | None = None
    """Sealed to the centre, and readable nowhere else."""
    evidence: Evidence = Evidence()
    consent: Consent | None = None
    matter: Matter = Plain()


# --- notes ------------------------------------------------------------------------------


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Stays on the terminal."""

    event: str
    visit: str | None = None
    transaction: str | None = None
    details: dict[str, Detail] = {}


class Report(Note, frozen=True, kw_only=True):
    """Goes to the office too, as an audit item."""


class SlipIntent(msgspec.Struct, frozen=True, kw_only=True):
    """Paper is about to be printed.  `name` is the slip's kind, such as loss_registered.

    `copy_of`: the slip that did not surely come, and of which this is a copy.
    """

    name: str
    visit: str | None = None
    transaction: str | None = None
    copy_of: str | None = None
