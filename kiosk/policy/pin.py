"""Which PINs are too easy to guess.  The person is told that, never which rule it broke."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from kiosk.pin import Pin
from kiosk.terms import ResidentIdCard, SocialSecurityCard

INITIAL = (1, 2, 3, 4, 5, 6)
"""The PIN that cards are handed out with in Guangxi."""


def is_weak(pin: Pin, person: ResidentIdCard, card: SocialSecurityCard) -> bool:
    """All equal, a run, the initial PIN, the birth date in any usual form, or six digits of either number."""
    digits = list(pin)
    try:
        return (
            len(set(digits)) == 1
            or _is_run(digits)
            or tuple(digits) == INITIAL
            or any(_stands_in(part, digits) for part in _birth_forms(person))
            or any(_stands_in(digits, number) for number in (_digits(person.holder.number), _digits(card.number)))
        )
    finally:
        digits[:] = [0] * len(digits)


def _is_run(digits: Sequence[int]) -> bool:
    steps = {(after - before) % 10 for before, after in itertools.pairwise(digits)}
    return steps in ({1}, {9})


def _birth_forms(person: ResidentIdCard) -> Iterator[list[int]]:
    birth = person.birth
    for form in ("%y%m%d", "%d%m%y", "%m%d%y", "%m%d", "%Y"):
        yield _digits(birth.strftime(form))


def _digits(text: str) -> list[int]:
    """A letter stands between digits and matches none."""
    return [int(char) if char.isdigit() else -1 for char in text]


def _stands_in(part: Sequence[int], whole: Sequence[int]) -> bool:
    """`part` as a run of neighbours in `whole`."""
    return any(list(whole[start : start + len(part)]) == list(part) for start in range(len(whole) - len(part) + 1))
