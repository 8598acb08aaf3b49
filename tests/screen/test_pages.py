"""Every page on every panel, as different people want it: nothing cut off, too small, or in the way of anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screen.conftest import Glass
from tests.screen.host import PANELS
from tests.screen.samples import LANGUAGES, samples

NAMES = list(samples(LANGUAGES[0]))


MANNERS = [
    {"language": "zh_CN"},
    {"language": "en"},
    {"language": "zh_CN", "look": "large"},
    {"language": "en", "look": "large"},
    {"language": "zh_CN", "low": True},
    {"language": "en", "look": "large-contrast", "low": True},
]
"""High contrast has the measures of the look it darkens."""


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: "-".join(str(choice) for choice in manner.values()))
def test_every_page_fits(glass: Glass, manner: dict[str, Any]) -> None:
    wrong = {name: glass.problems(name, **manner) for name in NAMES}
    assert {name: problems for name, problems in wrong.items() if problems} == {}


@pytest.mark.parametrize("glass", list(PANELS), indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_call_stands_on_every_last_page(glass: Glass, language: str) -> None:
    for name in ("result", "result-unprinted", "result-waiting"):
        texts = glass.tell(forget=True, manner={"language": language}, show=name, drawn=True, measure=True)["texts"]
        assert any(text.endswith(" 12333") for text in texts), f"{name} says {texts}"
