"""The journal's file: SQLite in WAL mode, one writing connection, flushed at every commit."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peewee import SQL, BlobField, BooleanField, IntegerField, Model, SqliteDatabase, TextField

from kiosk.journal.errors import JournalBroken, JournalTooNew
from kiosk.journal.schema import MIGRATIONS, SCHEMA, VERSION

BUSY_S = 0.2
"""Readers never block the writer; only a checkpoint waits for them, and it can wait for its next turn."""

WAITING = SQL("delivery IN ('pending', 'sent') AND NOT burnt")
IN_DOUBT = SQL("stage = 'in_doubt'")
"""Written out, because SQLite uses a partial index only for its literal condition."""

_LAST = "SELECT record_seq, hash FROM record WHERE journal = ? ORDER BY record_seq DESC LIMIT 1"
_RECORD = "SELECT content, commitment, hash FROM record WHERE journal = ? AND record_seq = ?"
_APPEND = (
    "INSERT INTO record (journal, record_seq, transaction_id, content, commitment, previous, hash)"
    " VALUES (:journal, :record_seq, :transaction_id, :content, :commitment, :previous, :hash)"
)
"""Part of every step and every answer: peewee takes longer to write them anew each time than SQLite to run them."""

_PRAGMAS = (
    ("page_size", 1024),  # halves the bytes written in a commit of small rows
    ("journal_mode", "wal"),
    ("synchronous", "full"),  # WAL with NORMAL loses acknowledged rows when the power goes
    ("foreign_keys", 1),
    ("secure_delete", 1),  # a deleted row is overwritten, not only forgotten
)


class JournalRow(Model):
    number = IntegerField(primary_key=True)
    journal_id = TextField()

    class Meta:
        table_name = "journal"


class RecordRow(Model):
    journal = IntegerField()
    record_seq = IntegerField()
    transaction_id = TextField(null=True)
    content = BlobField()
    commitment = BlobField()
    previous = BlobField()
    hash = BlobField()

    class Meta:
        table_name = "record"
        primary_key = False


class TransactionRow(Model):
    id = TextField(primary_key=True)
    kind = TextField()
    journal = IntegerField()
    drafted_seq = IntegerField()
    state_journal = IntegerField()
    state_seq = IntegerField()
    stage = TextField()
    card_ref = TextField(null=True)

    class Meta:
        table_name = "transactions"


class ItemRow(Model):
    journal = IntegerField()
    seq = IntegerField()
    transaction_id = TextField()
    domain = TextField()
    rank = IntegerField()
    holder_ref = TextField(null=True)
    head_seq = IntegerField()
    sha256 = TextField()
    wall = TextField()
    delivery = TextField()
    burnt = BooleanField()
    problem = TextField(null=True)

    class Meta:
        table_name = "item"
        primary_key = False


class OutgoingRow(Model):
    journal = IntegerField()
    seq = IntegerField()
    signed = BlobField()

    class Meta:
        table_name = "outgoing"
        primary_key = False


class SealedRow(Model):
    transaction_id = TextField(primary_key=True)
    salt = BlobField()
    sealed = BlobField()

    class Meta:
        table_name = "sealed"


class SlipRow(Model):
    id = TextField(primary_key=True)
    transaction_id = TextField(null=True)
    open = BooleanField()

    class Meta:
        table_name = "slip"


class BreakerRow(Model):
    journal = IntegerField()
    record_seq = IntegerField()

    class Meta:
        table_name = "breaker"
        primary_key = False


class CheckpointRow(Model):
    journal = IntegerField(primary_key=True)
    record_seq = IntegerField()
    hash = BlobField()
    signed = BlobField()

    class Meta:
        table_name = "checkpoint"


class TallyRow(Model):
    name = TextField(primary_key=True)
    number = IntegerField()

    class Meta:
        table_name = "tally"


class Store:
    """One connection.  Belongs to the thread that opened it."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open or create.  Raises JournalTooNew, JournalBroken."""
        store = cls(SqliteDatabase(str(path), pragmas=_PRAGMAS, timeout=BUSY_S, autoconnect=False))
        store.database.connect()
        try:
            store._migrate()
            store._check()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def read_only(cls, path: Path) -> Store:
        """Beside a running terminal.  Raises JournalTooNew, JournalBroken."""
        uri = f"{path.absolute().as_uri()}?mode=ro"
        store = cls(SqliteDatabase(uri, uri=True, timeout=BUSY_S, autoconnect=False))
        store.database.connect()
        store._refuse_newer()
        return store

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self.database.connection()  # type: ignore[no-untyped-call]
        return connection

    def close(self) -> None:
        self.database.close()

    @contextlib.contextmanager
    def commit(self) -> Iterator[None]:
        """Everything inside is on the disk afterwards, or nothing is."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:  # SQLite has rolled back by itself when its disk is full
                connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def pruning(self) -> Iterator[None]:
        """A commit that deletes records, under triggers that let go only of what a checkpoint names.

        Without them SQLite would look through all transactions for each record that is deleted.
        """
        self.database.pragma("foreign_keys", 0)
        try:
            with self.commit():
                yield
        finally:
            self.database.pragma("foreign_keys", 1)

    def all(self, query: Any) -> list[Any]:
        return list(query.execute(self.database))

    def each(self, query: Any) -> Iterator[Any]:
        """One at a time, for queries over the whole history."""
        return iter(query.iterator(self.database))

    def first(self, query: Any) -> Any | None:
        return next(iter(query.limit(1).execute(self.database)), None)

    def run(self, query: Any) -> None:
        query.execute(self.database)

    def last(self, journal: int) -> tuple[int, bytes] | None:
        """Number and hash of a journal's last record."""
        found: tuple[int, bytes] | None = self._connection.execute(_LAST, (journal,)).fetchone()
        return found

    def record(self, journal: int, record_seq: int) -> tuple[bytes, bytes, bytes]:
        """Content, commitment and hash.  Raises KeyError."""
        found: tuple[bytes, bytes, bytes] | None = self._connection.execute(_RECORD, (journal, record_seq)).fetchone()
        if found is None:
            raise KeyError((journal, record_seq))
        return found

    def append(self, **columns: Any) -> None:
        """One record."""
        self._connection.execute(_APPEND, columns)

    def delete(self, table: str, where: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Each row of `rows` fills the condition's question marks once."""
        self._connection.executemany(f"DELETE FROM {table} WHERE {where}", rows)  # noqa: S608 - names of our own

    def copy_to(self, path: Path) -> None:
        """All of it at once, as it is now: a copy in steps would begin again with each commit of the terminal.

        One file that needs no log beside it, so that it can be read from a disk that cannot be written.
        """
        with contextlib.closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode = delete")

    def wipe_log(self) -> None:
        """Empty the write-ahead log, where deleted rows would stay readable.

        While someone reads it stays as it is, until the next answer.
        """
        self.database.pragma("wal_checkpoint(TRUNCATE)")

    def _migrate(self) -> None:
        old = self._refuse_newer()
        steps = [SCHEMA] if old == 0 else [MIGRATIONS[version] for version in range(old, VERSION)]
        if steps:
            self._connection.executescript(f"BEGIN;{''.join(steps)};PRAGMA user_version = {VERSION};COMMIT;")

    def version(self) -> int:
        """The format's; 0 for a file with nothing in it."""
        return int(self.database.pragma("user_version"))

    def _refuse_newer(self) -> int:
        version = self.version()
        if version > VERSION:
            raise JournalTooNew(
                f"日志由更新版本的程序写入，请更新程序 "
                f"(the journal has format {version}, this program knows up to {VERSION}: update it)"
            )
        return version

    def _check(self) -> None:
        told = self.database.pragma("quick_check(1)")
        if told != "ok":
            raise JournalBroken(f"日志文件已损坏 (the journal's file is damaged): {told}")
