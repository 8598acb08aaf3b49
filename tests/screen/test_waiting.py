"""The ring shows the time that there is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.screen.conftest import Glass


def seconds(glass: Glass) -> int:
    return next(int(text) for text in glass.texts() if text.isdecimal() and text != "12333")


@pytest.mark.parametrize("choice", [{"look": "large"}, {"spoken": True}])
def test_whoever_asks_for_more_time_sees_it_at_once(glass: Glass, choice: dict[str, Any]) -> None:
    usual = {"look": "standard", "spoken": False}
    glass.tell(forget=True, manner=usual, show="insert-card", settle=True)
    assert 20 < seconds(glass) <= 30
    glass.tell(manner=choice)
    assert 50 < seconds(glass) <= 60
    glass.tell(manner=usual)
    assert 20 < seconds(glass) <= 30
    glass.tell(forget=True)
