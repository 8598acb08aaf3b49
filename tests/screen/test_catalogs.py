"""The catalogs as they stand fit on the smallest panel: a sentence that is too long is found here, not by a citizen."""

from __future__ import annotations

import pytest

from tests.screen.conftest import ROOT, Glass
from tests.screen.samples import LANGUAGES
from tests.screen.written import written


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_services_fits(glass: Glass, language: str) -> None:
    wrong = {}
    manner = {"language": language}
    for name in written(language):
        picture = ROOT / "out" / "screens" / f"small-{language}-{name}.png"
        seen = glass.tell(forget=True, manner=manner, show=name, settle=True, measure=True, shot=str(picture))
        if seen["problems"]:
            wrong[name] = seen["problems"]
    assert not wrong
