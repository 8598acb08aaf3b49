"""How often the window looks for touches and draws: as fast as a finger wants, and slower while nobody is here.

Kivy looks by the clock, not when something comes: ninety times a second, that alone is a tenth
of a core, day and night.
"""

from __future__ import annotations

from kivy.clock import Clock
from kivy.config import Config

CALM_PER_S = 12
"""Whoever touches the first page waits a twelfth of a second more, once."""


def calm() -> None:
    _pace(CALM_PER_S)


def brisk() -> None:
    """As the window was set up."""
    _pace(Config.getint("graphics", "maxfps"))


def _pace(per_s: int) -> None:
    # Kivy has no other way: it reads its Config once.
    Clock._max_fps = float(per_s)
