"""Touches that nobody makes: a wet or worn panel, a loose cable, a charger without earth.

A ghost is told by what no hand does.  While it lasts no touch counts, not even as a sign of life: else it would keep
somebody's visit open, and press whatever comes under it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from screens import gate

STORM_TOUCHES = 60
STORM_S = 5
"""Twelve touches a second, five seconds long: nobody drums so fast with the one finger that counts."""
HELD_S = 60
"""Nobody leaves a finger on the glass for a minute; a thing that leans on it does."""
SPOT_TOUCHES = 40
"""In a row on one spot, and nothing was answered: an impatient person gives up or moves long before."""
SPOT_MM = 4
"""Fingers scatter more than this, a broken spot less."""
QUIET_S = 10
"""The glass is believed again after so long without a touch."""

Spot = tuple[float, float]


class Ghosts:
    """Told every touch that comes and goes.  `now` gives seconds, `spot` is in pixels, as places of touches are."""

    def __init__(self, now: Callable[[], float], spot: float) -> None:
        self._now, self._spot = now, spot
        self._times: deque[float] = deque(maxlen=STORM_TOUCHES)
        self._held: dict[object, float] = {}
        """When each touch that is on the glass came."""
        self._at: Spot = (-math.inf, -math.inf)
        self._in_a_row = 0
        self._last = now()
        """When a touch last came or went."""
        self._haunted = False

    @property
    def haunted(self) -> bool:
        """Whether touches count for nothing now."""
        return self._haunted

    @property
    def at_rest(self) -> bool:
        """Nothing can change before the next touch."""
        return not self._held and not self._haunted

    def press(self, touch: object, at: Spot) -> None:
        """One finger counts: whatever the glass still holds by `gate.HELD_S` is gone, and nobody told its end."""
        now = self._now()
        self._held = {held: since for held, since in self._held.items() if now - since < gate.HELD_S}
        self.look()
        self._last = now
        same = math.dist(at, self._at) <= self._spot
        self._at, self._in_a_row = (self._at, self._in_a_row + 1) if same else (at, 1)
        self._times.append(now)
        self._held[touch] = now
        storms = len(self._times) == STORM_TOUCHES and now - self._times[0] <= STORM_S
        self._haunted = self._haunted or storms or self._in_a_row >= SPOT_TOUCHES

    def release(self, touch: object) -> None:
        self.look()
        self._held.pop(touch, None)
        self._last = self._now()

    def answered(self) -> None:
        """What was pressed was meant: somebody got an answer."""
        self._in_a_row = 0

    def look(self) -> None:
        """Time passes: a touch becomes too long, or the glass has been quiet for long enough."""
        now = self._now()
        if any(now - since >= HELD_S for since in self._held.values()):
            self._haunted = True
        elif self._haunted and not self._held and now - self._last >= QUIET_S:
            self._haunted, self._in_a_row = False, 0
            self._times.clear()
