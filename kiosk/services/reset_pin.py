"""重置密码: a new PIN on a card whose holder forgot it; restores the tries too.  LD/T 33 iReloadPIN_HSM."""

from __future__ import annotations

from kiosk.card_in_slot import own_card
from kiosk.contract import Kind
from kiosk.desk import Desk
from kiosk.identification import id_card
from kiosk.live import on_the_chip
from kiosk.pin_entry import new_pin
from kiosk.prompts import Confirm, Step
from kiosk.proof import prove
from kiosk.services.chip_results import require_operation, tell
from kiosk.words import msg

STEPS = 5


async def reset_pin(desk: Desk) -> None:
    person = await id_card(desk, Step(1, STEPS))
    async with own_card(desk, Step(2, STEPS)) as held:
        chip = held.chip
        card = await require_operation(desk, chip, Kind.RELOAD_PIN)
        await prove(desk, Kind.RELOAD_PIN, Step(3, STEPS))
        await desk.confirm(
            Confirm(
                step=Step(4, STEPS),
                title=msg("reset.confirm.title"),
                subject=(msg("loss.subject", name=person.holder.masked_name, last4=card.card_last4),),
                after=msg("reset.after"),
                not_covered=msg("reset.not_covered"),
                undo=msg("reset.undo"),
                act=msg("reset.act"),
                decline=msg("reset.decline"),
            )
        )
        async with new_pin(desk, person, chip, Step(5, STEPS)) as pin:
            held.let_go_of_guard()
            desk.show_work(msg("reset.working"), about_s=5, step=Step(5, STEPS))
            end = await on_the_chip(desk, Kind.RELOAD_PIN, chip, pin)
    await tell(desk, Kind.RELOAD_PIN, end)
