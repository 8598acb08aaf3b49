"""Slips: the intent before the paper, the outcome after it."""

from __future__ import annotations

from kiosk.devices import Printing
from kiosk.journal import names
from kiosk.journal.drafts import SlipIntent
from kiosk.journal.ledger import Ledger
from kiosk.journal.records import SlipEnded, SlipStarted
from kiosk.journal.store import SlipRow


def begin(ledger: Ledger, intent: SlipIntent, random: names.RandomBytes) -> str:
    """Returns the slip's id."""
    slip = names.uuid7(ledger.clock.now(), random)
    ledger.append(SlipStarted(slip, intent.name, intent.visit, intent.copy_of), intent.transaction)
    ledger.store.run(SlipRow.insert(id=slip, transaction_id=intent.transaction, open=True))
    return slip


def end(ledger: Ledger, slip: str, result: Printing) -> None:
    """Raises KeyError for a slip that was never begun.  What is known of a slip already stays."""
    row = ledger.store.first(SlipRow.select().where(SlipRow.id == slip))
    if row is None:
        raise KeyError(slip)
    if row.open:
        ledger.append(SlipEnded(slip, result), row.transaction_id)
        ledger.store.run(SlipRow.update(open=False).where(SlipRow.id == slip))


def still_open(ledger: Ledger) -> list[str]:
    """Begun, and nothing is known of how they ended."""
    return [row.id for row in ledger.store.all(SlipRow.select().where(SlipRow.open))]
