"""The line between terminal and centre, as bad luck shapes it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from drivers.virtual.line import Cut, LosesAnswers, NetworkLine, Open, Stalled

PATIENCE_S = 5.0


class Centre:
    """Answers every message with itself in capitals, and remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.news = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = self._socket.getsockname()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        with caller, contextlib.suppress(OSError):
            while message := caller.recv(4096):
                with self.news:
                    self.heard.append(message)
                    self.news.notify_all()
                caller.sendall(message.upper())

    def wait_for(self, message: bytes) -> bool:
        with self.news:
            return self.news.wait_for(lambda: message in self.heard, PATIENCE_S)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # a test closed it before
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def centre() -> Iterator[Centre]:
    centre = Centre()
    yield centre
    centre.close()


@pytest.fixture
def line(centre: Centre) -> Iterator[NetworkLine]:
    with NetworkLine(centre.address) as line:
        yield line


def call(line: NetworkLine) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), PATIENCE_S)


def ask(caller: socket.socket, message: bytes) -> bytes:
    caller.sendall(message)
    return caller.recv(4096)


def test_an_open_line_carries_both_ways(line: NetworkLine) -> None:
    with call(line) as caller:
        assert ask(caller, b"hello") == b"HELLO"


def test_a_cut_line_breaks_calls_and_refuses_new_ones_until_it_is_mended(line: NetworkLine) -> None:
    with call(line) as caller:
        assert ask(caller, b"hello") == b"HELLO"
        line.put(Cut())
        with pytest.raises(ConnectionResetError):
            ask(caller, b"still there?")
    with pytest.raises(ConnectionRefusedError):
        call(line)
    line.put(Open())
    with call(line) as caller:
        assert ask(caller, b"again") == b"AGAIN"


def test_a_stalled_line_takes_calls_and_delivers_late(line: NetworkLine, centre: Centre) -> None:
    line.put(Stalled())
    with call(line) as caller:
        caller.sendall(b"anyone?")
        caller.settimeout(0.2)
        with pytest.raises(TimeoutError):
            caller.recv(4096)
        assert centre.heard == []
        caller.settimeout(PATIENCE_S)
        line.put(Open())
        assert caller.recv(4096) == b"ANYONE?"


def test_a_line_that_loses_answers_still_delivers_the_request(line: NetworkLine, centre: Centre) -> None:
    with call(line) as caller:
        assert ask(caller, b"handshake") == b"HANDSHAKE"
        line.put(LosesAnswers())
        caller.sendall(b"request")
        assert centre.wait_for(b"request")
        assert line.wait_until_lost(PATIENCE_S)
        line.put(Open())
        with pytest.raises(ConnectionResetError):  # never goes on with a hole in it
            caller.recv(4096)


def test_a_new_call_can_shake_hands_before_answers_are_lost(line: NetworkLine, centre: Centre) -> None:
    line.put(LosesAnswers())
    with call(line) as caller:
        assert ask(caller, b"handshake") == b"HANDSHAKE"
        caller.sendall(b"request")
        assert centre.wait_for(b"request")
        assert line.wait_until_lost(PATIENCE_S)


def test_a_caller_learns_that_the_centre_is_away(line: NetworkLine, centre: Centre) -> None:
    centre.close()
    with call(line) as caller, contextlib.suppress(ConnectionResetError):
        assert caller.recv(4096) == b""
