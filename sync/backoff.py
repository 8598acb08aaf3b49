"""How long to wait after a failure: full jitter, so that terminals that failed together do not come back together."""

from __future__ import annotations

import secrets

import msgspec

RETRY_AFTER_LIMIT_S = 86_400
"""A day.  A centre that asks for more has a wrong clock; there is no give-up in either direction."""


class Backoff(msgspec.Struct, frozen=True):
    """The ceiling doubles with every failure from `first_s` to `limit_s`; the delay lies anywhere below it."""

    first_s: float
    limit_s: float

    def ceiling_s(self, failures: int) -> float:
        doublings = min(max(failures - 1, 0), 30)  # beyond, only floats would overflow
        return min(self.first_s * (1 << doublings), self.limit_s)

    def delay_s(self, failures: int, chance: float, asked_s: float = 0) -> float:
        """`failures` in a row, `chance` in [0, 1); `asked_s` is the centre's Retry-After, obeyed and jittered too."""
        return min(asked_s, RETRY_AFTER_LIMIT_S) + chance * self.ceiling_s(failures)


random_chance = secrets.SystemRandom().random
"""Terminals started by the same power cut must not roll the same dice."""

ITEMS = Backoff(first_s=1, limit_s=15 * 60)
"""Items that the centre could not take: the contract's 1 s … 15 min."""

PROBE = Backoff(first_s=1, limit_s=15)
"""Heartbeats while the line is down: it counts as good again within 15 s of its return."""
