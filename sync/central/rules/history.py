"""A card's history: what changed it, and when, whoever did it."""

from __future__ import annotations

import datetime as dt

from sync.central import tables

TEMPORARY_LOSS = "temporary_loss"
FORMAL_LOSS = "formal_loss"
RELEASED = "released"
ACTIVATED = "activated"
REPLACED = "replaced"
"""Its holder has the new one."""
HANDED_OVER = "handed_over"
"""The new one itself."""
REPLACEMENT_ORDERED = "replacement_ordered"
PIN_CHANGED = "pin_changed"
PIN_RELOADED = "pin_reloaded"
PIN_UNBLOCKED = "pin_unblocked"
PIN_DIFFERS = "pin_differs"
"""A reload was done, and the PIN on the chip is not the one that was typed."""


def note(card: tables.Card, what: str, at: dt.datetime) -> None:
    tables.CardEvent.create(person=card.person, card=card, what=what, at=tables.instant(at))


def last(card: tables.Card, what: str) -> dt.datetime | None:
    """When it happened last; None: never on record."""
    event = tables.CardEvent
    row = event.select().where(event.card == card, event.what == what).order_by(event.at.desc()).first()
    return None if row is None else tables.moment(row.at)
