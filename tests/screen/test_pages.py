"""Every page on every panel in both languages: nothing cut off, nothing too small, nothing in the way of anything."""

from __future__ import annotations

import pytest

from tests.screen.conftest import ROOT, Glass
from tests.screen.host import PANELS
from tests.screen.samples import LANGUAGES, samples

NAMES = list(samples(LANGUAGES[0]))


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits(glass: Glass, language: str, request: pytest.FixtureRequest) -> None:
    panel = request.node.callspec.params["glass"]
    wrong = {}
    manner = {"language": language}
    for name in NAMES:
        picture = ROOT / "out" / "screens" / f"{panel}-{language}-{name}.png"
        seen = glass.tell(forget=True, manner=manner, show=name, settle=True, measure=True, shot=str(picture))
        assert len(seen["texts"]) >= 3, f"{name} says hardly anything"
        if seen["problems"]:
            wrong[name] = seen["problems"]
    assert not wrong


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_call_stands_on_every_last_page(glass: Glass, language: str) -> None:
    for name in ("result", "result-unprinted", "result-waiting"):
        texts = glass.tell(forget=True, manner={"language": language}, show=name, settle=True, measure=True)["texts"]
        assert any(text.endswith(" 12333") for text in texts), f"{name} says {texts}"
