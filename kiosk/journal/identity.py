"""Who this terminal is, and whom it believes: what pairing left behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from kiosk.seal import SealKey, SigningKey, VerifyKey


@dataclasses.dataclass(frozen=True)
class Identity:
    """The files behind it lie apart from the journal, so that a restored journal does not restore them."""

    terminal: str
    signing: SigningKey
    seal: SealKey
    """The centre's: what is sealed to it cannot be opened here."""
    verdicts: VerifyKey
    recognition_key: bytes = dataclasses.field(repr=False)
    """Made on the terminal; keys `holder_ref` and `card_ref`."""
    head_file: Path
    """Where the journal's last known head stands."""
