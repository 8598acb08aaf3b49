"""The rules that differ from place to place, as data: one TOML file a region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.config import BadConfig, convert, parse, read
from kiosk.contract import Kind, ProofKind, Text
from kiosk.faults import shown
from kiosk.pin import MAX_DIGITS, MIN_DIGITS
from kiosk.policy.signing import read_signed
from kiosk.seal import Rejected, VerifyKey

HERE = Path(__file__).parent


class Bank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    hotline: str


class IdCardRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    minimum_age: Annotated[int, msgspec.Meta(ge=16)] = 16
    """Younger people are served at the window; never below 16."""


class LossRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    other_channels: Text
    """Where a loss can be reported at once when this terminal has no line."""


class PinRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digits: Annotated[int, msgspec.Meta(ge=MIN_DIGITS, le=MAX_DIGITS)] = 6


class ChipService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site switch: off unless the office that owns the terminal turns it on."""

    enabled: bool = False
    proof: ProofKind = ProofKind.PHONE_CODE
    """Beyond the two cards; with the cards alone it cannot be switched on."""

    def __post_init__(self) -> None:
        if self.proof is not ProofKind.PHONE_CODE:
            raise ValueError(f'proof = "{self.proof}": must be "phone_code", this terminal knows no other yet')


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    region: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}\Z", description='two digits of GB/T 2260, e.g. "45"')]
    hotline: str
    notice_version: str
    """Of the privacy notice people agree to."""
    id_card: IdCardRules
    loss: LossRules
    banks: dict[str, Bank]
    """By the code the centre uses."""
    renewal_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 60
    """A card that expires within so many days is to be replaced."""
    pin: PinRules = PinRules()
    reset_pin: ChipService = ChipService()
    unblock_pin: ChipService = ChipService()

    def enabled(self, service: str) -> bool:
        """Whether this site offers a service at all."""
        switch = {"reset_pin": self.reset_pin, "unblock_pin": self.unblock_pin}.get(service)
        return switch is None or switch.enabled

    def proof_for(self, kind: Kind) -> ProofKind:
        return self.reset_pin.proof if kind is Kind.RELOAD_PIN else self.unblock_pin.proof

    def bank(self, code: str | None) -> Bank | None:
        return self.banks.get(code) if code is not None else None


def load_policy(name: str, office_key: VerifyKey) -> Policy:
    """`name` is a region shipped here, or a path to a file that the office has signed (`FILE.sig` beside it)."""
    shipped = HERE / f"{name}.toml"
    if "/" not in name:
        if not shipped.exists():
            known = ", ".join(sorted(file.stem for file in HERE.glob("*.toml")))
            raise BadConfig(f"terminal.policy = {shown(name)}: no such policy; there is {known}, or an absolute path")
        return convert(shipped, "", read(shipped), Policy)
    text = read_signed(Path(name), office_key)
    if isinstance(text, Rejected):
        raise BadConfig(f"terminal.policy = {shown(name)}: not signed by the office: {text.why}")
    return convert(Path(name), "", parse(Path(name), text), Policy)
