"""Which PINs are too easy to guess.  The person is told that, never which rule it broke."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from kiosk.pin import Pin
from kiosk.terms import Person, SocialSecurityCard

WINDOW = 6
"""So many neighbours of a number give a PIN away; a shorter PIN, all of it."""


def is_weak(pin: Pin, person: Person, card: SocialSecurityCard, initial: str) -> bool:
    """All equal, a run, the birth date in any usual form, a part of either number, or `initial`: the PIN that the
    region's cards are handed out with."""
    digits = list(pin)
    try:
        return (
            len(set(digits)) == 1
            or _is_run(digits)
            or digits == _digits(initial)
            or any(_stands_in(part, digits) for part in _birth_forms(person))
            or any(_gives_away(number, digits) for number in (person.holder.number, card.number))
        )
    finally:
        digits[:] = [0] * len(digits)


def _is_run(digits: Sequence[int]) -> bool:
    steps = {(after - before) % 10 for before, after in itertools.pairwise(digits)}
    return steps in ({1}, {9})


def _birth_forms(person: Person) -> Iterator[list[int]]:
    birth = person.birth
    for form in ("%y%m%d", "%d%m%y", "%m%d%y", "%m%d", "%Y"):
        yield _digits(birth.strftime(form))


def _gives_away(number: str, digits: Sequence[int]) -> bool:
    length = min(WINDOW, len(digits))
    parts = (digits[start : start + length] for start in range(len(digits) - length + 1))
    return any(_stands_in(part, _digits(number)) for part in parts)


def _digits(text: str) -> list[int]:
    """A letter stands between digits and matches none."""
    return [int(char) if char.isdigit() else -1 for char in text]


def _stands_in(part: Sequence[int], whole: Sequence[int]) -> bool:
    """`part` as a run of neighbours in `whole`."""
    return any(list(whole[start : start + len(part)]) == list(part) for start in range(len(whole) - len(part) + 1))
