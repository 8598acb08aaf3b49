"""At every start: what was open when the terminal went down becomes something that can be told."""

from __future__ import annotations

from kiosk.contract import Kind
from kiosk.devices import PrintUnknown
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import SlipEnded, TransactionDoubted, TransactionRegistered
from kiosk.journal.store import ItemRow, SlipRow, TransactionRow
from kiosk.journal.transaction import Stage, Why, may_wait


def recover(ledger: Ledger, outbox: Outbox) -> None:
    """Both branches: whether an effect happened or not is asked, never guessed.

    Items that were handed to the line without an answer stay in the outbox; the centre knows them by id.
    """
    for row in _in(ledger, Stage.DRAFTED):
        if may_wait(Kind(row.kind)):
            register(ledger, outbox, row.id)
        else:
            doubt(ledger, outbox, row.id, Why.RESTARTED)
    for slip in ledger.store.all(SlipRow.select().where(SlipRow.open)):
        end_slip(ledger, slip, PrintUnknown(advice="终端重启 (the terminal restarted)"))


def register(ledger: Ledger, outbox: Outbox, transaction: str) -> None:
    """No verdict in time for a kind that may wait."""
    handed = any(item.delivery == "sent" for item in outbox.items_of(transaction))
    ledger.append(TransactionRegistered(handed), transaction)


def doubt(ledger: Ledger, outbox: Outbox, transaction: str, why: Why) -> None:
    """No verdict in time for a kind that may not: ask the centre to burn it."""
    ledger.append(TransactionDoubted(why), transaction)
    outbox.burn(transaction)
