"""What a path to a serial line really is."""

from __future__ import annotations

import os

PSEUDO_TERMINALS = "/dev/pts/"
"""Where Linux keeps lines with a program at the other end; no cable ever appears there."""


def is_pseudo(path: str) -> bool:
    """True for a pseudo-terminal, also behind a symbolic link; False for a real line and for one that is not there."""
    return os.path.realpath(path).startswith(PSEUDO_TERMINALS)
