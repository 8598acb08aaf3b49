"""解锁: the tries of a blocked PIN restored, for those who remember it.  LD/T 33 iUnblockPIN_HSM.  Once a day."""

from __future__ import annotations

from kiosk.card_in_slot import own_card
from kiosk.contract import Kind
from kiosk.desk import Desk
from kiosk.endings import Next, Reason
from kiosk.identification import id_card
from kiosk.live import on_the_chip
from kiosk.pin_entry import remembered_pin
from kiosk.policy.eligibility import RESET_PIN
from kiosk.prompts import Confirm, Declined, Step
from kiosk.proof import prove
from kiosk.services.chip_results import require_operation, tell, where_to_reset
from kiosk.terms import NoPin, PinBlocked, PinLockedForever, PinState, PinUnknown, TriesLeft
from kiosk.words import msg

STEPS = 5


async def _require_blocked(desk: Desk, pin: PinState) -> None:
    match pin:
        case PinBlocked():
            return
        case TriesLeft():
            await desk.refuse(Reason.PIN_NOT_BLOCKED, forgotten=msg(f"forgotten.{where_to_reset(desk)}"))
        case NoPin():
            await desk.refuse(Reason.NO_PIN)
        case PinLockedForever():
            await desk.refuse(Reason.CARD_LOCKED_FOREVER)
        case PinUnknown():
            await desk.refuse(Reason.PIN_UNKNOWN)


async def unblock_pin(desk: Desk) -> None:
    person = await id_card(desk, Step(1, STEPS))
    async with own_card(desk, Step(2, STEPS)) as held:
        chip = held.chip
        await _require_blocked(desk, chip.pin)
        card = await require_operation(desk, chip, Kind.UNBLOCK_PIN)
        answer = await desk.ask(
            Confirm(
                step=Step(3, STEPS),
                title=msg("unblock.confirm.title"),
                subject=(msg("loss.subject", name=person.holder.masked_name, last4=card.card_last4),),
                after=msg("unblock.after"),
                not_covered=msg("reset.not_covered"),
                undo=msg("unblock.undo"),
                act=msg("unblock.act"),
                decline=msg("unblock.decline"),
            )
        )
        if isinstance(answer, Declined):
            if not desk.offers(RESET_PIN):
                await desk.refuse(Reason.FORGOTTEN)
            await desk.leave(Next(RESET_PIN))  # "I do not remember it": the other service is theirs
        await prove(desk, Kind.UNBLOCK_PIN, Step(4, STEPS))
        async with remembered_pin(desk, Step(5, STEPS)) as pin:
            held.let_go_of_guard()
            desk.show_work(msg("unblock.working"), about_s=5, step=Step(5, STEPS))
            end = await on_the_chip(desk, Kind.UNBLOCK_PIN, chip, pin)
    await tell(desk, Kind.UNBLOCK_PIN, end)
