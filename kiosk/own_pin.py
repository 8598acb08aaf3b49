"""The card's own PIN as a proof of the person: typed by them, and tried on the chip that lies in the slot."""

from __future__ import annotations

from kiosk.chip import Chip
from kiosk.desk import Desk
from kiosk.devices import CardLockedForever, CardPulled, PinVerified, PinWrong, ReaderFailed
from kiosk.endings import CardTaken, Reason
from kiosk.live import FEW_TRIES
from kiosk.pin_entry import remembered_pin
from kiosk.prompts import Step
from kiosk.terms import PinBlocked, PinLockedForever, PinState, TriesLeft
from kiosk.words import Message, msg


async def require_tries(desk: Desk, pin: PinState) -> None:
    """Only where a wrong PIN cannot block the card: the terminal must not be what locks somebody out."""
    match pin:
        case TriesLeft(tries=tries) if tries > FEW_TRIES:
            return
        case TriesLeft():
            await desk.refuse(Reason.FEW_TRIES)
        case PinLockedForever():
            await desk.refuse(Reason.CARD_LOCKED_FOREVER)
        case PinBlocked():
            await desk.refuse(Reason.PIN_BLOCKED)
        case _:
            await desk.refuse(Reason.PIN_NOT_CHECKED)


async def verify_own_pin(desk: Desk, chip: Chip, step: Step) -> None:
    """Until the chip says it is right (`desk.pin_verified`); what it says else may end the service."""
    trouble: Message | None = None
    while True:  # bounded by the chip's counter
        async with remembered_pin(desk, step, trouble) as pin:
            desk.show_work(msg("pin.checking"), about_s=2, step=step)
            answer = await desk.terminal.hands.verify_pin(pin)
        match answer:
            case PinVerified():
                desk.pin_verified = True
                return
            case PinWrong(state=state):
                desk.log.info("pin_wrong", state=type(state).__name__)
                await require_tries(desk, state)
                assert isinstance(state, TriesLeft)  # noqa: S101 - all others were refused
                trouble = msg("pin.wrong", tries=state.tries)
            case CardLockedForever():
                await desk.refuse(Reason.CARD_LOCKED_FOREVER)
            case CardPulled():
                await desk.leave(CardTaken())
            case ReaderFailed():
                await desk.refuse(Reason.CARD_READER_FAILED)
            case _:
                await desk.refuse(Reason.PIN_NOT_CHECKED)
