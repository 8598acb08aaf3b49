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
from drivers.virtual.people import Person
from drivers.virtual.people.numbers import card_check

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

[replacement]
full = true
proof = "clerk"

[assisted]
enabled = true
"""

FORMAL_LOSS_TO_THE_END = """
[formal_loss]
full = true
"""

CLERK = "演示窗口"
NEW_CARD_EXPIRES = "2036-11-30"
PICK_UP = ("演示市民中心一楼3号窗口", "Demo civic centre, window 3")
WHY_STOPPED = ("照片不合格，请重新照相。", "The photo cannot be used; please have a new one taken.")


class Office(msgspec.Struct, frozen=True):
    """Where cards are made and rules are signed: what happens between two visits."""

    central: Path
    policy: Path
    """The terminal's, read at its start."""
    region: str
    """What the region's rules say."""

    def makes(self, person: Person) -> None:
        """The card that was ordered for this one, until it waits for its holder."""
        order = self._order(person)
        self._advance(order)
        self._advance(order)
        serial = person.number[-8:-1]
        number = f"N{serial}"
        identifier = f"{PLACE}D156000005{serial:0>8}FFFFFFFF"
        self._advance(order, "--card", number + card_check(number), identifier, NEW_CARD_EXPIRES)
        self._advance(order, "--place", *PICK_UP)

    def stops(self, person: Person) -> None:
        """Somebody has to do something first."""
        self._production("fail", self._order(person), *WHY_STOPPED)

    def ends_formal_losses_here(self) -> None:
        self._sign(SWITCHED_ON + FORMAL_LOSS_TO_THE_END)

    def leaves_formal_losses_to_the_window(self) -> None:
        self._sign(SWITCHED_ON)

    def _sign(self, switched_on: str) -> None:
        """The region's policy with more switched on, and the signature beside it."""
        self.policy.write_text(self.region + switched_on)
        run("central", "--state", str(self.central), "policy", "sign", str(self.policy))

    def _order(self, person: Person) -> str:
        assert person.card is not None, "whoever waits for a new card has an old one"  # noqa: S101
        lines = (line.split() for line in self._production("list").splitlines())
        return next(order for order, last4, *_ in lines if last4 == person.card.number[-4:])

    def _advance(self, order: str, *told: str) -> None:
        self._production("advance", order, *told)

    def _production(self, *words: str) -> str:
        return run("central", "--state", str(self.central), "production", *words)


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
