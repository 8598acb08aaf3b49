"""The fixed part of the gallery: nothing on the pages is too pale, too small, cut off, covered or out of reach."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.prompts import CardReport, Progress, Result
from kiosk.slips.lines import Field
from kiosk.words import Message, complete, language
from screens.gallery.__main__ import hang
from screens.gallery.cases import pages, walls
from screens.gallery.checks import PROMISES
from screens.gallery.progress import progress
from screens.gallery.wall import NOON
from screens.gallery.written import written
from screens.theme import LOOKS
from tests.screen.conftest import ROOT

ELSEWHERE = ("slip.", "form.", "checklist.", "bring.", "speech.", "aloud.", "screens.", "kind.")
"""Paper, the voice, and what the pages say by themselves."""
NOT_ON_PAGES = {
    *(f"pin_result.{word}.warning" for word in ("reset", "unblocked", "changed")),  # in effect: nothing to warn of
    *(f"row.{row}" for row in ("chain_code", "id_number", "last4", "reference", "result")),  # of slips
    *(f"row.{row}" for row in ("service", "terminal", "time")),
}


def said(part: object) -> set[str]:
    """The ids of all messages in a page."""
    match part:
        case Message(id=id, values=values):
            return {id}.union(*map(said, values.values()))
        case msgspec.Struct():
            return set[str]().union(*(said(getattr(part, name)) for name in part.__struct_fields__))
        case tuple():
            return set[str]().union(*map(said, part))
        case _:
            return set()


@pytest.mark.parametrize(("panel", "language"), walls())
def test_nothing_is_wrong_with_any_page(panel: str, language: str) -> None:
    hung = hang(panel, language, extent="fixed", out=ROOT / "out" / "screens")
    assert [f"{one.case}: {fault}" for one in hung for fault in one.faults] == []


def test_every_sentence_of_the_pages_hangs() -> None:
    hung = frozenset[str]().union(*(said(page) for code in complete() for page in pages(code).values()))
    for code in complete():
        assert {id for id in language(code).ids - hung if not id.startswith(ELSEWHERE)} == NOT_ON_PAGES


SUITS = {
    "release": "row.loss_expires",
    "reset_pin": "pin.blocked",
    "unblock_pin": "pin.blocked",
    "change_pin": "pin.tries_left",
    "activation": "pin.tries_left",
}
"""What must stand on a report of a card that leads on to a service."""


@pytest.mark.parametrize("code", complete())
def test_no_page_contradicts_itself(code: str) -> None:
    """What is offered suits what is said, the slip says what the page says, and what is over was before today."""
    for name, page in written(code).items():
        match page:
            case CardReport(next=following) if name.startswith(("status.", "doubt.")):
                for tile in following:
                    assert SUITS.get(tile.service, "row.card") in said(page), f"{name} offers {tile.service}"
            case Result(title=title, slip=slip):
                results = [line.value for line in slip.lines if isinstance(line, Field) and line.strong]
                assert results == [language(code).say(title)], name
    for name, page in progress().items():
        if isinstance(page, Progress):
            over = [stage.note.values["date"] for stage in page.stages if "date" in stage.note.values]
            assert over == sorted(over), name
            assert all(day <= NOON.date() for day in over), name


def test_every_look_makes_its_promise() -> None:
    assert set(LOOKS) <= set(PROMISES)
