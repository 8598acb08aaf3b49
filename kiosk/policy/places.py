"""Where else people are served, and where their cards come from."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

from kiosk.contract import Text
from kiosk.faults import Fault, Path, joined, shown

Address = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^https://[^\s]+\Z",
        description='an https address, e.g. "https://example.gov.cn"',
        extra={"zh": 'https 网址，例如 "https://example.gov.cn"'},
    ),
]


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Not this terminal: a telephone, an app, a page."""

    name: Text
    services: list[Literal["report_loss", "progress", "card_status", "replacement"]]
    """What it does for people."""
    address: Address | None = None
    """For a QR code."""


class PickUp(enum.StrEnum):
    BRANCH = "branch"
    """A branch of the card's bank."""
    INSTANT_ISSUE = "instant_issue"
    """An outlet that makes the card at once, in the county of enrolment; the holder only."""
    COURIER = "courier"


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the region that runs its own cards."""

    name: Text
    code: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9]{4}\Z",
            description='four digits of GB/T 2260, e.g. "4501"',
            extra={"zh": '行政区划代码（GB/T 2260）的前四位，例如 "4501"'},
        ),
    ]
    """Where its cards are issued (AAB301): the centre tells this of a lost card, too, of its number only the end."""
    channels: list[Channel] = []
    """Before the region's."""


class Outlet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Text
    address: Text
    hours: Text | None = None
    area: str | None = None
    """Of `areas`; None: for cards of no area."""
    bank: str | None = None
    """Code of the bank whose cards it has; None: of every bank."""
    pick_up: PickUp = PickUp.BRANCH


def astray(policy: dict[str, Any]) -> Iterator[Fault]:
    """Outlets of an area or a bank that stands nowhere in the file, and areas nobody could tell apart."""
    outlets, areas = policy.get("outlets"), policy.get("areas")
    for number, outlet in enumerate(outlets if isinstance(outlets, list) else []):
        for key, section in (("area", "areas"), ("bank", "banks")):
            name = outlet.get(key) if isinstance(outlet, dict) else None
            known = policy.get(section, {})
            if isinstance(name, str) and isinstance(known, dict) and name not in known:
                path = ("outlets", number, key)
                yield Fault(path, _nowhere(path, name, section, ", ".join(known)))
    taken: dict[str, str] = {}
    for name, area in (areas if isinstance(areas, dict) else {}).items():
        code = area.get("code") if isinstance(area, dict) else None
        if not isinstance(code, str):
            continue
        if code in taken:
            path = ("areas", name, "code")
            yield Fault(path, _alike(path, code, taken[code]))
        taken[code] = name


def _nowhere(path: Path, name: str, section: str, known: str) -> Text:
    subject = f"{joined(path)} = {shown(name)}"
    return Text(
        f"{subject}：文件里没有 [{section}.{name}]；已有的是 {known or '（无）'}",
        f"{subject}: there is no [{section}.{name}] in the file; there is {known or 'none'}",
    )


def _alike(path: Path, code: str, other: str) -> Text:
    subject = f"{joined(path)} = {shown(code)}"
    return Text(f"{subject}：与 areas.{other} 的卡分不开", f"{subject}: cannot be told from the cards of areas.{other}")
