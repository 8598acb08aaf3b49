"""Those who can say what really happened: the chip, the centre's database, and the journal's file.

None of them is the terminal speaking of itself: the chip is asked through another driver, the database and the
journal are read from their files.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from drivers.virtual.bench import Bench
from drivers.virtual.demo import chip_witness
from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.people import Person, find
from kiosk import pairing
from kiosk.contract import Kind
from kiosk.journal import View, reading
from kiosk.journal.transaction import Acknowledged, Stage

DELIVERY_S = 120.0
"""After the line is back: the worker's next try may be as late as its backoff allows."""
LOOK_S = 0.25
NEWEST = 200

AT_THE_CENTRE = """
    SELECT t.id, t.outcome FROM "transaction" t JOIN person p ON p.id = t.person_id
    WHERE p.number = ? AND t.kind = 'temporary_loss' ORDER BY t.decided_at
"""
CARD_STATUS = "SELECT c.status FROM card c JOIN person p ON p.id = c.person_id WHERE p.number = ? AND c.current"


class Records(msgspec.Struct, frozen=True):
    """Where they lie."""

    central_database: Path
    terminal_state: Path
    """Journal, head and identity of the terminal."""
    office_key: Path
    reader: str
    """Beginning of the name of the reader the chip is asked in."""


class Witnesses:
    """Asked before and after a story; `agree…` raises StoryFailed with a sentence when they do not."""

    def __init__(self, records: Records, bench: Bench) -> None:
        self._records = records
        self._bench = bench
        self._before: frozenset[str] = frozenset()
        identity = pairing.load_terminal(records.terminal_state, pairing.read_office_key(records.office_key))
        self._verdict_key = identity.verdict_key

    def begin(self) -> None:
        """Remember what is on record before the story."""
        self._before = frozenset(view.id for view in self._views())

    # --- what must be so ----------------------------------------------------------------

    def agree_on_loss(self, key: str) -> View:
        """Reported once, in effect at the centre, delivered and done in the journal; the chip is untouched."""
        person = self._person(key)
        self._wait(lambda: self._new_loss() is not None and self._delivered(), "the journal's loss was not delivered")
        view = self._new_loss()
        assert view is not None, "waited for"  # noqa: S101
        _require(view.state.stage is Stage.DONE, f"the journal says {view.state.stage}, not done")
        at_centre = self._at_centre(person)
        _require(at_centre == [(view.id, "done")], f"the centre has {at_centre}, the journal one done loss {view.id}")
        self._require_status(person, "4")
        self._require_chip_untouched(person)
        self._require_whole_journal()
        return view

    def agree_on_waiting(self, key: str) -> View:
        """Registered in the journal, unknown to the centre."""
        view = self._new_loss()
        if view is None:
            raise StoryFailed("the journal has no loss, but the screen said it was registered")
        _require(view.state.stage is Stage.REGISTERED, f"the journal says {view.state.stage}, not registered")
        at_centre = self._at_centre(self._person(key))
        _require(at_centre == [], f"the line was cut, but the centre has {at_centre}")
        return view

    def agree_on_nothing(self, key: str, *, status: str) -> None:
        """No transaction anywhere; the card has the status it had."""
        _require(not self._new(), f"the journal has transactions nobody asked for: {self._new()}")
        self._require_status(self._person(key), status)
        self._require_chip_untouched(self._person(key))
        self._require_whole_journal()

    def agree_that_none_is_lost(self, key: str) -> str:
        """After a kill: whatever the journal drafted reached the centre, and the centre has nothing else."""
        person = self._person(key)
        self._wait(self._delivered, "something in the journal was not delivered")
        drafted = {view.id for view in self._new() if view.state.stage is Stage.DONE}
        at_centre = {id for id, _ in self._at_centre(person)}
        _require(
            drafted == at_centre, f"done in the journal: {drafted or 'none'}; at the centre: {at_centre or 'none'}"
        )
        self._require_status(person, "4" if at_centre else "1")
        self._require_chip_untouched(person)
        self._require_whole_journal()
        return "4" if at_centre else "1"

    # --- the witnesses --------------------------------------------------------------------

    def _at_centre(self, person: Person) -> list[tuple[str, str]]:
        return [(str(id), str(outcome)) for id, outcome in self._query(AT_THE_CENTRE, person.number)]

    def _query(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        uri = f"{self._records.central_database.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=5)) as database:
            return database.execute(sql, values).fetchall()

    def _require_status(self, person: Person, wanted: str) -> None:
        found = [status for (status,) in self._query(CARD_STATUS, person.number)]
        _require(found == [wanted], f"the centre's card has status {found}, not {wanted}")

    def _require_chip_untouched(self, person: Person) -> None:
        """A loss and a question change nothing on the chip."""
        hands = self._bench.hands
        if person.card is None or not hands.has_slot or person.card.application_blocked:
            return
        hands.put_in(person.key)
        try:
            says = chip_witness.ask(self._records.reader)
        finally:
            hands.pull_out()
        _require(says.card_number == person.card.number, "the chip has another card number than it was issued with")
        wanted = f"63C{person.card.tries_left:X}" if person.card.tries_left else "6983"
        wanted = wanted if person.card.pin else "9000"
        _require(says.pin == wanted, f"the chip's PIN counter says {says.pin}, not {wanted}: somebody tried a PIN")

    def _views(self) -> list[View]:
        return reading.newest(self._journal, NEWEST)

    def _new(self) -> list[View]:
        return [view for view in self._views() if view.id not in self._before]

    def _new_loss(self) -> View | None:
        losses = [view for view in self._new() if view.kind is Kind.TEMPORARY_LOSS]
        if len(losses) > 1:
            raise StoryFailed(f"one loss was reported, the journal has {len(losses)}")
        return losses[0] if losses else None

    def _delivered(self) -> bool:
        return all(isinstance(view.delivery, Acknowledged) for view in self._new() if view.kind is Kind.TEMPORARY_LOSS)

    def _require_whole_journal(self) -> None:
        head = self._records.terminal_state / "head.json"
        verified = reading.verify(self._journal, head_file=head, verdicts=self._verdict_key)
        _require(not verified.findings, f"the journal's chain is broken: {verified.findings}")

    @property
    def _journal(self) -> Path:
        return self._records.terminal_state / "journal.db"

    def _person(self, key: str) -> Person:
        return find(self._bench.hands.people, key)

    def _wait(self, so: Callable[[], bool], otherwise: str) -> None:
        end = time.monotonic() + DELIVERY_S
        while not so():
            if time.monotonic() >= end:
                raise StoryFailed(f"{otherwise} within {DELIVERY_S:.0f} s")
            time.sleep(LOOK_S)


def _require(right: bool, otherwise: str) -> None:
    if not right:
        raise StoryFailed(otherwise)
