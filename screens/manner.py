"""How a person wants to be served: chosen on any page, gone with the visit.  Knows no Kivy."""

from __future__ import annotations

import enum

import msgspec

from kiosk.words import CHINESE
from screens.theme import LOOKS, STANDARD

SLOW_PACE = 2


LOUDEST = 5


class Speed(enum.StrEnum):
    """Of the voice."""

    SLOW = "slow"
    NORMAL = "normal"
    FAST = "fast"

    @property
    def next(self) -> Speed:
        """The faster one; after the fastest the slowest."""
        speeds = list(Speed)
        return speeds[(speeds.index(self) + 1) % len(speeds)]


class Manner(msgspec.Struct, frozen=True):
    language: str = CHINESE
    look: str = STANDARD.name
    low: bool = False
    """Everything to touch is within a seated person's reach."""
    spoken: bool = False
    """Pages are read out."""
    volume: int = 3
    """1 to 5."""
    speed: Speed = Speed.NORMAL
    dark: bool = False
    """The glass shows nothing, for whoever listens and wants nobody to look."""

    @property
    def large(self) -> bool:
        return LOOKS[self.look].large

    @property
    def louder(self) -> int:
        """The next volume; after the loudest the softest."""
        return self.volume % LOUDEST + 1

    @property
    def pace(self) -> int:
        """Reading large type and listening take longer: how many times as long everything waits."""
        return SLOW_PACE if self.large or self.spoken else 1
