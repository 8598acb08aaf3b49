"""What can be finished now: the tiles of the home page, and the services that fit a card's status.

Pure rules: devices, line and clock go in, tiles come out.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kiosk.contract import CardFacts, Kind, Vouching, Whom
from kiosk.devices import DeviceNews
from kiosk.line import LineState, Online, Unwelcome
from kiosk.policy import Policy
from kiosk.policy.room import Disk, Room, Unsent
from kiosk.prompts import Tile
from kiosk.terms import CardStatus, DeviceAbsent, DeviceFailing, DeviceOut, PinBlocked, PinState, TriesLeft
from kiosk.words import Message, msg

UNBLOCK_PIN = "unblock_pin"
RESET_PIN = "reset_pin"
CHANGE_PIN = "change_pin"
REPORT_LOSS = "report_loss"
CARD_STATUS = "card_status"
GUIDE = "guide"
RELEASE = "release"
FORMAL_LOSS = "formal_loss"
ACTIVATION = "activation"
REPLACEMENT = "replacement"
PROGRESS = "progress"
ASSISTED = "assisted"
"""No service, but a clerk's way to some of them: on no page for everybody."""


class Readiness(msgspec.Struct, frozen=True):
    """What a service may need of the terminal."""

    devices: DeviceNews
    line: LineState
    clock_trusted: bool
    demo: bool
    """Virtual devices are accepted."""
    puk_off: bool
    """A PUK authentication failed at this terminal: no more tries until an operator has cleared it."""
    room: Room


def home_tiles(ready: Readiness, policy: Policy) -> tuple[Tile, ...]:
    offered = [service for service in _AT_HOME if policy.open_to_all(service)]
    return tuple(tile(service, closed(service, ready)) for service in offered)


_AT_HOME = (
    *(UNBLOCK_PIN, RESET_PIN, REPORT_LOSS, CARD_STATUS, CHANGE_PIN),
    *(RELEASE, FORMAL_LOSS, REPLACEMENT, PROGRESS, GUIDE, ACTIVATION),
)
"""In the order of the first page, whose first leaf has five: what is urgent, and what is asked most."""


def tile(service: str, why_closed: Message | None = None) -> Tile:
    return Tile(service, msg(f"tile.{service}.title"), msg(f"tile.{service}.subtitle"), why_closed)


def closed(service: str, ready: Readiness) -> Message | None:
    """Why a service cannot be finished now; None: it can."""
    if service == GUIDE:  # the screen is all it needs
        return None
    if ready.devices.virtual and not ready.demo:
        return msg("closed.virtual")
    if (no_room := _no_room(service, ready.room.disk)) is not None:
        return no_room
    return _CLOSED[service](ready)


def _no_room(service: str, disk: Disk) -> Message | None:
    """The last room is the losses'."""
    if disk is Disk.FULL or (disk is Disk.LOW and service != REPORT_LOSS):
        return msg("closed.disk")
    return None


def open_here(service: str, ready: Readiness, policy: Policy) -> bool:
    """This site offers it to everybody, and it can be finished now: only then may a sentence name it."""
    return service in _CLOSED and policy.open_to_all(service) and closed(service, ready) is None


def instead(why: Message, ready: Readiness) -> str:
    """The id of what to do instead of a closed service."""
    if why.id in {"closed.line", "closed.disk", "closed.unsent"} and closed(REPORT_LOSS, ready) is None:
        return f"{why.id}.instead_but_loss"
    return f"{why.id}.instead"


def _no_line(ready: Readiness) -> Message | None:
    match ready.line:
        case Online():
            return None
        case Unwelcome():
            return msg("closed.unwelcome")
        case _:
            return msg("closed.line")


def _no_waiting(ready: Readiness, *too_much: Unsent) -> Message | None:
    """What may wait for a line needs the time, and an end to the waiting that can be hoped for."""
    if isinstance(ready.line, Online):
        return None
    if not ready.clock_trusted:
        return msg("closed.clock")
    return msg("closed.unsent") if ready.room.unsent in too_much else None


def _closed_report_loss(ready: Readiness) -> Message | None:
    """Never refused for lack of paper, nor of a line but one that has been gone too long for a promise."""
    if not ready.devices.id_reader.usable:
        return msg("closed.id_reader")
    return _no_waiting(ready, Unsent.LONG)


