"""The first page when nobody is there: facts follow each other, it goes dark, and wakes without pressing a button."""

from __future__ import annotations

import pytest

from kiosk.words import complete, language, msg
from screens.drawings import exists
from screens.facts import FACTS, WELCOME
from screens.gallery.cases import PANELS
from tests.screen.conftest import ROOT, Glass

VIEWS = 14
"""Seven things, in two languages."""
TURNS = 3 * VIEWS
"""They also turn by themselves, one past a slow machine: then it comes around again."""


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("look", ["standard", "large"])
def test_every_fact_fits_in_both_languages(glass: Glass, look: str, request: pytest.FixtureRequest) -> None:
    panel = request.node.callspec.params["glass"]
    glass.tell(forget=True, manner={"look": look}, settle=True)
    seen: set[tuple[str, ...]] = set()
    for turn in range(TURNS):
        picture = ROOT / "out" / "screens" / f"{panel}-{look}-fact-{turn:02}.png"
        found = glass.tell(settle=True, measure=True, faults=True, shot=str(picture))
        assert found["faults"] == []
        assert len(found["texts"]) >= 3
        seen.add(tuple(found["texts"]))
        if len(seen) == VIEWS:
            break
        glass.tell(turn_over=True)
    assert len(seen) == VIEWS
    glass.tell(forget=True)


def test_it_turns_over_by_itself_and_begins_anew_for_whoever_comes_next(glass: Glass) -> None:
    welcome = {language(code).say(msg("screens.attract_title")) for code in complete()}
    glass.tell(forget=True, settle=True)
    assert "社会保障卡自助服务" in glass.texts()
    glass.tell(changes=True)
    assert welcome & set(glass.texts()) == welcome - {"社会保障卡自助服务"}
    glass.tell(turn_over=True)
    assert not welcome & set(glass.texts())
    glass.tell(show="home", forget=True, settle=True)
    assert "社会保障卡自助服务" in glass.texts()


def test_every_fact_has_its_drawing() -> None:
    assert all(exists(fact.picture) for fact in (WELCOME, *FACTS))


@pytest.mark.parametrize("under", ["start", "help", "language"])
def test_the_touch_that_wakes_a_dark_page_presses_nothing_under_it(glass: Glass, under: str) -> None:
    glass.tell(forget=True)
    glass.tell(show="attract", settle=True)
    before = glass.texts()
    glass.point(under)
    glass.tell(ask="attract-dark", settle=True)
    glass.xdotool("click", "1")
    assert glass.hear() == {"answered": "Touched", "of": "attract-dark"}
    glass.tell(ask="attract")
    glass.xdotool("click", "1")
    assert glass.silent()
    assert set(glass.texts()) == set(before)


def test_a_dark_page_is_light_again_when_something_else_is_shown(glass: Glass) -> None:
    glass.tell(show="attract-dark", settle=True)
    glass.tell(ask="home", settle=True)
    glass.press("report_loss")
    assert glass.hear()["answered"] == "Chosen"
    glass.tell(forget=True)
