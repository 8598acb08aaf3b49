"""What the office does for the demo's terminal: gives it a pairing code, and signs its policy."""

from __future__ import annotations

from pathlib import Path

from drivers.virtual.demo.kiosk_words import run
from kiosk import policy

REGION = "guangxi"
PLACE = "459900"
"""AAB301."""

SWITCHED_ON = """
[reset_pin]
enabled = true

[unblock_pin]
enabled = true

[release]
enabled = true

[activation]
enabled = true

[formal_loss]
full = true

[replacement]
full = true
"""


def pairing_code(central: Path, terminal: str) -> str:
    """For a terminal in the city that issued the cards of the people with files."""
    return run("central", "--state", str(central), "code", terminal, "--region", PLACE).strip()


def signed_policy(central: Path, file: Path) -> None:
    """The region's policy with every service, to its end, in `file` and signed beside it."""
    shipped = (policy.HERE / f"{REGION}.toml").read_text()
    file.write_text(shipped + SWITCHED_ON)
    run("central", "--state", str(central), "policy", "sign", str(file))
