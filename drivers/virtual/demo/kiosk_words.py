"""The terminal's own commands, run to their end as an installer would type them."""

from __future__ import annotations

import subprocess
import sys

from drivers.virtual.bench import StartFailed

KIOSK = (sys.executable, "-m", "kiosk")
COMMAND_S = 60.0


def run(*words: str) -> str:
    """What it printed.  Raises StartFailed."""
    done = subprocess.run([*KIOSK, *words], capture_output=True, text=True, timeout=COMMAND_S, check=False)
    if done.returncode:
        raise StartFailed(f"kiosk {words[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
