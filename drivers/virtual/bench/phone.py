"""The phones in people's pockets: what the centre's text messages look like when they arrive."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

import msgspec

from drivers.virtual.people import Person

NEWEST = "SELECT text, at FROM sms WHERE number = ? ORDER BY at DESC LIMIT 1"
PATIENCE_S = 5
"""The centre may be writing."""
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class TextMessage(msgspec.Struct, frozen=True):
    text: str
    at: str

    @property
    def code(self) -> str | None:
        """The six digits a person reads off it; None: there are none."""
        found = CODE.search(self.text)
        return found.group() if found else None


class Phones:
    """Every person's.  Stands for the mobile network: reads the table from which a gateway would send."""

    def __init__(self, centre: Path) -> None:
        """`centre`: the reference centre's database."""
        self._centre = centre

    def newest(self, person: Person) -> TextMessage | None:
        uri = f"{self._centre.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S)) as database:
            row = database.execute(NEWEST, (person.phone,)).fetchone()
        return TextMessage(*row) if row else None
