"""A prompt that cannot be drawn."""

from __future__ import annotations

from tests.screen.conftest import Glass


def test_a_prompt_that_cannot_be_drawn_shows_the_fault_and_the_desk_goes_on(glass: Glass) -> None:
    glass.tell(ask="unspeakable", settle=True)
    assert "暂停服务" in glass.texts()
    glass.tell(show="home", settle=True)
    assert "暂停服务" in glass.texts()
