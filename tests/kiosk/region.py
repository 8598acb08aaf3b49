"""Two regions that differ in whatever may differ: Guangxi, and one that exists only in tests."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from kiosk.config import read
from kiosk.policy import HERE, Policy, checked

GUANGXI = HERE / "guangxi.toml"
OTHER = Path(__file__).parent / "regions" / "other.toml"
BOTH = (GUANGXI, OTHER)


def policy(region: Path = GUANGXI, **changes: Any) -> Policy:
    """A region's, with some of its top keys changed."""
    return checked(region, read(region) | changes) if changes else _as_written(region)


@functools.cache
def _as_written(region: Path) -> Policy:
    return checked(region, read(region))
