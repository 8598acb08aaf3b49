"""Which topic tells what to bring to the window, for each reason that sends a person there."""

from __future__ import annotations

from kiosk.endings import Reason
from kiosk.guide.topics import Topic, topic

AT_THE_WINDOW = "at_the_window"
"""For whatever has no topic of its own."""

TOPICS: dict[Reason, str] = {
    Reason.OTHER_DOCUMENT: "other_documents",
    Reason.UNDER_AGE: "minors",
    Reason.ANOTHER_PERSONS_CARD: "proxies",
    Reason.NO_CARD_ON_RECORD: "first_card",
    # the card is gone, or of no more use
    Reason.SEALED: "replacement",
    Reason.ALREADY_LOST: "replacement",
    Reason.CARD_UNREADABLE: "replacement",
    Reason.CARD_LOCKED_FOREVER: "replacement",
    Reason.LIVE_PUK_LOCKED: "replacement",
    Reason.FORMALLY_LOST: "pick_up",
    Reason.CANCELLED: "cancelled",
    Reason.PIN_CANCELLED: "cancelled",
    Reason.APPLICATION_LOCKED: "locked",
    Reason.PIN_OFFICE_LOCKED: "locked",
    Reason.PIN_SEALED: "activation",
    Reason.PIN_LOST: "undo_loss",
    Reason.NOT_ACTIVATED: "activation",
    Reason.NOT_HERE: "activation",
    Reason.TOO_LATE_TO_RELEASE: "pick_up",
    # a release that needs a clerk
    Reason.FEW_TRIES: "undo_loss",
    Reason.PIN_BLOCKED: "undo_loss",
    Reason.PIN_NOT_CHECKED: "undo_loss",
    # the PIN is to be set by a clerk
    Reason.FORGOTTEN: "pin_forgotten",
    Reason.NO_PIN: "pin_forgotten",
    Reason.PIN_UNKNOWN: "pin_forgotten",
    Reason.NO_PHONE: "pin_forgotten",
    Reason.LIVE_CARD: "pin_forgotten",
    Reason.LIVE_CENTRE: "pin_forgotten",
    Reason.LIVE_MESSAGE: "pin_forgotten",
    Reason.LIVE_PUK: "pin_forgotten",
}


def topic_of(reason: Reason) -> Topic:
    """What its checklist is taken from."""
    found = topic(TOPICS.get(reason, AT_THE_WINDOW))
    assert found is not None  # noqa: S101 - held by a test
    return found
