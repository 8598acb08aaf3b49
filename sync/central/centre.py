"""One centre: what every rule may use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kiosk.clock import Clock
from sync.central import tables
from sync.central.hsm import SoftwareHsm
from sync.central.keys import CentreKeys
from sync.central.store import Store


@dataclass(frozen=True)
class Limits:
    """Quotas: a stolen signing key or a bored visitor must not be able to do much."""

    losses_per_person_a_day: int = 5
    losses_per_terminal_a_day: int = 500
    readings_per_card_an_hour: int = 20
    readings_per_terminal_an_hour: int = 300
    codes_per_person_a_day: int = 10
    codes_per_terminal_a_day: int = 500
    pin_work_per_person_a_day: int = 5
    pin_work_per_terminal_a_day: int = 300
    unblocks_per_card_a_day: int = 1
    card_work_per_person_a_day: int = 5
    """Formal losses, releases, activations and replacements that were done: each kind for itself."""
    card_work_per_terminal_a_day: int = 300
    wrong_numbers_per_person_a_day: int = 5
    wrong_numbers_per_terminal_an_hour: int = 20


@dataclass(frozen=True)
class Centre:
    """Rules are plain functions of it, called inside `store.transaction()`."""

    store: Store
    keys: CentreKeys
    hsm: SoftwareHsm
    clock: Clock
    limits: Limits = field(default_factory=Limits)

    def now(self) -> dt.datetime:
        return self.clock.now()


class SpentInStore:
    """The HSM's memory for challenges, shared by all workers because it lies in the store."""

    def spend(self, factor: bytes) -> bool:
        known = tables.SpentFactor.get_or_none(factor=factor.hex())
        if known is None:
            tables.SpentFactor.create(factor=factor.hex())
        return known is None
