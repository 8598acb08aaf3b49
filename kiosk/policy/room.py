"""What the rules have to know of the terminal's room for more."""

from __future__ import annotations

import enum

import msgspec


class Disk(enum.Enum):
    AMPLE = enum.auto()
    LOW = enum.auto()
    """What is left is kept for losses."""
    FULL = enum.auto()
    """Nothing may begin."""


class Unsent(enum.Enum):
    """What waits for the centre."""

    FEW = enum.auto()
    MANY = enum.auto()
    LONG = enum.auto()
    """So long that the centre may refuse what is added now."""


class Room(msgspec.Struct, frozen=True):
    disk: Disk
    unsent: Unsent
