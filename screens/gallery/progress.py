"""A new card at every step, in every state of its slip; and the way to ask for it."""

from __future__ import annotations

import datetime as dt

from kiosk.contract import Text
from kiosk.prompts import (
    Choose,
    Home,
    Paper,
    PrivacyNotice,
    Progress,
    Prompt,
    Row,
    Stage,
    StageState,
    Step,
    Tile,
    Tone,
    Working,
)
from kiosk.words import msg, plain, said

STEPS = ("data_collected", "account_opened", "card_made", "ready", "collected")
SERVICES = ("unblock_pin", "reset_pin", "report_loss", "card_status", "progress")
WAYS = ("by_id_card", "by_number", "by_old_number")
PLACE = Text(zh="南宁市青秀区民族大道一百号社保大厅", en="Social security hall, 100 Minzu Avenue, Qingxiu")
REASON = Text(zh="照片不合格，请重新照相。", en="The photo cannot be used; please have a new one taken.")
ORDERED = dt.date(2026, 10, 26)
DAYS = tuple(dt.date(2026, *day) for day in ((10, 26), (10, 29), (11, 10), (11, 18), (11, 20)))
"""Of each step, all before the day of the pictures."""


def progress() -> dict[str, Prompt]:
    """By name."""
    rows = tuple(Row(msg(f"notice.{row}"), msg(f"progress.notice.{row}")) for row in ("what", "why", "how_long"))
    return {
        "home-five": Home(tiles=tuple(_tile(f"tile.{service}", service) for service in SERVICES)),
        "progress.how": Choose(
            step=Step(1, 3),
            title=msg("progress.how.title"),
            body=msg("progress.how.body"),
            options=tuple(_tile(f"progress.{way}", way) for way in WAYS),
        ),
        "progress.notice": PrivacyNotice(step=Step(2, 3), title=msg("progress.notice.title"), rows=rows),
        "progress.asking": Working(doing=msg("progress.asking"), about_s=3),
        "progress.made": _page("made", Tone.WAITING, 1, Paper.PRINTING),
        "progress.ready": _page("ready", Tone.GOOD, 4, Paper.PRINTED),
        "progress.ready.somewhere": _page("ready", Tone.GOOD, 4, Paper.UNKNOWN, known=False),
        "progress.collected": _page("collected", Tone.PLAIN, 5, Paper.NOT_PRINTED),
        "progress.failed": _page("failed", Tone.BAD, 2, Paper.PRINTED),
    }


def _tile(words: str, service: str) -> Tile:
    return Tile(service, msg(f"{words}.title"), msg(f"{words}.subtitle"))


def _page(word: str, tone: Tone, reached: int, paper: Paper, *, known: bool = True) -> Progress:
    place = Row(msg("row.place"), said(PLACE) if known else msg("progress.ask_where", hotline="12333"))
    first = {"ready": (place,), "failed": (Row(msg("row.reason"), said(REASON)),)}
    return Progress(
        step=Step(3, 3),
        tone=tone,
        title=msg(f"progress.{word}.title"),
        sentence=msg(f"progress.{word}.sentence", hotline="12333"),
        first=first.get(word, ()),
        stages=tuple(_stage(number, step, reached, word) for number, step in enumerate(STEPS)),
        rows=(
            Row(msg("row.holder"), plain("欧阳*")),
            Row(msg("row.old_card"), msg("row.card.value", last4="9X07")),
            Row(msg("row.ordered"), msg("row.date", date=ORDERED)),
        ),
        hotline="12333",
        paper=paper,
    )


def _stage(number: int, step: str, reached: int, word: str) -> Stage:
    label = msg(f"stage.{step}")
    if number < reached:
        return Stage(label, StageState.DONE, msg("row.date", date=DAYS[number]))
    if number > reached:
        return Stage(label, StageState.NEXT, msg("stage.next"))
    if word == "failed":
        return Stage(label, StageState.FAILED, msg("stage.failed", date=DAYS[number]))
    return Stage(label, StageState.NOW, msg("stage.come" if step == "collected" else "stage.now"))
