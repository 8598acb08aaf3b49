"""One seed for everything that is random: the machine's entropy, and the order in which trio runs what is ready."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from unittest import mock

import trio


@contextlib.contextmanager
def loaded(seed: int) -> Iterator[random.Random]:
    """Same seed, same ids, challenges, codes, delays and turns.  Keys are not: OpenSSL has entropy of its own."""
    entropy = random.Random(f"entropy {seed}").randbytes
    turns = trio._core._run  # as hypothesis' plugin does; there is no public name for it
    with (
        mock.patch.object(os, "urandom", entropy),
        mock.patch.object(random, "_urandom", entropy),
        mock.patch.object(turns, "_ALLOW_DETERMINISTIC_SCHEDULING", True),
    ):
        turns._r.seed(seed)
        yield random.Random(seed)
