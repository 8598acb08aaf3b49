"""Numbers typed by the person, as they stand on a card that is not at hand: asked for until they can be right."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.desk import Desk
from kiosk.numbers import Fault, citizen_number_fault, old_citizen_number_fault
from kiosk.prompts import Step, Typed, TypeNumber
from kiosk.words import Message, msg

CITIZEN = (6, 8, 4)
"""Region, birthday, and the rest: so people read their number out."""
OLD_CITIZEN = (6, 6, 3)
LAST4 = (4,)
CLERK = (3, 3)


async def citizen_number(desk: Desk, step: Step) -> str:
    """公民身份号码, 18 characters with a right check character, of whatever region."""
    return await _typed(desk, step, "citizen", CITIZEN, citizen_number_fault)


async def old_citizen_number(desk: Desk, step: Step) -> str:
    """The 15 digits of before 1999."""
    return await _typed(desk, step, "old", OLD_CITIZEN, old_citizen_number_fault)


async def clerk_number(desk: Desk, step: Step, trouble: Message | None) -> str:
    """Of whoever works here: figures alone."""
    title, body = msg("number.clerk.title"), msg("number.clerk.body")
    page = TypeNumber(step=step, title=title, body=body, trouble=trouble, groups=CLERK, figures_only=True)
    return await _ask(desk, page)


async def last4_of_card(desk: Desk, step: Step, body: Message, trouble: Message | None = None) -> str:
    """The end of a card's number."""
    page = TypeNumber(
        step=step,
        title=msg("number.last4.title"),
        body=body,
        trouble=trouble,
        groups=LAST4,
        on_pad=desk.terminal.hands.has_pin_pad,
    )
    return await _ask(desk, page)


async def _typed(
    desk: Desk, step: Step, what: str, groups: tuple[int, ...], fault_of: Callable[[str], Fault | None]
) -> str:
    """What is wrong is told, and what was typed stays to be corrected; patience ends it, or 返回."""
    title, body = msg(f"number.{what}.title"), msg(f"number.{what}.body")
    number, trouble = "", None
    while True:
        page = TypeNumber(
            step=step,
            title=title,
            body=body,
            trouble=trouble,
            groups=groups,
            figures_only=groups is OLD_CITIZEN,
            on_pad=desk.terminal.hands.has_pin_pad,
            typed=Typed(number),
        )
        number = await _ask(desk, page)
        fault = fault_of(number)
        if fault is None:
            return number
        desk.log.info("number_mistyped", what=what, fault=fault)
        trouble = msg(f"number.{what}.{fault}")


async def _ask(desk: Desk, page: TypeNumber) -> str:
    typed = await desk.ask(page)
    assert isinstance(typed, Typed)  # noqa: S101 - the page has no other answer
    return typed.text
