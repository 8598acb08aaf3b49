"""pcscd with the virtual reader, for demo and tests: one at a time on a machine.

Two pcscds fight over one socket and over the virtual reader's ports, so a running one is used as it stands and
left running; one started here is stopped here.  A file lock keeps a demo and a test run from sharing the slots.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import msgspec
from smartcard.scard import (
    SCARD_S_SUCCESS,
    SCARD_SCOPE_USER,
    SCardEstablishContext,
    SCardListReaders,
    SCardReleaseContext,
)

from drivers.virtual.bench.processes import Process, StartFailed
from drivers.virtual.vpcd import FIRST_PORT, SECOND_PORT

SOCKET = Path("/run/pcscd/pcscd.comm")
LOCK = Path(tempfile.gettempdir()) / "shebao-kiosk-virtual-reader.lock"

START_S = 10.0
"""pcscd is ready in well under a second; a machine under full load needs longer."""
POLL_S = 0.05


class PcscdUnavailable(RuntimeError):
    """The sentence says what to install, stop or wait for."""


class VirtualReaders(msgspec.Struct, frozen=True):
    """The virtual reader, ours alone."""

    slots: tuple[str, ...]
    """By name, the first slot first."""
    pcscd: Process | None
    """None: it ran before, and is nobody's here to kill."""


@contextlib.contextmanager
def virtual_readers(wait_s: float = 0.0) -> Iterator[VirtualReaders]:
    """The virtual reader until the block ends.

    Waits up to `wait_s` for whoever holds it now.  Raises PcscdUnavailable.
    """
    with _alone(wait_s), _running() as pcscd:
        yield VirtualReaders(_wait_for_slots(), pcscd)


@contextlib.contextmanager
def _alone(wait_s: float) -> Iterator[None]:
    end = time.monotonic() + wait_s
    with _open_lock() as file:
        while not _locked(file.fileno()):
            if time.monotonic() >= end:
                file.seek(0)
                raise PcscdUnavailable(
                    f"the virtual reader is in use by process {file.read() or '?'}: end that demo or test run first"
                )
            time.sleep(POLL_S)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _open_lock() -> TextIO:
    try:
        return LOCK.open("a+")
    except OSError as error:
        raise PcscdUnavailable(f"cannot lock the virtual reader: {error}: remove {LOCK}") from None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _running() -> Iterator[Process | None]:
    if _answers():
        yield None
        return
    program = shutil.which("pcscd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise PcscdUnavailable("pcscd is not installed: apt-get install pcscd vsmartcard-vpcd")
    for port in (FIRST_PORT, SECOND_PORT):
        _require_free(port)
    pcscd = Process("pcscd", [program, "--foreground"], Path(os.devnull), {})
    try:
        pcscd.start(_answers, START_S)
        yield pcscd
    except StartFailed:
        raise PcscdUnavailable("pcscd did not stay up: see `pcscd --foreground`") from None
    finally:
        pcscd.end()


def _answers() -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(SOCKET))
        except OSError:
            return False
    return True


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            raise PcscdUnavailable(f"port {port}, which the virtual reader needs, is taken ({error})") from None


def _wait_for_slots() -> tuple[str, ...]:
    end = time.monotonic() + START_S
    while not (slots := _slots()):
        if time.monotonic() >= end:
            raise PcscdUnavailable("pcscd has no virtual reader: apt-get install vsmartcard-vpcd, then restart pcscd")
        time.sleep(POLL_S)
    return slots


def _slots() -> tuple[str, ...]:
    result, context = SCardEstablishContext(SCARD_SCOPE_USER)
    if result != SCARD_S_SUCCESS:
        return ()
    try:
        result, names = SCardListReaders(context, [])
    finally:
        SCardReleaseContext(context)
    found = names if result == SCARD_S_SUCCESS else []
    return tuple(sorted(name for name in found if name.startswith("Virtual PCD")))
