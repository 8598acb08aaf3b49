"""What the office does for the demo's terminal: gives it a pairing code, and signs its policy."""

from __future__ import annotations

from pathlib import Path

from drivers.virtual.demo.kiosk_words import run
from kiosk import policy

REGION = "guangxi"

SWITCHED_ON = """
[reset_pin]
enabled = true

[unblock_pin]
enabled = true
"""


def pairing_code(central: Path, terminal: str) -> str:
    return run("central", "--state", str(central), "code", terminal).strip()


def signed_policy(central: Path, file: Path) -> None:
    """The region's policy with both PIN services, in `file` and signed beside it."""
    shipped = (policy.HERE / f"{REGION}.toml").read_text()
    file.write_text(shipped + SWITCHED_ON)
    run("central", "--state", str(central), "policy", "sign", str(file))
