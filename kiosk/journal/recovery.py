"""When no verdict came: in time, or before the terminal went down."""

from __future__ import annotations

from kiosk.contract import MAY_WAIT, Kind
from kiosk.devices import PrintUnknown
from kiosk.journal import paper
from kiosk.journal.chip import Chip
from kiosk.journal.ledger import Ledger
from kiosk.journal.outbox import Outbox
from kiosk.journal.records import TransactionDoubted, TransactionRegistered
from kiosk.journal.transaction import ON_THE_CHIP, Stage, Why


def recover(ledger: Ledger, outbox: Outbox, chip: Chip, restored: bool) -> None:
    """At every start.  Whether an effect happened or not is asked of the centre or of the chip, never guessed.

    Items that were handed to the line without an answer stay in the outbox; the centre knows them by id.
    `restored`: the file may be older than what the terminal did.
    """
    chip.recover(restored)
    for left in ledger.archive.in_stage(Stage.DRAFTED):
        if left.kind in MAY_WAIT:
            register(ledger, left.id)
        else:
            doubt(ledger, outbox, left.id, _why(left.kind, restored))
    for slip in paper.still_open(ledger):
        paper.end(ledger, slip, PrintUnknown(advice="打印时终端重启"))


def _why(kind: Kind, restored: bool) -> Why:
    return Why.RESTORED if restored and kind in ON_THE_CHIP else Why.RESTARTED


def register(ledger: Ledger, transaction: str) -> None:
    """For a kind that may wait.  What was decided in the meantime stays."""
    if ledger.archive.stage(transaction) is Stage.DRAFTED:
        handed = any(item.delivery == "sent" for item in ledger.archive.items(transaction))
        ledger.append(TransactionRegistered(handed), transaction)


def give_up(ledger: Ledger, outbox: Outbox, chip: Chip, transaction: str) -> None:
    """Nobody waits for the verdict any more.  What the centre has allowed for the chip by now is not done either."""
    if ledger.archive.stage(transaction) is Stage.AUTHORISED:
        chip.never_acted(transaction)
    else:
        doubt(ledger, outbox, transaction, Why.NO_ANSWER)


def doubt(ledger: Ledger, outbox: Outbox, transaction: str, why: Why) -> None:
    """For a kind that may not: ask the centre to burn it.  What was decided in the meantime stays."""
    if ledger.archive.stage(transaction) is Stage.DRAFTED:
        ledger.append(TransactionDoubted(why), transaction)
        outbox.burn(transaction)
