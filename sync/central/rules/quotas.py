"""How much of something a person or a terminal had: the day of a quota is the centre's calendar day."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import ChipResult, Kind
from sync.central import tables
from sync.central.centre import Centre


def today(centre: Centre) -> str:
    """Its first instant, as it stands in the tables."""
    return tables.instant(centre.now().replace(hour=0, minute=0, second=0, microsecond=0))


def ago(centre: Centre, age: dt.timedelta) -> str:
    return tables.instant(centre.now() - age)


def unblocked_enough(centre: Centre, card: tables.Card) -> bool:
    """Unblocks of this card whose secure message left today and that may have worked."""
    row = tables.ChipWork
    issued = row.select().where(row.card == card, row.kind == Kind.UNBLOCK_PIN.value, row.issued_at >= today(centre))
    maybe_done = issued.where(row.result.is_null() | (row.result != ChipResult.NOT_DONE.value))
    return bool(maybe_done.count() >= centre.limits.unblocks_per_card_a_day)
