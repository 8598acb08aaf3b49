"""The hash chain: SHA-256(previous ‖ canonical record ‖ commitment), and what breaks it.  Pure.

`previous` and `commitment` are always 32 bytes, so that no two records read the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

NOTHING = bytes(32)
"""Commitment of a record that seals nothing; `previous` of the first record."""


def record_hash(previous: bytes, content: bytes, commitment: bytes) -> bytes:
    return hashlib.sha256(previous + content + commitment).digest()


def commitment_to(salt: bytes, sealed: bytes) -> bytes:
    """Ties sealed data to their record.  With the salt gone, nothing can be guessed from it."""
    return hashlib.sha256(salt + sealed).digest()


def short_code(digest: bytes) -> str:
    """What stands on a slip, such as 4f1c·a07e."""
    text = digest.hex()
    return f"{text[:4]}·{text[4:8]}"


# --- verification -------------------------------------------------------------------------


class Link(msgspec.Struct, frozen=True):
    """A record as its row shows it: where it stands, and where its content says it belongs."""

    record_seq: int
    says_seq: int
    intact: bool
    """Its content is readable, and its hash and columns fit it."""
    previous: bytes
    hash: bytes


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    """This record is not what was written."""

    record_seq: int


class Removed(msgspec.Struct, frozen=True, tag="removed"):
    """These are gone, `first` to `last`."""

    first: int
    last: int


class Inserted(msgspec.Struct, frozen=True, tag="inserted"):
    """What stands here was never written as part of this chain."""

    record_seq: int


class Reordered(msgspec.Struct, frozen=True, tag="reordered"):
    """The record that stands at `record_seq` belongs at `belongs`."""

    record_seq: int
    belongs: int


Break = Changed | Removed | Inserted | Reordered


def breaks(links: list[Link], head: bytes = NOTHING, first: int = 0) -> list[Break]:
    """What was done to one journal's records, given in the order of their rows.

    `first` is the number of the first record expected, and `head` the hash before it.
    """
    found: list[Break] = [Changed(link.record_seq) for link in links if not link.intact]
    chain, inserted = _sort_out([link if link.intact else _in_its_place(link) for link in links])
    found += inserted
    found += _gaps(chain, head, first)
    return found or _misplaced(links)


def _in_its_place(link: Link) -> Link:
    """A changed record says nothing trustworthy of its place: believe its row."""
    return msgspec.structs.replace(link, says_seq=link.record_seq)


def _sort_out(links: list[Link]) -> tuple[list[Link], list[Break]]:
    """The records by the place they claim, and those whose place is taken by one that the next record knows."""
    parents = {link.previous for link in links}
    places: dict[int, Link] = {}
    inserted: list[Break] = []
    for link in links:
        rival = places.setdefault(link.says_seq, link)
        if rival is not link:
            genuine, other = (rival, link) if rival.hash in parents else (link, rival)
            places[link.says_seq] = genuine
            inserted.append(Inserted(other.record_seq))
    return [places[seq] for seq in sorted(places)], inserted


def _gaps(chain: list[Link], head: bytes, expected: int) -> Iterator[Break]:
    """Holes in the numbers, and neighbours of which the later does not know the earlier."""
    trusted = True
    for link in chain:
        if link.says_seq > expected:
            yield Removed(expected, link.says_seq - 1)
        elif trusted and link.intact and link.previous != head:
            yield Changed(max(expected - 1, 0))
        head, expected, trusted = link.hash, link.says_seq + 1, link.intact


def _misplaced(links: list[Link]) -> list[Break]:
    return [Reordered(link.record_seq, link.says_seq) for link in links if link.says_seq != link.record_seq]
