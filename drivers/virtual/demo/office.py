"""What the office does for the demo's terminal: gives it a pairing code, and signs its policy."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

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

[assisted]
enabled = true
"""

CLERK = "演示窗口"


class Clerk(msgspec.Struct, frozen=True):
    """Somebody at the office, with an authenticator in the pocket."""

    name: str
    number: str
    password: str
    otpauth: str

    def code(self) -> str:
        """Now."""
        (secret,) = parse_qs(urlsplit(self.otpauth).query)["secret"]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return TOTP(key, 6, SHA1(), 30).generate(int(time.time())).decode()  # noqa: S303 - RFC 6238 §1.2


def pairing_code(central: Path, terminal: str) -> str:
    """For a terminal in the city that issued the cards of the people with files."""
    return run("central", "--state", str(central), "code", terminal, "--region", PLACE).strip()


def clerk(central: Path) -> Clerk:
    """As every clerk is made: what is told once, to the clerk alone."""
    told = run("central", "--state", str(central), "clerk", CLERK).splitlines()
    number, password, otpauth = (line.split()[-1] for line in told)
    return Clerk(CLERK, number, password, otpauth)


def signed_policy(central: Path, file: Path) -> None:
    """The region's policy with every service, to its end, in `file` and signed beside it."""
    shipped = (policy.HERE / f"{REGION}.toml").read_text()
    file.write_text(shipped + SWITCHED_ON)
    run("central", "--state", str(central), "policy", "sign", str(file))
