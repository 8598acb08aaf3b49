"""What is on record since a story began: the centre's database, the journal's file, and what the chip says.

None of it is the terminal speaking of itself: the chip is asked through another driver, the database and the journal
are read from their files.
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
from drivers.virtual.demo.chip_witness import ChipSays
from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.people import Person, find
from kiosk import pairing
from kiosk.journal import View, reading

DELIVERY_S = 120.0
"""After the line is back: the worker's next try may be as late as its backoff allows."""
LOOK_S = 0.25
NEWEST = 200

SIGN_INS = "SELECT id, clerk_id FROM sign_in ORDER BY at"
CARD_STATUS = "SELECT c.status FROM card c JOIN person p ON p.id = c.person_id WHERE p.number = ? AND c.current"


class Places(msgspec.Struct, frozen=True):
    """Where the records lie."""

    central_database: Path
    terminal_state: Path
    """Journal and identity of the terminal."""
    head_file: Path
    office_key: Path
    reader: str
    """Beginning of the name of the reader the chip is asked in."""


class Recorded:
    """Read anew at every question."""

    def __init__(self, places: Places, bench: Bench) -> None:
        self._places = places
        self._bench = bench
        self._before: frozenset[str] = frozenset()
        self._sign_ins_before: frozenset[str] = frozenset()
        identity = pairing.load_terminal(places.terminal_state, pairing.read_office_key(places.office_key))
        self._verdict_key = identity.verdict_key

    def begin(self) -> None:
        """Remember what is on record before the story."""
        self._before = frozenset(view.id for view in self._views())
        self._sign_ins_before = frozenset(str(id) for id, _ in self.centre(SIGN_INS))

    def person(self, key: str) -> Person:
        return find(self._bench.hands.people, key)

    # --- the journal ----------------------------------------------------------------------

    def new(self) -> list[View]:
        """Transactions since the story began, the newest first."""
        return [view for view in self._views() if view.id not in self._before]

    def require_whole_journal(self) -> None:
        verified = reading.verify(self._journal, head_file=self._places.head_file, verdicts=self._verdict_key)
        require(not verified.findings, f"the journal's chain is broken: {verified.findings}")

    def _views(self) -> list[View]:
        return reading.newest(self._journal, NEWEST)

    @property
    def _journal(self) -> Path:
        return self._places.terminal_state / "journal.db"

    # --- the centre -----------------------------------------------------------------------

    def centre(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        uri = f"{self._places.central_database.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=5)) as database:
            return database.execute(sql, values).fetchall()

    def new_sign_ins(self) -> list[str]:
        """Which clerks signed in since the story began, at the centre."""
        return [str(clerk) for id, clerk in self.centre(SIGN_INS) if id not in self._sign_ins_before]

    def require_status(self, person: Person, wanted: str | None) -> None:
        """None: the person has no card."""
        found = [status for (status,) in self.centre(CARD_STATUS, person.number)]
        require(found == ([wanted] if wanted else []), f"the centre's card has status {found}, not {wanted}")

    # --- the chip -------------------------------------------------------------------------

    def ask_chip(self, person: Person, pin: str | None = None) -> ChipSays | None:
        """Put the card in and ask it; None where there is no card, or the reader is not the bench's."""
        hands = self._bench.hands
        if person.card is None or not hands.has_slot or person.card.application_blocked:
            return None
        hands.put_in(person.key)
        try:
            says = chip_witness.ask(self._places.reader, pin)
        finally:
            hands.pull_out()
        require(says.card_number == person.card.number, "the chip has another card number than it was issued with")
        return says

    def require_chip(self, person: Person, tries: int, pin: str | None = None) -> None:
        """So many tries left before anybody asks, 0: blocked; and the PIN that verifies, None: not to be tried."""
        says = self.ask_chip(person, pin)
        if says is None:
            return
        wanted = f"63C{tries:X}" if tries else "6983"
        require(says.pin == wanted, f"the chip's PIN counter says {says.pin}, not {wanted}")
        if pin is not None:
            require(says.verified == "9000", f"VERIFY with the right PIN gave {says.verified}")


# --- how witnesses speak ----------------------------------------------------------------------


def wait(so: Callable[[], bool], otherwise: str) -> None:
    """Raises StoryFailed."""
    end = time.monotonic() + DELIVERY_S
    while not so():
        if time.monotonic() >= end:
            raise StoryFailed(f"{otherwise} within {DELIVERY_S:.0f} s")
        time.sleep(LOOK_S)


def require(right: bool, otherwise: str) -> None:
    """Raises StoryFailed."""
    if not right:
        raise StoryFailed(otherwise)
