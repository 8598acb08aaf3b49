"""How a person wants to be served: chosen on any page, gone with the visit.  Knows no Kivy."""

from __future__ import annotations

import msgspec

from kiosk.words import CHINESE
from screens.theme import LOOKS, STANDARD

SLOW_PACE = 2


class Manner(msgspec.Struct, frozen=True):
    language: str = CHINESE
    look: str = STANDARD.name
    low: bool = False
    """Everything to touch is within a seated person's reach."""
    spoken: bool = False
    """Pages are read out."""

    @property
    def pace(self) -> int:
        """Reading large type and listening take longer: how many times as long everything waits."""
        return SLOW_PACE if LOOKS[self.look].large or self.spoken else 1
