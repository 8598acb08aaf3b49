"""Debian's PostgreSQL for as long as the tests run: on a socket in a folder of its own, and gone afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from sync.central import tables

USER = "postgres"
"""Root is refused as the server's user; Debian's package has made this one."""
START_S, POLL_S = 60.0, 0.05
"""A machine that runs other tests beside is slow."""
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # nothing here outlives a power cut
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


class Cluster:
    """A running server.  A database that was used is emptied and used again: to make one takes longer than a test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._free: list[str] = []
        self._lent: list[str] = []

    def new_database(self, _folder: Path) -> str:
        """An empty one."""
        name = self._free.pop() if self._free else self._make()
        self._lent.append(name)
        return self.url(name)

    def take_back(self) -> None:
        """All that were lent; nobody uses them any more."""
        while self._lent:
            name = self._lent.pop()
            with self.connection(name) as connection:
                connection.execute("SET session_replication_role = replica")  # rows in any order
                for table in tables.ALL:
                    connection.execute(SQL("DELETE FROM {}").format(Identifier(table._meta.table_name)))
            self._free.append(name)

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    def connection(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self._folder), user=USER, dbname=database, autocommit=True)

    def _make(self) -> str:
        name = f"centre_{next(self._numbers)}"
        with self.connection("postgres") as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return name


@contextlib.contextmanager
def running() -> Iterator[Cluster]:
    # A short path: a Unix socket's name has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="shebao-kiosk-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        data = folder / "data"
        initdb = _command("initdb", "--auth=trust", f"--username={USER}", "--locale=C.UTF-8", "--no-sync", data)
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/")
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        server = _command("postgres", "-D", data, "-k", folder, *settings)
        with (folder / "log").open("wb") as log, subprocess.Popen(server, stdout=log, stderr=log, cwd="/") as process:
            try:
                cluster = Cluster(folder)
                _wait(cluster, process)
                yield cluster
            finally:
                process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
    finally:
        shutil.rmtree(folder)


def _wait(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(psycopg.OperationalError), cluster.connection("postgres"):
            return
        time.sleep(POLL_S)
    raise RuntimeError("PostgreSQL did not start")


def _command(program: str, *words: str | Path) -> list[str]:
    """By an unprivileged user, and never longer than these tests."""
    newest = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    command = ["setpriv", "--pdeathsig=QUIT"]
    if os.geteuid() == 0:
        user = pwd.getpwnam(USER)
        command += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
    return [*command, str(newest / program), *map(str, words)]
