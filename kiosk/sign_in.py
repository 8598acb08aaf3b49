"""A clerk signs in: number, password and changing code, judged by the centre at once or not at all.

The password is a `Pin`: sealed to the centre as soon as it was typed.  Nothing of it is kept on the terminal, nor the
number of somebody who was refused: it may be a password in the wrong field.  Without a line nobody signs in.
"""

from __future__ import annotations

from kiosk.contract import ClerkSignedIn, ClerkSignIn, Problem
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.line import NoAnswer
from kiosk.prompts import Step, TypeCode, Typed, TypedPin, TypePin
from kiosk.seal import seal_password
from kiosk.terms import Clerk
from kiosk.typed_numbers import clerk_number
from kiosk.words import Message, msg

ENTRIES = 3
"""A visit; the centre counts, too."""
DIGITS = 6


async def sign_in(desk: Desk, step: Step) -> None:
    """`desk.clerk` afterwards.  A failure ends the visit, and is on record."""
    trouble: Message | None = None
    for _ in range(ENTRIES):
        asked = await _ask(desk, step, trouble)
        desk.show_work(msg("clerk.checking"), about_s=2, step=step)
        answer = await desk.terminal.line.sign_in(asked)
        match answer:
            case ClerkSignedIn():
                await desk.report("clerk_signed_in", clerk=answer.name)
                desk.clerk = Clerk(answer.name, asked.number, answer.id)
                return
            case Problem(code="clerk_refused"):
                await desk.report("clerk_refused")
                trouble = msg("clerk.refused")
            case Problem(code="clerk_locked"):
                await desk.report("clerk_locked")
                await desk.refuse(Reason.CLERK_LOCKED)
            case Problem():
                await desk.refuse_as_centre(answer)
            case NoAnswer():
                await desk.refuse(Reason.NO_LINE)
    await desk.refuse(Reason.CLERK_REFUSED)


async def _ask(desk: Desk, step: Step, trouble: Message | None) -> ClerkSignIn:
    terminal = desk.terminal
    number = await clerk_number(desk, step, trouble)
    title, body = msg("clerk.password.title"), msg("clerk.password.body")
    typed = await desk.ask(TypePin(step=step, title=title, body=body, digits=DIGITS))
    assert isinstance(typed, TypedPin)  # noqa: S101 - the page has no other answer
    with typed.pin as password:
        sealed = seal_password(terminal.seal, password.bcd, terminal.name, desk.visit)
    code = await desk.ask(
        TypeCode(step=step, title=msg("clerk.code.title"), body=msg("clerk.code.body"), digits=DIGITS)
    )
    assert isinstance(code, Typed)  # noqa: S101 - the page has no other answer
    return ClerkSignIn(desk.visit, number, sealed, code.text)
