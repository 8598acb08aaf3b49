"""When the journal cannot be written or believed: the terminal is out of service."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import peewee


class JournalFailed(Exception):
    """Nothing was half-written; nothing more may be started until somebody acts."""


class JournalFull(JournalFailed):
    """No room on the disk."""


class JournalBroken(JournalFailed):
    """The file cannot be written, or does not hold what was written to it."""


class JournalTooNew(JournalFailed):
    """Written by a newer version of this program."""


_NO_ROOM = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
"""The latter at a start: the log's index, made anew, finds no room."""


@contextlib.contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what SQLite says of its disk into a `JournalFailed`.

    A broken rule (IntegrityError) is a programmer's mistake and stays what it is.
    """
    try:
        yield
    except (peewee.OperationalError, peewee.DatabaseError, sqlite3.Error) as error:
        if isinstance(error, (peewee.IntegrityError, sqlite3.IntegrityError)):
            raise
        if _sqlite_name(error) in _NO_ROOM:
            raise JournalFull("日志所在磁盘已满 (the disk that holds the journal is full)") from error
        raise JournalBroken(f"日志无法读写 (the journal cannot be read or written): {error}") from error


def _sqlite_name(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, sqlite3.Error):
            return getattr(error, "sqlite_errorname", "")
        error = error.__cause__ or error.__context__
    return ""
