"""The drawing on each tile: `tile-<its name>.svg`, or one that says the same.  No page has one twice."""

from __future__ import annotations

from screens import drawings

SHARED = {
    "all_seen": "check",
    "at_the_window": "tile-window",
    "away": "medical",
    "bank": "bank",
    "birth_certificate": "tile-newborn",
    "channels": "phone",
    "guardian": "tile-minors",
    "guardianship": "tile-minors",
    "insurance": "medical",
    "loss": "tile-report-loss",
    "passport": "tile-other-documents",
    "pick_up": "place",
    "pin": "tile-passwords",
    "pin_change": "tile-change-pin",
    "pin_forgotten": "tile-reset-pin",
    "proxies": "people",
    "proxy": "people",
    "resident_id": "tile-first-card",
    "undo_loss": "undo",
    "wrong_data": "warning",
}
"""Tiles whose drawing has another name."""

OTHER = "tile-card"
"""On the tile of a topic that an office has added to the guide."""


def sign_of(service: str) -> str:
    """The drawing's name, for a tile's service, topic or way."""
    name = SHARED.get(service, f"tile-{service.replace('_', '-')}")
    return name if drawings.exists(name) else OTHER
