"""The centre's database, by URL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import peewee
import structlog
from playhouse import db_url, pool  # type: ignore[import-untyped]

from sync.central import tables

BUSY_TIMEOUT_S = 5
"""SQLite has one writer at a time: how long another process (`kiosk central code`) waits for its turn."""


TRIES = 10
"""For one call, when workers of PostgreSQL meet on the same rows: each time one of them has got further."""
MEETINGS = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and a row that another has just inserted (PostgreSQL, Appendix A and §13.2.3)."""
TABLES_LOCK = 20261127
"""Of two workers that start at once, one makes the tables."""

log = structlog.get_logger()

T = TypeVar("T")


class BadStoreUrl(ValueError):
    """The text says what is allowed."""


class Store:
    """Every worker thread may use it; each transaction has a connection of the pool to itself."""

    def __init__(self, url: str) -> None:
        """`sqlite:////absolute/path`, `sqlite:///relative/path` or `postgresql://user@host/name`."""
        self._database = _connect(url)
        # SQLite lets writers of one process wait by polling, up to 100 ms at a time: a queue is fairer.
        self._turn: AbstractContextManager[object] = threading.Lock() if url.startswith("sqlite:") else nullcontext()
        with self.transaction():
            if isinstance(self._database, peewee.PostgresqlDatabase):
                self._database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (TABLES_LOCK,))  # type: ignore[no-untyped-call]
            self._database.create_tables(tables.ALL)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All queries inside go to this store, and become true together or not at all."""
        with self._turn, self._database.connection_context(), self._database.atomic():
            token = tables.open_database.set(self._database)
            try:
                yield
            finally:
                tables.open_database.reset(token)

    def run(self, call: Callable[[], T]) -> T:
        """`call` in a transaction; begun anew, as if it came later, when another worker's got in between."""
        attempt = 1
        while True:
            try:
                with self.transaction():
                    return call()
            except (peewee.OperationalError, peewee.IntegrityError) as error:
                if attempt == TRIES or _sqlstate(error) not in MEETINGS:
                    raise
                log.info("workers_met", attempt=attempt)
                attempt += 1

    def close(self) -> None:
        self._database.close_all()


def _connect(url: str) -> pool.PooledDatabase:
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        return db_url.connect(
            url.replace("sqlite:", "sqlite+pool:", 1),
            max_connections=0,
            # The pool hands a connection from thread to thread, never to two at once.
            check_same_thread=False,
            # A transaction that read first and then cannot write would fail: take the writer's turn at once.
            lock_type="IMMEDIATE",
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "busy_timeout": BUSY_TIMEOUT_S * 1000,
            },
        )
    if scheme == "postgresql":
        # As many as the threads that answer calls (anyio's limit).
        return db_url.connect(
            url.replace("postgresql:", "psycopg3+pool:", 1), isolation_level="SERIALIZABLE", max_connections=40
        )
    raise BadStoreUrl(f"store {scheme}://…: must be sqlite:/// or postgresql://")


def _sqlstate(error: peewee.DatabaseError) -> str | None:
    cause = error.__cause__ or error.__context__
    return getattr(cause, "sqlstate", None)
