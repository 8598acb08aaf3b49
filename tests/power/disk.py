"""A disk whose power may go: what has been flushed is on it, and of the rest anything may be.

What is assumed, and no more:
- A sector of 512 bytes has its old or its new content.  Of a write any set of its sectors arrives, in any order with
  the sectors of other writes to whatever file; where a file has grown past what arrived, it holds zeros.
- A change of a file's size arrives or does not, apart from the writes around it.  (ext4, data=ordered, is kinder: it
  would not let a later write to freed blocks arrive without it.)
- fsync and fdatasync of a file bring its content and its size, as written so far; nothing of any other file, and not
  its name: that takes an fsync of its folder.  (ext4 is kinder here, too.)
- Names that were made, changed or removed arrive in the order of time, as in any file system with a journal: the first
  few of them, how many is not known.  A rename arrives as a whole.
- The disk does not lie about having flushed, and does not damage what it was not told to write.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import PurePath
from typing import NamedTuple

from tests.power.trace import (
    Began,
    Created,
    Entry,
    Flushed,
    FolderFlushed,
    Found,
    Removed,
    Renamed,
    Resized,
    Told,
    Written,
)

SECTOR = 512
WHOLE, NOTHING = -1, 0

Files = dict[str, bytes]


class File:
    """An inode; two are never the same one."""

    def __init__(self, data: bytes = b"") -> None:
        self.flushed = data


class Luck(NamedTuple):
    """What arrives of all that was not flushed."""

    names: int
    """The first so many changes of names."""
    sectors: tuple[int, ...]
    """Of each change of a file, one bit a sector; the lowest is the first one's."""


class Disk:
    def __init__(self) -> None:
        self._inodes: dict[int, File] = {}
        self._names: dict[str, File] = {}
        self._renaming: list[tuple[Created | Removed | Renamed, File | None]] = []
        self._changing: list[tuple[Written | Resized, File]] = []

    def take(self, entry: Entry) -> None:
        match entry:
            case Found():
                self._names[entry.name] = self._inodes[entry.inode] = File(entry.data)
            case Created():
                self._inodes[entry.inode] = File()
                self._renaming.append((entry, self._inodes[entry.inode]))
            case Removed() | Renamed():
                self._renaming.append((entry, None))
            case Written() | Resized():
                self._changing.append((entry, self._inodes[entry.inode]))
            case Flushed():
                self._flush(self._inodes[entry.inode])
            case FolderFlushed():
                self._flush_folder(entry.name)
            case Told() | Began():
                pass

    def _flush(self, file: File) -> None:
        mine = [change for change, of in self._changing if of is file]
        file.flushed = _changed(file.flushed, mine, [WHOLE] * len(mine))
        self._changing = [(change, of) for change, of in self._changing if of is not file]

    def _flush_folder(self, folder: str) -> None:
        here = [(change, file) for change, file in self._renaming if folder in _folders(change)]
        self._names = _renamed(self._names, here)
        self._renaming = [pair for pair in self._renaming if pair not in here]

    def after(self, luck: Luck) -> Files:
        """What is found on it when the power is back."""
        found = {}
        for name, file in _renamed(self._names, self._renaming[: luck.names]).items():
            mine = [
                (change, bits) for (change, of), bits in zip(self._changing, luck.sectors, strict=True) if of is file
            ]
            found[name] = _changed(file.flushed, [change for change, _ in mine], [bits for _, bits in mine])
        return found

    def whole(self) -> Luck:
        return Luck(len(self._renaming), (WHOLE,) * len(self._changing))

    def extremes(self) -> Iterator[Luck]:
        """Nothing arrives, everything, everything but one change, or one change alone; with few and with all names."""
        names, changes = len(self._renaming), len(self._changing)
        for some in range(names + 1):
            yield Luck(some, (NOTHING,) * changes)
            yield Luck(some, (WHOLE,) * changes)
        for one in reversed(range(changes)):
            for base, other in ((NOTHING, WHOLE), (WHOLE, NOTHING)):
                for torn in (other, 1, ~1):
                    yield Luck(names, (base,) * one + (torn,) + (base,) * (changes - one - 1))

    def chances(self, dice: random.Random) -> Iterator[Luck]:
        """Endless: each change arrives, does not, or is torn."""
        while True:
            likely = dice.random()
            yield Luck(
                dice.randint(0, len(self._renaming)),
                tuple(_chance(dice, change, likely) for change, _ in self._changing),
            )


def _chance(dice: random.Random, change: Written | Resized, likely: float) -> int:
    if isinstance(change, Written) and dice.random() < 1 / 4:
        return dice.getrandbits(len(list(_sectors(change))))
    return WHOLE if dice.random() < likely else NOTHING


def _folders(change: Created | Removed | Renamed) -> set[str]:
    names = (change.old, change.new) if isinstance(change, Renamed) else (change.name,)
    return {"" if (folder := str(PurePath(name).parent)) == "." else folder for name in names}


def _renamed(names: dict[str, File], changes: list[tuple[Created | Removed | Renamed, File | None]]) -> dict[str, File]:
    names = dict(names)
    for change, file in changes:
        match change:
            case Created() if file is not None:
                names[change.name] = file
            case Removed():
                names.pop(change.name, None)
            case Renamed():
                names[change.new] = names.pop(change.old)
    return names


def _changed(data: bytes, changes: list[Written | Resized], arrived: list[int]) -> bytes:
    content = bytearray(data)
    for change, bits in zip(changes, arrived, strict=True):
        match change:
            case Resized(size=size) if bits & 1:
                content = content[:size].ljust(size, b"\0")
            case Written():
                for number, (start, piece) in enumerate(_sectors(change)):
                    if bits >> number & 1:
                        content = content.ljust(start, b"\0")
                        content[start : start + len(piece)] = piece
    return bytes(content)


def _sectors(write: Written) -> Iterator[tuple[int, bytes]]:
    """Where each part begins that lies in a sector of its own, and its bytes."""
    start, end = write.offset, write.offset + len(write.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield start, write.data[start - write.offset : stop - write.offset]
        start = stop
