"""The rules that differ from place to place, as data: one TOML file a region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.config import BadConfig, convert, read
from kiosk.contract import Text

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


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    region: Annotated[str, msgspec.Meta(pattern="^[0-9]{2}$")]
    hotline: str
    notice_version: str
    """Of the privacy notice people agree to."""
    id_card: IdCardRules
    loss: LossRules
    banks: dict[str, Bank]
    """By the code the centre uses."""

    def bank(self, code: str | None) -> Bank | None:
        return self.banks.get(code) if code is not None else None


def load_policy(name: str) -> Policy:
    """`name` is a region shipped here, or a path to a file."""
    path = HERE / f"{name}.toml" if "/" not in name else Path(name)
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in HERE.glob("*.toml")))
        raise BadConfig(f"terminal.policy = {name!r}: no such policy; there is {known}, or a path")
    return convert(path, "policy", read(path), Policy)
