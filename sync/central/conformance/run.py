"""Pair, check one sentence after another, tell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kiosk import pairing
from kiosk.contract import FirstOperator
from sync.central.conformance import cards, ground_rules, items, live, vouching
from sync.central.conformance.checks import Check, NotChecked, Subject
from sync.central.conformance.clerk import TestClerk
from sync.central.conformance.people import TestPeople
from sync.central.conformance.probe import Failed, Probe
from sync.pairing import pair

CHECKS: tuple[Check, ...] = (
    *ground_rules.CHAPTER.checks,
    *items.CHAPTER.checks,
    *cards.CHAPTER.checks,
    *vouching.CHAPTER.checks,
    *live.CHAPTER.checks,
)

Say = Callable[[str], None]

NEEDS_A_CHIP = "needs a chip"
"""An outcome of its own: nobody has looked, and nobody could have with what this suite is given."""


class Asked(msgspec.Struct, frozen=True):
    """Which centre, and what its office gave for the purpose."""

    url: str
    ca: Path
    office_key: Path
    terminal: str
    """A name that is registered for this and nothing else: what it sends stays on record."""
    code: str
    people: TestPeople


def check_centre(asked: Asked, say: Say) -> bool:
    """Whether nothing failed.  Raises sync.pairing.PairingFailed, kiosk.pairing.NotPaired, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        probe, operator = _pair(asked, Path(folder))
        clerk = TestClerk(probe, operator) if operator else None
        try:
            results = list(_results(Subject(probe, asked.people, asked.code, clerk), say))
            results += _without_a_chip(say)
        finally:
            probe.close()
    counted = {word: results.count(word) for word in ("ok", "failed", "not checked", NEEDS_A_CHIP)}
    say(", ".join(f"{count} {word}" for word, count in counted.items()))
    return counted["failed"] == 0


def _without_a_chip(say: Say) -> Iterator[str]:
    for sentence in live.NEED_A_CHIP:
        say(f"{NEEDS_A_CHIP:<13}{sentence}")
        yield NEEDS_A_CHIP


def _pair(asked: Asked, folder: Path) -> tuple[Probe, FirstOperator | None]:
    place = pairing.Installation(asked.ca, asked.office_key, folder / "terminal", folder / "sync")
    paired = pair(asked.url, place, asked.terminal, asked.code)
    identity = pairing.load_terminal(place.terminal_dir, pairing.read_office_key(asked.office_key))
    return Probe(asked.url, identity, pairing.load_line(place.sync_dir)), paired.operator


def _results(subject: Subject, say: Say) -> Iterator[str]:
    for check in CHECKS:
        word, why = _result(check, subject)
        say(f"{word:<13}{check.sentence}" + (f"\n{'':<13}→ {why}" if why else ""))
        yield word


def _result(check: Check, subject: Subject) -> tuple[str, str]:
    try:
        check.run(subject)
    except Failed as failed:
        return "failed", str(failed)
    except NotChecked as missing:
        return "not checked", str(missing)
    return "ok", ""
