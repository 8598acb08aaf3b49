"""What can be finished now: the tiles of the home page, and the services that fit a card's status.

Pure rules: devices, line and clock go in, tiles come out.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import CardFacts, Kind
from kiosk.devices import DeviceNews
from kiosk.line import LineState, Online
from kiosk.prompts import Tile
from kiosk.words import Message, msg

REPORT_LOSS = "report_loss"
CARD_STATUS = "card_status"


class Readiness(msgspec.Struct, frozen=True):
    """What a service may need of the terminal."""

    devices: DeviceNews
    line: LineState
    clock_trusted: bool
    demo: bool
    """Virtual devices are accepted."""


def home_tiles(ready: Readiness) -> tuple[Tile, ...]:
    return tuple(tile(service, closed(service, ready)) for service in (REPORT_LOSS, CARD_STATUS))


def tile(service: str, why_closed: Message | None = None) -> Tile:
    return Tile(service, msg(f"tile.{service}.title"), msg(f"tile.{service}.subtitle"), why_closed)


def closed(service: str, ready: Readiness) -> Message | None:
    """Why a service cannot be finished now; None: it can.  A loss is never refused for lack of paper."""
    if ready.devices.virtual and not ready.demo:
        return msg("closed.virtual")
    online = isinstance(ready.line, Online)
    match service:
        case "report_loss":
            if not ready.devices.id_reader.usable:
                return msg("closed.id_reader")
            if not online and not ready.clock_trusted:
                return msg("closed.clock")
        case "card_status":
            if not online:
                return msg("closed.line")
            if not (ready.devices.id_reader.usable or ready.devices.card_reader.usable):
                return msg("closed.readers")
    return None


def fitting(card: CardFacts, ready: Readiness) -> tuple[Tile, ...]:
    """The services that make sense for this card now, as far as they can be finished here."""
    services = [REPORT_LOSS] if Kind.TEMPORARY_LOSS in card.operations else []
    return tuple(tile(service) for service in services if closed(service, ready) is None)
