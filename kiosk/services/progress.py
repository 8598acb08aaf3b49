"""制卡进度: how far a new card is, where it waits, or what stopped it.

The ID card is the simplest way; its number and the end of the old card's number will do, and then no name is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from kiosk.contract import Personal, Problem, ProductionAnswer, ProductionFailed, ProductionQuery, ProductionStep
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.identification import id_card
from kiosk.line import NoAnswer
from kiosk.numbers import upgrade_citizen_number
from kiosk.prompts import Choose, Chosen, Paper, PrivacyNotice, Progress, Row, Stage, StageState, Step, Tile, Tone
from kiosk.seal import seal_personal
from kiosk.slips import receipts
from kiosk.typed_numbers import citizen_number, last4_of_card, old_citizen_number
from kiosk.words import Message, msg, plain, said

BY_ID_CARD, BY_NUMBER, BY_OLD_NUMBER = "by_id_card", "by_number", "by_old_number"
LAST4_ENTRIES = 3
"""How often the end of the old card's number is asked for; the centre counts, too."""

Local = Callable[[dt.datetime], dt.datetime]
"""A time as the clock on the wall shows it."""


async def progress(desk: Desk) -> None:
    answer = await _by(desk, await _way(desk))
    terminal = desk.terminal
    page = told(answer, terminal.policy.hotline, terminal.clock.local)
    await desk.close_with_slip(page, receipts.progress(desk.stationery, page))


# --- who asks -------------------------------------------------------------------------------


async def _way(desk: Desk) -> str:
    """Whoever laid the ID card on in this visit is not asked."""
    if desk.person is not None:
        return BY_ID_CARD
    reads = desk.terminal.hands.news.id_reader.usable
    ways = (BY_ID_CARD, BY_NUMBER, BY_OLD_NUMBER) if reads else (BY_NUMBER, BY_OLD_NUMBER)
    page = Choose(
        step=Step(1, 3),
        title=msg("progress.how.title"),
        body=msg("progress.how.body"),
        options=tuple(Tile(way, msg(f"progress.{way}.title"), msg(f"progress.{way}.subtitle")) for way in ways),
    )
    chosen = await desk.ask(page)
    assert isinstance(chosen, Chosen)  # noqa: S101 - the page has no other answer
    return chosen.service


async def _by(desk: Desk, way: str) -> ProductionAnswer:
    if way == BY_ID_CARD:
        person = await id_card(desk, Step(2, 3))
        return await _answered(desk, Personal(holder_number=person.holder.number, name=person.holder.name))
    await desk.confirm(_notice())
    if way == BY_NUMBER:
        return await _with_last4(desk, await citizen_number(desk, Step(2, 3)), msg("number.last4.body"))
    number = upgrade_citizen_number(await old_citizen_number(desk, Step(2, 3)))
    return await _with_last4(desk, number, msg("number.last4.upgraded", last4=number[-4:]))


def _notice() -> PrivacyNotice:
    rows = tuple(Row(msg(f"notice.{row}"), msg(f"progress.notice.{row}")) for row in ("what", "why", "how_long"))
    return PrivacyNotice(step=Step(2, 3), title=msg("progress.notice.title"), rows=rows)


async def _with_last4(desk: Desk, number: str, body: Message) -> ProductionAnswer:
    trouble: Message | None = None
    for _ in range(LAST4_ENTRIES):
        last4 = await last4_of_card(desk, Step(2, 3), body, trouble)
        answer = await _ask(desk, Personal(holder_number=number, old_card_last4=last4))
        if not (isinstance(answer, Problem) and answer.code == "numbers_differ"):
            return await _unless_refused(desk, answer)
        desk.log.info("numbers_differ")
        trouble = msg("number.differ")
    await desk.refuse(Reason.NUMBERS_DIFFER)


# --- the centre ------------------------------------------------------------------------------


async def _answered(desk: Desk, personal: Personal) -> ProductionAnswer:
    return await _unless_refused(desk, await _ask(desk, personal))


async def _ask(desk: Desk, personal: Personal) -> ProductionAnswer | Problem | NoAnswer:
    terminal = desk.terminal
    desk.show_work(msg("progress.asking"), about_s=3)
    sealed = seal_personal(terminal.seal, personal, terminal.name, desk.visit)
    return await terminal.line.production(ProductionQuery(desk.visit, sealed))


async def _unless_refused(desk: Desk, answer: ProductionAnswer | Problem | NoAnswer) -> ProductionAnswer:
    match answer:
        case ProductionAnswer():
            return answer
        case NoAnswer():
            await desk.refuse(Reason.NO_LINE)
        case Problem(code="no_production"):
            await desk.refuse(Reason.NO_PRODUCTION)
        case Problem(code="too_many"):
            await desk.refuse(Reason.TOO_MANY_NUMBERS)
        case Problem():
            await desk.refuse_as_centre(answer)


# --- what is told ----------------------------------------------------------------------------


def told(answer: ProductionAnswer, hotline: str, local: Local) -> Progress:
    word, tone = _word(answer)
    return Progress(
        step=Step(3, 3),
        tone=tone,
        title=msg(f"progress.{word}.title"),
        sentence=msg(f"progress.{word}.sentence", hotline=hotline),
        first=_first(answer, word, hotline),
        stages=_stages(answer, local),
        rows=_rows(answer, local),
        hotline=hotline,
        paper=Paper.PRINTING,
    )


def _first(answer: ProductionAnswer, word: str, hotline: str) -> tuple[Row, ...]:
    if answer.failed is not None:
        return (Row(msg("row.reason"), said(answer.failed.reason)),)
    if word != "ready":
        return ()
    where = said(answer.place) if answer.place else msg("progress.ask_where", hotline=hotline)
    return (Row(msg("row.place"), where),)


def _word(answer: ProductionAnswer) -> tuple[str, Tone]:
    reached = {done.step for done in answer.reached}
    if answer.failed is not None:
        return "failed", Tone.BAD
    if ProductionStep.COLLECTED in reached:
        return "collected", Tone.PLAIN
    return ("ready", Tone.GOOD) if ProductionStep.READY in reached else ("made", Tone.WAITING)


def _stages(answer: ProductionAnswer, local: Local) -> tuple[Stage, ...]:
    """What is behind it with its day, what is done now, what comes."""
    at = {done.step: done.at for done in answer.reached}
    stages, is_next = [], False
    for step in ProductionStep:
        label = msg(f"stage.{step}")
        if step in at:
            stages.append(Stage(label, StageState.DONE, msg("row.date", date=local(at[step]).date())))
        elif is_next:
            stages.append(Stage(label, StageState.NEXT, msg("stage.next")))
        else:
            stages.append(_now(label, step, answer.failed, local))
            is_next = True
    return tuple(stages)


def _now(label: Message, step: ProductionStep, failed: ProductionFailed | None, local: Local) -> Stage:
    if failed is not None:
        return Stage(label, StageState.FAILED, msg("stage.failed", date=local(failed.at).date()))
    return Stage(label, StageState.NOW, msg("stage.come" if step is ProductionStep.COLLECTED else "stage.now"))


def _rows(answer: ProductionAnswer, local: Local) -> tuple[Row, ...]:
    rows = []
    if answer.masked_name is not None:
        rows.append(Row(msg("row.holder"), plain(answer.masked_name)))
    return (
        *rows,
        Row(msg("row.old_card"), msg("row.card.value", last4=answer.card_last4)),
        Row(msg("row.ordered"), msg("row.date", date=local(answer.ordered_at).date())),
    )
