"""A terminal that has stood for half a year: what its tests do with it."""

from __future__ import annotations

import contextlib
import sqlite3

from kiosk.devices import Printed
from kiosk.journal import Journal, SlipIntent, reading
from kiosk.journal.retention import SHORTEST
from kiosk.seal import VerifyKey
from tests.journal.office import Office, loss, person

DAY_S = 24 * 3600.0


def a_day_later(office: Office, journal: Journal, days: float = 1) -> None:
    """The centre has said how late it is."""
    office.hand.seconds += days * DAY_S
    journal._works.ledger.clock.hear(office.hand.now())


async def begun(office: Office) -> Journal:
    journal = await office.open()
    a_day_later(office, journal, 0)
    return journal


async def a_loss(office: Office, journal: Journal, number: int) -> str:
    view = await journal.submit(loss(person(number)))
    await office.deliver(journal)
    slip = await journal.printing(SlipIntent(name="loss", transaction=view.id))
    await journal.printed(slip, Printed())
    return view.id


async def after_half_a_year(office: Office, journal: Journal) -> None:
    """Somebody comes again, so that the centre has countersigned what was before."""
    a_day_later(office, journal, SHORTEST.days + 1)
    await a_loss(office, journal, 99)


async def prune_all(journal: Journal) -> int:
    records = 0
    while pruned := await journal.prune(SHORTEST):
        records += pruned
    return records


def whole(office: Office) -> tuple[object, ...]:
    """What is wrong with it: nothing."""
    with contextlib.closing(sqlite3.connect(office.path)) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    return verified(office)


def verified(office: Office) -> tuple[object, ...]:
    identity = office.identity
    return reading.verify(
        office.path,
        head_file=identity.head_file,
        verdicts=identity.verdicts,
        terminal=VerifyKey(identity.signing.public),
    ).findings


async def pruned_office(office: Office) -> None:
    journal = await begun(office)
    await a_loss(office, journal, 1)
    await after_half_a_year(office, journal)
    await prune_all(journal)
    await journal.close()
