"""Off after the first failed PUK authentication with any card, until a named operator clears it."""

from __future__ import annotations

from kiosk.journal.ledger import Head, Ledger
from kiosk.journal.records import PukCleared, PukSwitchedOff
from kiosk.journal.store import BreakerRow


class Breaker:
    """Methods that write run inside a commit of the ledger's store."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def off(self) -> bool:
        """By the records, in whichever journal of this file they stand."""
        newest = BreakerRow.select().order_by(BreakerRow.journal.desc(), BreakerRow.record_seq.desc())
        row = self._ledger.store.first(newest)
        if row is None:
            return False
        return isinstance(self._ledger.archive.record(row.journal, row.record_seq).body, PukSwitchedOff)

    def trip(self, transaction: str | None) -> bool:
        """Whether it was on until now.  None: no transaction did it, but a file older than what happened."""
        if self.off():
            return False
        self._keep(self._ledger.append(PukSwitchedOff(), transaction))
        return True

    def clear(self, by: str) -> bool:
        """Whether it was off until now."""
        if not self.off():
            return False
        self._keep(self._ledger.append(PukCleared(by)))
        return True

    def _keep(self, head: Head) -> None:
        self._ledger.store.run(BreakerRow.insert(journal=self._ledger.journal.number, record_seq=head.record_seq))
