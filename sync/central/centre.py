"""One centre: what every rule may use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kiosk.clock import Clock
from kiosk.contract import OLD_ENOUGH
from kiosk.quotas import Quotas
from sync.central import tables
from sync.central.hsm import SoftwareHsm
from sync.central.keys import CentreKeys
from sync.central.store import Store


@dataclass(frozen=True)
class Centre:
    """Rules are plain functions of it, called inside `store.transaction()`."""

    store: Store
    keys: CentreKeys
    hsm: SoftwareHsm
    clock: Clock
    limits: Quotas = field(default_factory=Quotas)
    old_enough: int = OLD_ENOUGH
    """Years; younger people come with a guardian."""

    def now(self) -> dt.datetime:
        return self.clock.now()


class SpentInStore:
    """The HSM's memory for challenges, shared by all workers because it lies in the store."""

    def spend(self, factor: bytes) -> bool:
        known = tables.SpentFactor.get_or_none(factor=factor.hex())
        if known is None:
            tables.SpentFactor.create(factor=factor.hex())
        return known is None
