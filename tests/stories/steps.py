"""Pages that many visits have."""

from __future__ import annotations

from kiosk.prompts import Agreed, Chosen, Home, InsertCard, LayIdCard, PrivacyNotice, Typed, Without
from tests.stories.hall import Hall


async def up_to_the_id_card(hall: Hall, service: str) -> None:
    citizen = hall.citizen
    await citizen.comes()
    await citizen.sees(Home)
    citizen.presses(Chosen(service))
    await citizen.sees(PrivacyNotice)
    citizen.presses(Agreed())
    await citizen.sees(LayIdCard)


async def up_to_the_slot(hall: Hall, service: str, who: str | None) -> None:
    """With this person's ID card; None: without one."""
    await up_to_the_id_card(hall, service)
    if who is None:
        hall.citizen.presses(Without())
    else:
        hall.lays(who)
    await hall.citizen.sees(InsertCard)


def types_code(hall: Hall, who: str) -> None:
    hall.citizen.presses(Typed(hall.code_on_phone_of(who)))
