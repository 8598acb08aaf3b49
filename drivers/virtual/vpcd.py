"""Puts a virtual card into vsmartcard's virtual reader (vpcd), which pcscd shows as any other reader.

The reader listens; a card connects.  Every message has its length before it (2 bytes, big-endian).  A message of
one byte is control: 00 power off, 01 power on, 02 reset, 04 give the ATR; anything longer is an APDU.
A connection is a card in the slot; closing it is the card pulled.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.virtual.card import VirtualCard

FIRST_PORT = 35963
SECOND_PORT = 35964

CONNECT_S = 2.0
"""The reader is on this machine: if it does not answer by now, pcscd is not running."""

POWER_OFF, POWER_ON, RESET, GET_ATR = 0x00, 0x01, 0x02, 0x04

_LENGTH = struct.Struct(">H")

_NO_ATR = bytes(64)
"""What a mute card answers.  vpcd takes silence for an empty slot; an answer longer than any ATR (33 bytes) it cannot
use, so that pcscd reports a card that is present and mute, as it does for one put in the wrong way round."""


class NoVirtualReader(ConnectionError):
    """Nobody listens on the reader's port; the sentence says what to do."""


# --- bad luck ------------------------------------------------------------------------


@dataclass(frozen=True)
class PullBefore:
    """The card is gone when the command comes: it never sees it."""

    nth: int = 1
    """Which one of those that match, counted from the insertion, 1 the first."""
    ins: int | None = None
    """Only commands with this instruction byte; None: all."""


@dataclass(frozen=True)
class PullAfter:
    """The card does what the command says, and is gone before its answer reaches the reader."""

    nth: int = 1
    ins: int | None = None


Pull = PullBefore | PullAfter


@dataclass(frozen=True, repr=False)
class Exchange:
    """One command as it crossed the wire.  May hold a PIN: never printed, never logged."""

    command: bytes
    response: bytes | None
    """None: the card was pulled first."""

    @property
    def ins(self) -> int:
        return self.command[1] if len(self.command) > 1 else -1

    @property
    def sw(self) -> str:
        """Last two bytes in hex; empty if there was no answer."""
        return self.response[-2:].hex().upper() if self.response else ""


# --- the slot ------------------------------------------------------------------------


@dataclass
class _Visit:
    """One card, from insertion to pull."""

    card: VirtualCard
    wire: socket.socket
    pull: Pull | None
    seen: int = 0
    gone: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


class Slot:
    """One slot of the virtual reader.

    `on_exchange` is called in the slot's thread after every command.
    """

    def __init__(
        self,
        port: int = FIRST_PORT,
        host: str = "127.0.0.1",
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._address = (host, port)
        self._on_exchange = on_exchange
        self._visit: _Visit | None = None
        self.trace: list[Exchange] = []
        """Every command since the slot was made, over all insertions."""

    def __enter__(self) -> Slot:
        return self

    def __exit__(self, *_: object) -> None:
        self.pull()

    @property
    def card(self) -> VirtualCard | None:
        """What is in the slot now; None after a pull, or when pcscd went away."""
        visit = self._visit
        return visit.card if visit and not visit.gone.is_set() else None

    def insert(self, card: VirtualCard, pull: Pull | None = None) -> None:
        """Push a card in; one that is still there is pulled first.  pcscd notices within 0.4 s.

        With `pull` it leaves by itself at that command.  Raises NoVirtualReader.
        """
        self.pull()
        visit = _Visit(card, self._connect(), pull)
        visit.thread = threading.Thread(target=self._serve, args=(visit,), name="virtual card", daemon=True)
        self._visit = visit
        visit.thread.start()

    def pull(self) -> None:
        """Take the card out, also in the middle of a command.  Nothing happens when the slot is empty."""
        visit, self._visit = self._visit, None
        if visit is None or visit.thread is None:
            return
        with contextlib.suppress(OSError):  # it left by itself just now
            visit.wire.shutdown(socket.SHUT_RDWR)
        if visit.thread is not threading.current_thread():
            visit.thread.join()

    def wait_until_gone(self, timeout_s: float) -> bool:
        """True once the card in the slot left (by `pull`, by plan, or because pcscd went away)."""
        visit = self._visit
        return visit is None or visit.gone.wait(timeout_s)

    def _connect(self) -> socket.socket:
        try:
            wire = socket.create_connection(self._address, CONNECT_S)
        except OSError as error:
            host, port = self._address
            raise NoVirtualReader(
                f"no virtual reader on {host}:{port} ({error}): start pcscd, and install vsmartcard-vpcd"
            ) from None
        wire.settimeout(None)
        # Without these two, Nagle and delayed acknowledgements cost 48 ms an APDU.
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return wire

    def _serve(self, visit: _Visit) -> None:
        try:
            with visit.wire:
                while (message := _receive(visit.wire)) and self._handle(visit, message):
                    pass
        except OSError:
            pass  # the reader's end closed: to a card that is the same as being pulled
        finally:
            visit.card.power_off()
            visit.gone.set()

    def _handle(self, visit: _Visit, message: bytes) -> bool:
        """False: the card left."""
        match message[0] if len(message) == 1 else None:
            case None:
                return self._exchange(visit, message)
            case c if c == POWER_OFF:
                visit.card.power_off()
            case c if c in (POWER_ON, RESET):
                visit.card.power_on()
            case c if c == GET_ATR:
                _send(visit.wire, visit.card.atr or _NO_ATR)
        return True

    def _exchange(self, visit: _Visit, command: bytes) -> bool:
        pull = visit.pull
        if pull and pull.ins in (None, command[1] if len(command) > 1 else -1):
            visit.seen += 1
        due = pull is not None and visit.seen == pull.nth
        if due and isinstance(pull, PullBefore):
            self._record(Exchange(command, None))
            return False
        response = visit.card.transmit(command)
        if due:
            self._record(Exchange(command, None))
            return False
        self._record(Exchange(command, response))
        _send(visit.wire, response)
        return True

    def _record(self, exchange: Exchange) -> None:
        self.trace.append(exchange)
        if self._on_exchange:
            self._on_exchange(exchange)


def _receive(wire: socket.socket) -> bytes:
    """One message; empty at the end."""
    head = _exactly(wire, _LENGTH.size)
    return _exactly(wire, _LENGTH.unpack(head)[0]) if head else b""


def _exactly(wire: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        # The kernel forgets it after each use.
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = wire.recv(count - len(data))
        if not part:
            return b""
        data += part
    return data


def _send(wire: socket.socket, message: bytes) -> None:
    wire.sendall(_LENGTH.pack(len(message)) + message)
