"""What a process did to its disk, entry by entry: written by `trace.c`, and by the process itself, as it tells it."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

HEADER = struct.Struct("=4Q")


class Found(NamedTuple):
    """A file that was on the disk, flushed, when the story began."""

    inode: int
    name: str
    data: bytes


class Created(NamedTuple):
    inode: int
    name: str


class Written(NamedTuple):
    inode: int
    offset: int
    data: bytes


class Resized(NamedTuple):
    inode: int
    size: int


class Flushed(NamedTuple):
    inode: int


class FolderFlushed(NamedTuple):
    name: str


class Removed(NamedTuple):
    name: str


class Renamed(NamedTuple):
    old: str
    new: str


class Told(msgspec.Struct, frozen=True):
    """A call of the journal has returned: from now on this is durable."""

    journal_id: str
    record_seq: int
    hash: str
    rows: frozenset[str]
    """Sealed data and signed items.  They may go once the next call has begun, and no sooner; a start lets none go."""
    started: bool
    """It is the first word of a start."""


class Began(NamedTuple):
    """Everything before is on the disk and forgotten here."""

    verdict_key: bytes


Entry = Found | Created | Written | Resized | Flushed | FolderFlushed | Removed | Renamed | Told | Began


class Pen:
    """The process's own entries."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        self._last = b""

    def begin(self, root: Path, verdict_key: bytes) -> None:
        self._put(b"b", 0, verdict_key)
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.endswith("-shm"):
                name = str(path.relative_to(root)).encode()
                self._put(b"f", path.stat().st_ino, name + b"\0" + path.read_bytes())

    def tell(self, told: Told) -> None:
        self._last = msgspec.json.encode(told)
        self.tell_again()

    def tell_again(self) -> None:
        self._put(b"m", 0, self._last)

    def _put(self, what: bytes, inode: int, data: bytes) -> None:
        os.write(self._file, HEADER.pack(ord(what), inode, 0, len(data)) + data)


def read(path: Path) -> list[Entry]:
    """Since the last beginning."""
    entries = list(_entries(path.read_bytes()))
    beginning = max(i for i, entry in enumerate(entries) if isinstance(entry, Began))
    return entries[beginning:]


def _entries(data: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(data):
        what, inode, offset, length = HEADER.unpack_from(data, at)
        at += HEADER.size + length
        yield ENTRIES[chr(what)](inode, offset, data[at - length : at])


def _found(inode: int, _offset: int, data: bytes) -> Entry:
    name, _, content = data.partition(b"\0")
    return Found(inode, name.decode(), content)


ENTRIES: dict[str, Callable[[int, int, bytes], Entry]] = {
    "b": lambda _inode, _offset, data: Began(data),
    "f": _found,
    "c": lambda inode, _offset, data: Created(inode, data.decode()),
    "w": Written,
    "t": lambda inode, size, _data: Resized(inode, size),
    "s": lambda inode, _offset, _data: Flushed(inode),
    "d": lambda _inode, _offset, data: FolderFlushed(data.decode()),
    "u": lambda _inode, _offset, data: Removed(data.decode()),
    "r": lambda _inode, _offset, data: Renamed(*data.decode().split("\0")),
    "m": lambda _inode, _offset, data: msgspec.json.decode(data, type=Told),
}
"""By the sign that stands before each."""