def _closed_card_status(ready: Readiness) -> Message | None:
    """Either reader will do."""
    if (no_line := _no_line(ready)) is not None:
        return no_line
    if not (ready.devices.id_reader.usable or ready.devices.card_reader.usable):
        return msg("closed.readers")
    return None


def _closed_change_pin(ready: Readiness) -> Message | None:
    """Both cards and no line; but without the time nobody can tell whether an ID card is valid."""
    if not ready.devices.card_reader.usable:
        return msg("closed.card_reader")
    if not ready.devices.id_reader.usable:
        return msg("closed.id_reader")
    return _no_waiting(ready, Unsent.MANY, Unsent.LONG)


def _closed_progress(ready: Readiness) -> Message | None:
    """Whoever has no card with them types numbers."""
    return _no_line(ready)


def _closed_chip_service(ready: Readiness) -> Message | None:
    """Both cards, the line to the HSM, and a PUK that fits."""
    return msg("closed.puk") if ready.puk_off else _closed_with_both_cards(ready)


def _closed_with_both_cards(ready: Readiness) -> Message | None:
    if (no_line := _no_line(ready)) is not None:
        return no_line
    if not ready.devices.card_reader.usable:
        return msg("closed.card_reader")
    if not ready.devices.id_reader.usable:
        return msg("closed.id_reader")
    return None


def _closed_order(ready: Readiness) -> Message | None:
    """What is prepared for the window is paper, and a new card is collected with its receipt."""
    if (no_line := _no_line(ready)) is not None:
        return no_line
    if not ready.devices.id_reader.usable:
        return msg("closed.id_reader")
    if isinstance(ready.devices.printer, DeviceAbsent | DeviceOut | DeviceFailing):
        return msg("closed.paper")
    return None


_CLOSED: dict[str, Callable[[Readiness], Message | None]] = {
    UNBLOCK_PIN: _closed_chip_service,
    RESET_PIN: _closed_chip_service,
    CHANGE_PIN: _closed_change_pin,
    REPORT_LOSS: _closed_report_loss,
    CARD_STATUS: _closed_card_status,
    RELEASE: _closed_with_both_cards,
    FORMAL_LOSS: _closed_order,
    ACTIVATION: _closed_with_both_cards,
    REPLACEMENT: _closed_order,
    PROGRESS: _closed_progress,
    ASSISTED: _no_line,
}


def fitting(card: CardFacts, pin: PinState | None, ready: Readiness, policy: Policy) -> tuple[Tile, ...]:
    """The services that make sense for this card now, as far as they can be finished here."""
    match pin:
        case None:
            sensible = [REPORT_LOSS, FORMAL_LOSS]
        case _ if card.status is CardStatus.TEMPORARILY_LOST:
            sensible = [RELEASE]
        case _ if card.status is CardStatus.SEALED:
            sensible = [ACTIVATION]
        case PinBlocked():
            sensible = [RESET_PIN, UNBLOCK_PIN]
        case TriesLeft():
            sensible = [CHANGE_PIN]
        case _:  # a card that lies in the slot is not lost
            sensible = []
    legal = [service for service in sensible if _OPERATION[service] in card.operations]
    return tuple(tile(service) for service in legal if open_here(service, ready, policy))


def opened_by_clerk(vouching: Vouching, policy: Policy) -> tuple[str, ...]:
    """What this office opens on a clerk's word, as far as it is finished here; the contract's floor holds, too."""
    listed: dict[Whom, list[str]] = {
        Whom.PRESENT: [*policy.assisted.present],
        Whom.GUARDIAN: [*policy.assisted.guardian],
        Whom.PROXY: [*policy.assisted.proxy],
    }
    if not policy.assisted.enabled:
        return ()
    open_to = [service for service in listed[vouching.whom] if policy.full(service)]
    return tuple(service for service in open_to if vouching.opens(_OPERATION[service]))


_OPERATION = {
    RESET_PIN: Kind.RELOAD_PIN,
    UNBLOCK_PIN: Kind.UNBLOCK_PIN,
    CHANGE_PIN: Kind.PIN_CHANGED,
    REPORT_LOSS: Kind.TEMPORARY_LOSS,
    RELEASE: Kind.RELEASE,
    FORMAL_LOSS: Kind.FORMAL_LOSS,
    ACTIVATION: Kind.ACTIVATION,
    REPLACEMENT: Kind.REPLACEMENT,
}
