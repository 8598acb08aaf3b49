"""What an office may switch of a service: on, off, to the end, and with which further proof of the person.

The types are the floor: what they cannot say, no office can ask for.  No section says what may wait for a line
(`contract.MAY_WAIT`), and the cards a person must show are in `evidence.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import msgspec

from kiosk.contract import Text
from kiosk.faults import Path

FurtherProof = Literal["phone_code", "clerk"]
"""Beyond the cards, and never none: two cards can be in one stolen wallet.  A clerk's word stands for the phone's code,
too; `clerk`: nothing else does."""


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On unless the office turns it off."""

    enabled: bool = True


class SiteService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site switch: off unless the office that owns the terminal turns it on."""

    enabled: bool = False


class ProvenService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site switch; with the cards alone it cannot be switched on."""

    enabled: bool = False
    proof: FurtherProof = "phone_code"


HolderService = Literal[
    "report_loss", "release", "formal_loss", "replacement", "activation", "reset_pin", "unblock_pin", "change_pin"
]
StandInService = Literal["report_loss", "formal_loss", "replacement"]
"""Whoever comes for somebody else gets no PIN and starts no card."""


class Assisted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clerk at the terminal vouches: a site switch, and what is opened so, as far as it is finished here."""

    enabled: bool = False
    present: list[HolderService] = msgspec.field(default_factory=lambda: list(get_args(HolderService)))
    """For the holder: with other papers, or without the further proof that a service asks for."""
    guardian: list[StandInService] = msgspec.field(default_factory=lambda: list(get_args(StandInService)))
    proxy: list[StandInService] = msgspec.field(default_factory=lambda: list(get_args(StandInService)))

    def disagreements(self) -> Iterator[tuple[Path, Text]]:
        if "activation" in self.present and "change_pin" not in self.present:
            yield (
                ("present",),
                Text(
                    "有“activation”就要有“change_pin”：启用后必须当场改掉初始密码",
                    "activation takes change_pin with it: the first PIN is changed in the same visit",
                ),
            )


class OrderService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new card: prepared here for the window, and finished here only where the office turns that on."""

    enabled: bool = True
    full: bool = False
    proof: FurtherProof = "phone_code"
    """Only where it is finished here; what is prepared is proved at the window."""

    def disagreements(self) -> Iterator[tuple[Path, Text]]:
        if self.full and not self.enabled:
            yield ("full",), Text("业务已关闭，不能在终端办完", "the service is switched off, nothing is finished here")
