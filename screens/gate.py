"""One touch, one action.

A person's double tap, a palm beside the finger, a finger that comes up after the page has changed: none of them may
press anything they did not mean.
"""

from __future__ import annotations

from collections.abc import Callable

SETTLE_S = 0.35
"""A new page takes no touch this long: the second press of a double tap comes within it."""
HELD_S = 30
"""Whoever has not come up by then never will: the panel was unplugged under a finger, or something leans on it."""


class Gate:
    """Decides which touch counts.  `now` gives seconds; `acted` hears of every touch that did."""

    def __init__(self, now: Callable[[], float], acted: Callable[[], None] = lambda: None) -> None:
        self._now, self._acted = now, acted
        self._held: object | None = None
        self._held_since = now()
        self._may_act = False
        self.closed_until = now()
        """Until then no touch counts."""
        self.acts = 0
        """How many touches did something."""

    def press(self, touch: object) -> bool:
        """True: this touch is the one; every other is nothing until it is released."""
        now = self._now()
        held = self._held is not None and now - self._held_since < HELD_S
        if held or now < self.closed_until:
            return False
        self._held, self._held_since, self._may_act = touch, now, True
        return True

    def release(self, touch: object) -> None:
        if touch is self._held:
            self._held, self._may_act = None, False

    def act(self) -> bool:
        """Asked on release by what was pressed: True once for each touch."""
        may, self._may_act = self._may_act, False
        if may:
            self.acts += 1
            self._acted()
        return may

    def turn(self, closed_s: float = SETTLE_S) -> None:
        """Another page is there: what is held was meant for the old one."""
        self._may_act = False
        self.closed_until = max(self.closed_until, self._now() + closed_s)
