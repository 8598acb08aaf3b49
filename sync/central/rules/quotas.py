"""How much of something a person or a terminal had: the day of a quota is the centre's calendar day."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import ChipResult, Kind, VerdictOutcome
from sync.central import tables, verdicts
from sync.central.centre import Centre
from sync.central.verdicts import Ruling


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


def over(centre: Centre, terminal: str, kind: Kind, person: tables.Person) -> Ruling | None:
    """Whether this person, or this terminal, had enough work of a kind done today."""
    limits = centre.limits
    if done_today(centre, kind, tables.Transaction.person == person) >= limits.card_work_per_person_a_day:
        return verdicts.QUOTA_CARD_WORK
    if done_today(centre, kind, tables.Transaction.terminal == terminal) >= limits.card_work_per_terminal_a_day:
        return verdicts.QUOTA_TERMINAL
    return None


def done_today(centre: Centre, kind: Kind, whose: object) -> int:
    """Transactions of a kind that took effect today, `whose`: a condition on their table."""
    row = tables.Transaction
    done = row.select().where(
        whose, row.kind == kind.value, row.outcome == VerdictOutcome.DONE.value, row.decided_at >= today(centre)
    )
    count: int = done.count()
    return count
