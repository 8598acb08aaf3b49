"""Paper for the person: printed while its page is read, and on record before and after.

What a printer without paper, a jam or silence kept back can be had once more while the page is still there.  What comes
then says that it is a copy: the first may have come after all, or be found half-printed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import trio

from kiosk.devices import NotPrinted, Printed, Printing, PrintUnknown
from kiosk.journal import JournalFailed, SlipIntent
from kiosk.prompts import Agreed, Answer, Paper, Prompt, Result
from kiosk.slips import receipts
from kiosk.slips.lines import Slip
from kiosk.terms import DeviceFailing
from kiosk.words import msg

if TYPE_CHECKING:
    from kiosk.desk import Desk

COPIES = 3
"""How often it is printed again; after that the reference on the page must do."""
LOOKED_AGAIN_S = 3
"""The printer is looked at every two seconds: what is known of it when a slip fails is from before."""

PAPER: dict[type[Printing], Paper] = {
    Printed: Paper.PRINTED,
    NotPrinted: Paper.NOT_PRINTED,
    PrintUnknown: Paper.UNKNOWN,
}


class Sheet(msgspec.Struct, frozen=True):
    """A slip, and what the journal calls its first try."""

    slip: Slip
    tried: str | None = None


async def hand_over(desk: Desk, page: Result, slips: tuple[Slip, ...], transaction: str) -> Answer:
    """A result with its slips; what did not surely come can be asked for again, once the printer is ready."""
    sheets = tuple(map(Sheet, slips))
    for left in reversed(range(COPIES + 1)):
        answer, sheets = await read_while_printing(desk, page, sheets, transaction, partial(_told, page, left > 0))
        if not (isinstance(answer, Agreed) and sheets):
            break
        page = msgspec.structs.replace(page, slip=_on_paper(desk, sheets[-1]))
    return answer


def _told(page: Result, copies: bool, printing: Printing, ready: bool) -> Result:
    return msgspec.structs.replace(page, paper=PAPER[type(printing)], again=copies and ready)


async def read_while_printing(
    desk: Desk,
    page: Prompt,
    sheets: tuple[Sheet, ...],
    transaction: str | None,
    told: Callable[[Printing, bool], Prompt],
) -> tuple[Answer, tuple[Sheet, ...]]:
    """What is answered, and what is still owed.  Paper that still comes is waited for.

    `told`: the page once it is known what became of the paper, and whether the printer is ready for what is owed.
    """
    owed: tuple[Sheet, ...] | None = None
    reading = trio.CancelScope()

    async def print_and_tell() -> None:
        nonlocal owed
        printing, owed = await _print_all(desk, sheets, transaction)
        with reading:
            await trio.lowlevel.checkpoint_if_cancelled()
            await _keep_telling(desk, partial(told, printing), bool(owed))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(print_and_tell)
        try:
            answer = await desk.read(page)
        finally:
            reading.cancel()
        if owed is None:
            desk.show_work(msg("slip.printing"), about_s=10)
    return answer, owed or ()


async def _keep_telling(desk: Desk, told: Callable[[bool], Prompt], owing: bool) -> None:
    """As long as something is owed, also whether the printer is ready for it."""
    screen, hands = desk.terminal.screen, desk.terminal.hands
    screen.show(shown := told(False))
    if owing:
        with trio.move_on_after(LOOKED_AGAIN_S):
            await hands.changed()
    while owing:
        if (now := told(_ready(desk))) != shown:
            screen.show(shown := now)
        await hands.changed()


def _ready(desk: Desk) -> bool:
    """Also a printer that does not tell how it is."""
    stuck = isinstance(desk.terminal.hands.news.printer, DeviceFailing)
    return desk.may_print and not stuck and not desk.journal_failed


async def _print_all(
    desk: Desk, sheets: tuple[Sheet, ...], transaction: str | None
) -> tuple[Printing, tuple[Sheet, ...]]:
    """One after the other; what follows one that did not come is not tried.  What became of the last, and the rest."""
    printing: Printing = NotPrinted("没有要打印的")
    for number, sheet in enumerate(sheets):
        printing, tried = await _print(desk, sheet, transaction)
        if not isinstance(printing, Printed):
            return printing, (tried, *sheets[number + 1 :])
    return printing, ()


async def _print(desk: Desk, sheet: Sheet, transaction: str | None) -> tuple[Printing, Sheet]:
    # Shielded: a slip under way is finished and put on record, even if the person is already gone.
    with trio.CancelScope(shield=True):
        try:
            printing, sheet = await _print_on_record(desk, sheet, transaction)
        except JournalFailed as error:
            # What the person was told stays true and stays readable; the next visit does not begin.
            desk.log.error("journal_failed", why=str(error))
            desk.journal_failed = True
            printing = NotPrinted("日志无法写入，未打印")
    why = None if isinstance(printing, Printed) else printing.advice
    name, how = sheet.slip.name, type(printing).__name__
    desk.log.info("slip", name=name, transaction=transaction, printing=how, why=why)
    desk.slip_printed = desk.slip_printed or not isinstance(printing, NotPrinted)
    return printing, sheet


async def _print_on_record(desk: Desk, sheet: Sheet, transaction: str | None) -> tuple[Printing, Sheet]:
    terminal = desk.terminal
    intent = SlipIntent(name=sheet.slip.name, visit=desk.visit, transaction=transaction, copy_of=sheet.tried)
    id = await terminal.journal.printing(intent)
    printing = await terminal.hands.print(_on_paper(desk, sheet))
    await terminal.journal.printed(id, printing)
    return printing, Sheet(sheet.slip, sheet.tried or id)


def _on_paper(desk: Desk, sheet: Sheet) -> Slip:
    return sheet.slip if sheet.tried is None else receipts.copy(desk.stationery, sheet.slip)
