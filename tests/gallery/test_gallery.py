"""The fixed part of the gallery: nothing on the pages is too pale, too small, cut off, covered or out of reach."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.words import Message, complete, language
from screens.gallery.__main__ import hang
from screens.gallery.cases import pages, walls
from screens.gallery.checks import PROMISES
from screens.theme import LOOKS
from tests.screen.conftest import ROOT

ELSEWHERE = ("slip.", "form.", "checklist.", "speech.", "aloud.", "screens.", "kind.")
"""Paper, the voice, and what the pages say by themselves."""
NOT_ON_PAGES = {
    "",  # the catalogs' head
    *(f"pin_result.{word}.warning" for word in ("reset", "unblocked", "changed")),  # in effect: nothing to warn of
    *(f"row.{row}" for row in ("chain_code", "hotline", "id_number", "last4", "reference", "result")),  # of slips
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


def test_every_look_makes_its_promise() -> None:
    assert set(LOOKS) <= set(PROMISES)
