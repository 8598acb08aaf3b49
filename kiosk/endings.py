"""How a visit or a service can end; and the reasons for which the terminal says no.

Ending is a cancellation with one of these as its reason, never an exception.
"""

from __future__ import annotations

import enum

import msgspec

from kiosk.words import Message


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The service said its last word, and it was read."""


class WentBack(msgspec.Struct, frozen=True, tag="went_back"):
    """返回, or "no" on a confirmation."""


class WentAway(msgspec.Struct, frozen=True, tag="went_away"):
    """Nobody answered the time-out warning."""


class Reason(enum.StrEnum):
    """Each has a page of its own: refusal.<reason>.title / .why / .where."""

    ID_EXPIRED = "id_expired"
    UNDER_AGE = "under_age"
    OTHER_DOCUMENT = "other_document"
    ID_UNREADABLE = "id_unreadable"
    ID_READER_FAILED = "id_reader_failed"
    CARD_READER_FAILED = "card_reader_failed"
    CARD_UNREADABLE = "card_unreadable"
    CARD_BLOCKED = "card_blocked"
    CARD_LOCKED_FOREVER = "card_locked_forever"
    ANOTHER_PERSONS_CARD = "another_persons_card"
    NOT_GENUINE = "not_genuine"
    NO_CARD_ON_RECORD = "no_card_on_record"
    NO_LINE = "no_line"
    CLOCK_NOT_TRUSTED = "clock_not_trusted"
    CENTRE_REFUSED = "centre_refused"
    SEALED = "sealed"
    FORMALLY_LOST = "formally_lost"
    APPLICATION_LOCKED = "application_locked"
    ALREADY_LOST = "already_lost"
    CANCELLED = "cancelled"
    STATUS_UNKNOWN = "status_unknown"
    CARD_TAKEN = "card_taken"
    NOT_RECORDED = "not_recorded"
    LOSS_UNKNOWN = "loss_unknown"
    PIN_UNTOUCHED = "pin_untouched"
    NOT_SSC = "not_ssc"
    NOT_NOW = "not_now"
    PIN_NOT_BLOCKED = "pin_not_blocked"
    NO_PIN = "no_pin"
    NO_PIN_TO_CHANGE = "no_pin_to_change"
    PIN_UNKNOWN = "pin_unknown"
    FORGOTTEN = "forgotten"
    PIN_SEALED = "pin_sealed"
    PIN_LOST = "pin_lost"
    PIN_OFFICE_LOCKED = "pin_office_locked"
    PIN_CANCELLED = "pin_cancelled"
    NO_PIN_CHOSEN = "no_pin_chosen"
    NO_PHONE = "no_phone"
    CODE_SPENT = "code_spent"
    NUMBERS_DIFFER = "numbers_differ"
    NO_PRODUCTION = "no_production"
    TOO_MANY_NUMBERS = "too_many_numbers"
    LIVE_LINE = "live_line"
    LIVE_CARD = "live_card"
    LIVE_READER = "live_reader"
    LIVE_ANOTHER_CARD = "live_another_card"
    LIVE_CENTRE = "live_centre"
    LIVE_CARD_PULLED = "live_card_pulled"
    LIVE_PUK = "live_puk"
    LIVE_PUK_LOCKED = "live_puk_locked"
    LIVE_MESSAGE = "live_message"
    NOT_ACTIVATED = "not_activated"
    NOT_LOST = "not_lost"
    TOO_LATE_TO_RELEASE = "too_late_to_release"
    FEW_TRIES = "few_tries"
    PIN_BLOCKED = "pin_blocked"
    PIN_NOT_CHECKED = "pin_not_checked"
    NOT_DONE = "not_done"
    DONE_UNKNOWN = "done_unknown"
    ALREADY_ACTIVE = "already_active"
    REPORTED_LOST = "reported_lost"
    NOT_HERE = "not_here"
    REPLACEMENT_FILED = "replacement_filed"
    CLERK_REFUSED = "clerk_refused"
    CLERK_LOCKED = "clerk_locked"
    SAME_PERSON = "same_person"
    PAPERS_MISSING = "papers_missing"
    NO_GUARDIAN = "no_guardian"


TO_THE_WINDOW = frozenset(
    {
        Reason.ID_EXPIRED,
        Reason.OTHER_DOCUMENT,
        Reason.UNDER_AGE,
        Reason.ID_UNREADABLE,
        Reason.ID_READER_FAILED,
        Reason.CARD_UNREADABLE,
        Reason.CARD_LOCKED_FOREVER,
        Reason.CARD_BLOCKED,
        Reason.ANOTHER_PERSONS_CARD,
        Reason.NO_CARD_ON_RECORD,
        Reason.CENTRE_REFUSED,
        Reason.SEALED,
        Reason.FORMALLY_LOST,
        Reason.ALREADY_LOST,
        Reason.APPLICATION_LOCKED,
        Reason.CANCELLED,
        Reason.STATUS_UNKNOWN,
        Reason.PIN_SEALED,
        Reason.PIN_LOST,
        Reason.PIN_OFFICE_LOCKED,
        Reason.PIN_CANCELLED,
        Reason.NO_PHONE,
        Reason.NO_PRODUCTION,
        Reason.FORGOTTEN,
        Reason.NO_PIN,
        Reason.NO_PIN_TO_CHANGE,
        Reason.PIN_UNKNOWN,
        Reason.NOT_GENUINE,
        Reason.LIVE_CARD,
        Reason.LIVE_CENTRE,
        Reason.LIVE_MESSAGE,
        Reason.LIVE_PUK,
        Reason.LIVE_PUK_LOCKED,
        Reason.NOT_ACTIVATED,
        Reason.TOO_LATE_TO_RELEASE,
        Reason.FEW_TRIES,
        Reason.PIN_BLOCKED,
        Reason.PIN_NOT_CHECKED,
        Reason.NOT_HERE,
    }
)
"""Only a window can help: the person gets a slip to show there.  Whoever can do it here another time gets none."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    reason: Reason


class CardTaken(msgspec.Struct, frozen=True, tag="card_taken"):
    """The social security card left the slot while the service needed it, and nothing had been begun."""


class Next(msgspec.Struct, frozen=True, tag="next"):
    """The person chose to go on with another service."""

    service: str


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """The terminal cannot go on: its journal cannot be written.  `reason`: what that means for the person."""

    reason: Reason
    values: dict[str, Message] = {}
    """What its page says besides."""


Ending = Finished | WentBack | WentAway | Refused | Next | CardTaken | Broken
