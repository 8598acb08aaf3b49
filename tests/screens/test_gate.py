"""Which touch counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.gate import HELD_S, SETTLE_S, Gate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Gate, Clock]:
    clock = Clock()
    gate = Gate(clock)
    clock.now += 1
    return gate, clock


def test_a_touch_acts_once() -> None:
    gate, _ = opened()
    assert gate.press("finger")
    assert gate.act()
    assert not gate.act()


def test_a_second_finger_is_nothing_until_the_first_is_up() -> None:
    gate, _ = opened()
    gate.press("finger")
    assert not gate.press("palm")
    gate.release("palm")
    assert not gate.press("palm again")
    gate.release("finger")
    assert gate.press("next")


def test_a_finger_that_never_comes_up_does_not_close_the_terminal() -> None:
    """Its panel was unplugged: the next person, after half a minute, is heard."""
    gate, clock = opened()
    assert gate.press("lost")
    clock.now += HELD_S - 1
    assert not gate.press("next")
    clock.now += 1
    assert gate.press("next")
    assert gate.act()


def test_a_page_that_changes_under_the_finger_spoils_the_touch() -> None:
    gate, clock = opened()
    gate.press("finger")
    gate.turn()
    clock.now += 10
    assert not gate.act()


def test_a_new_page_is_closed_until_it_has_settled() -> None:
    gate, clock = opened()
    gate.turn()
    clock.now += SETTLE_S / 2
    assert not gate.press("second tap")
    clock.now += SETTLE_S
    assert gate.press("meant")


@given(st.lists(st.sampled_from(["press a", "press b", "release a", "release b", "act", "turn", "wait"]), max_size=60))
def test_there_are_never_more_acts_than_admitted_touches(events: list[str]) -> None:
    gate, clock = opened()
    admitted = acted = 0
    for event in events:
        match event.split():
            case ["press", finger]:
                admitted += gate.press(finger)
            case ["release", finger]:
                gate.release(finger)
            case ["act"]:
                acted += gate.act()
            case ["turn"]:
                gate.turn()
            case ["wait"]:
                clock.now += 1
        assert acted <= admitted
