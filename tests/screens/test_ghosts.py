"""Which touches nobody makes, and that a person's are never taken for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens import gate
from screens.ghosts import HELD_S, QUIET_S, SPOT_TOUCHES, STORM_S, STORM_TOUCHES, Ghosts

SPOT = 20.0


class Panel:
    """A glass, and the time that passes before it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.ghosts = Ghosts(lambda: self.now, SPOT)
        self.touches = 0

    def tap(self, x: float = 100, y: float = 100, after: float = 1.0) -> None:
        self.now += after
        self.touches += 1
        self.ghosts.press(self.touches, (x, y))
        self.ghosts.release(self.touches)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.ghosts.look()


def test_a_storm_of_touches_is_nobody() -> None:
    panel = Panel()
    for number in range(STORM_TOUCHES):
        assert not panel.ghosts.haunted
        panel.tap(x=number * 50, after=STORM_S / STORM_TOUCHES)
    assert panel.ghosts.haunted


def test_a_touch_that_never_ends_is_nobody() -> None:
    panel = Panel()
    panel.ghosts.press("sleeve", (5, 5))
    panel.wait(HELD_S - 1)
    assert not panel.ghosts.haunted
    panel.wait(1)
    assert panel.ghosts.haunted


def test_one_spot_again_and_again_without_an_answer_is_nobody() -> None:
    panel = Panel()
    for number in range(SPOT_TOUCHES):
        assert not panel.ghosts.haunted
        panel.tap(x=100 + number % 3, after=7)
    assert panel.ghosts.haunted


def test_whoever_is_answered_may_press_one_spot_all_day() -> None:
    panel = Panel()
    for _ in range(10 * SPOT_TOUCHES):
        panel.tap()
        panel.ghosts.answered()
    assert not panel.ghosts.haunted


def test_the_glass_is_believed_again_when_it_has_been_quiet() -> None:
    panel = Panel()
    for _ in range(SPOT_TOUCHES):
        panel.tap()
    panel.tap(after=QUIET_S - 1)
    panel.wait(QUIET_S - 1)
    assert panel.ghosts.haunted, "it was touched in between"
    panel.wait(1)
    assert not panel.ghosts.haunted
    panel.tap()
    assert not panel.ghosts.haunted, "it begins to count anew"


def test_what_leaned_on_the_glass_is_taken_away() -> None:
    panel = Panel()
    panel.ghosts.press("bag", (5, 5))
    panel.wait(3600)
    assert panel.ghosts.haunted
    panel.ghosts.release("bag")
    assert panel.ghosts.haunted
    panel.wait(QUIET_S)
    assert not panel.ghosts.haunted
    assert panel.ghosts.at_rest


@pytest.mark.parametrize("seconds", [gate.HELD_S, HELD_S, 3600])
def test_a_panel_that_was_unplugged_under_a_finger_is_believed_with_the_first_touch_on_it(seconds: float) -> None:
    panel = Panel()
    panel.ghosts.press("whose end is never told", (5, 5))
    panel.wait(seconds)
    panel.tap()
    assert not panel.ghosts.haunted
    panel.wait(HELD_S)
    assert not panel.ghosts.haunted
    assert panel.ghosts.at_rest


def test_an_end_that_is_never_told_makes_no_storm_a_person() -> None:
    panel = Panel()
    panel.ghosts.press("whose end is never told", (5, 5))
    panel.wait(gate.HELD_S - 1)
    for number in range(2 * STORM_TOUCHES):
        panel.tap(x=number * 50, after=STORM_S / STORM_TOUCHES)
    assert panel.ghosts.haunted


@pytest.mark.parametrize("a_second", [4, 8])
def test_an_angry_fist_is_a_person(a_second: int) -> None:
    panel = Panel()
    for number in range(STORM_TOUCHES * 3):
        panel.tap(x=100 + 60 * (number % 5), after=1 / a_second)
    assert not panel.ghosts.haunted


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0.2, 30)), max_size=200))
def test_touches_here_and_there_are_a_person(taps: list[tuple[float, float]]) -> None:
    """Apart by more than a fifth of a second, and never forty of them on one spot."""
    panel = Panel()
    for number, (x, after) in enumerate(taps):
        panel.tap(x=x + 200 * (number % 2) * 100, after=after)
    assert not panel.ghosts.haunted
