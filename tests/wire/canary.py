"""People, numbers and PINs that cannot occur by chance, and the search for them wherever they must not be.

A terminal's PINs have six digits under every region's rules, and six digits stand somewhere in any memory.  Driver,
chip and HSM take up to twelve: here the office has signed rules that say twelve.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from drivers.virtual.demo.cast import Cast, with_the_crowd
from drivers.virtual.people import Person
from tests.memory import forms, parts

LONG = 12
MARK = "73091528"
"""All PINs begin with it: a memory is searched once for all of them."""
NEW, OTHER = 9001, 9002
SIX_DIGITS = 'digits = 6\ninitial = "123456"'
TWELVE_DIGITS = 'digits = 12\ninitial = "123456123456"'


def marked() -> Cast:
    """Everybody of the demo, each with a PIN of their own."""
    cast = with_the_crowd()
    assert SIX_DIGITS in cast.rules
    return msgspec.structs.replace(
        cast,
        people=tuple(_with_pin(person, marked_pin(number)) for number, person in enumerate(cast.people)),
        new_pin=marked_pin(NEW),
        other_pin=marked_pin(OTHER),
        weak_pin="8" * LONG,
        rules=cast.rules.replace(SIX_DIGITS, TWELVE_DIGITS),
    )


def _with_pin(person: Person, pin: str) -> Person:
    if person.card is None or not person.card.pin:
        return person
    return msgspec.structs.replace(person, card=msgspec.structs.replace(person.card, pin=pin))


def marked_pin(number: int) -> str:
    return f"{MARK}{number:04}"


def pins(cast: Cast) -> set[str]:
    own = {person.card.pin for person in cast.people if person.card and person.card.pin}
    return own | {cast.new_pin, cast.other_pin}


def who_they_are(cast: Cast) -> set[str]:
    """What of a person and a card is never kept in clear; what audit keeps of them is masked."""
    people = {value for person in cast.people for value in (person.number, person.name, person.phone)}
    cards = [person.card for person in cast.people if person.card]
    return people | {value for card in cards for value in (card.number, card.identifier)}


# --- in memory ----------------------------------------------------------------------------


def family(pid: int) -> Iterator[int]:
    """A process and everything it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def remembered(pid: int, secrets: set[str]) -> set[tuple[str, str]]:
    """Which marked PINs a process still holds, and in which form."""
    wanted = {name: {forms(pin)[name]: pin for pin in secrets} for name in forms(MARK)}
    held: set[tuple[str, str]] = set()
    for part in parts(pid):
        for name, mark in forms(MARK).items():
            length = len(mark) * LONG // len(MARK)
            at = part.find(mark)
            while at >= 0:
                pin = wanted[name].get(part[at : at + length])
                held |= {(pin, name)} if pin else set()
                at = part.find(mark, at + 1)
    return held


# --- on the disk ---------------------------------------------------------------------------


def kept(folder: Path, secrets: set[str]) -> list[str]:
    """Files below that hold one of them, or are named by it: which, and how the secret begins."""
    wanted = {secret: written_forms(secret) for secret in secrets}
    found = []
    for file in sorted(folder.rglob("*")):
        data = file.read_bytes() if file.is_file() else b""
        told = [
            secret for secret, written in wanted.items() if secret in file.name or any(map(data.__contains__, written))
        ]
        found += [f"{file.relative_to(folder)}: {_hint(secret)}" for secret in told]
    return found


def written_forms(secret: str) -> list[bytes]:
    written = [secret.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    if secret.isdecimal() and len(secret) == LONG:
        written.append(bytes.fromhex(secret))
    if not secret.isascii():
        written.append(secret.encode("unicode_escape"))
    return written


def _hint(secret: str) -> str:
    """A failing run's log is a log, too."""
    return f"{secret[:2]}…{len(secret)}"
