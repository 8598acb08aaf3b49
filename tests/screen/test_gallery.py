"""The fixed part of the gallery: nothing on the pages is too pale, too small, cut off, covered or out of reach."""

from __future__ import annotations

import pytest

from screens.gallery.__main__ import hang
from screens.gallery.cases import walls
from screens.gallery.checks import PROMISES
from screens.theme import LOOKS
from tests.screen.conftest import ROOT


@pytest.mark.parametrize(("panel", "language"), walls())
def test_nothing_is_wrong_with_any_page(panel: str, language: str) -> None:
    hung = hang(panel, language, extent="fixed", out=ROOT / "out" / "screens")
    assert [f"{one.case}: {fault}" for one in hung for fault in one.faults] == []


def test_every_look_makes_its_promise() -> None:
    assert set(LOOKS) <= set(PROMISES)
