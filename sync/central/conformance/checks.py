"""What a check is: a sentence of docs/central.md, and what shows that a centre keeps it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sync.central.conformance.clerk import TestClerk
from sync.central.conformance.people import TestPeople
from sync.central.conformance.probe import Probe


class NotChecked(Exception):
    """What it would take, and was not given."""


class Subject(msgspec.Struct, frozen=True):
    """The centre as it is reached: by a paired terminal, for these people."""

    probe: Probe
    people: TestPeople
    code: str
    """The pairing code that the terminal has used up."""
    clerk: TestClerk | None
    """The first operator; None: the office named none with the code."""


Run = Callable[[Subject], None]
"""Raises Failed, NotChecked."""


class Check(msgspec.Struct, frozen=True):
    sentence: str
    run: Run


class Chapter:
    """Checks in the order in which they are to be made."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def check(self, sentence: str) -> Callable[[Run], Run]:
        """`sentence` stands word for word in docs/central.md."""

        def add(run: Run) -> Run:
            self.checks.append(Check(sentence, run))
            return run

        return add
