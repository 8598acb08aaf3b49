"""A network line between `kiosk sync` and the centre that can be cut, stall, or lose answers.

It forwards TCP from a local port to the centre's and understands none of it: TLS ends at the centre, as on any line.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType

import msgspec

CHUNK = 65536
LOCAL = "127.0.0.1"
CONNECT_S = 5.0
"""The centre is on this machine."""


class Open(msgspec.Struct, frozen=True, tag="open"):
    """Everything passes."""


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """Connections break and new ones are refused at once."""


class Stalled(msgspec.Struct, frozen=True, tag="stalled"):
    """Connections are taken, nothing passes either way."""


class LosesAnswers(msgspec.Struct, frozen=True, tag="loses_answers"):
    """Requests reach the centre, answers do not come back."""


Mode = Open | Cut | Stalled | LosesAnswers


class NetworkLine:
    """Forwards connections on `port` to the centre, in the mode it is `put` into.  Safe to use from any thread."""

    def __init__(self, centre: tuple[str, int]) -> None:
        self._centre = centre
        self._mode: Mode = Open()
        self._change = threading.Condition()
        self._connections: set[_Connection] = set()
        self._listener: socket.socket | None = None
        self._holder = _bound(0)  # keeps the port ours while nobody listens on it
        self.port: int = self._holder.getsockname()[1]
        self._listen()

    @property
    def mode(self) -> Mode:
        return self._mode

    def put(self, mode: Mode) -> None:
        """Change the mode.  What a connection has lost is never made up for: it breaks when the line is whole again."""
        with self._change:
            self._mode = mode
            self._change.notify_all()
            doomed = [c for c in self._connections if isinstance(mode, Cut) or (isinstance(mode, Open) and c.has_lost)]
        for connection in doomed:
            connection.reset()
        if isinstance(mode, Cut):
            self._deafen()
        elif self._listener is None:
            self._listen()

    def wait_until_lost(self, timeout_s: float) -> bool:
        """True once an answer was lost on a connection that still stands: the centre has acted, nobody knows."""
        with self._change:
            return self._change.wait_for(lambda: any(c.has_lost for c in self._connections), timeout_s)

    def close(self) -> None:
        self.put(Cut())
        self._holder.close()

    def __enter__(self) -> NetworkLine:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self.close()

    # --- the listening end ----------------------------------------------------------

    def _listen(self) -> None:
        self._listener = _bound(self.port)
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), name="network line", daemon=True).start()

    def _deafen(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept; from now on connecting is refused
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # the line was cut
            self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._centre, CONNECT_S)
        except OSError:
            near.close()  # the centre is away, and whoever called finds out
            return
        far.settimeout(None)
        connection = _Connection(near, far)
        with self._change:
            self._connections.add(connection)
        for pump in (self._carry_requests, self._carry_answers):
            threading.Thread(target=pump, args=(connection,), name=pump.__name__, daemon=True).start()

    # --- what passes --------------------------------------------------------------------

    def _carry_requests(self, connection: _Connection) -> None:
        with self._until_either_end_closes(connection):
            while data := connection.near.recv(CHUNK):
                connection.asked()
                self._passable()
                connection.far.sendall(data)

    def _carry_answers(self, connection: _Connection) -> None:
        with self._until_either_end_closes(connection):
            while data := connection.far.recv(CHUNK):
                mode = self._passable()
                connection.answered()
                if isinstance(mode, LosesAnswers) and not connection.shaking_hands:
                    self._lose(connection)
                else:
                    connection.near.sendall(data)

    def _lose(self, connection: _Connection) -> None:
        with self._change:
            connection.has_lost = True
            self._change.notify_all()

    def _passable(self) -> Mode:
        """Wait while the line is stalled."""
        with self._change:
            self._change.wait_for(lambda: not isinstance(self._mode, Stalled))
            return self._mode

    @contextlib.contextmanager
    def _until_either_end_closes(self, connection: _Connection) -> Iterator[None]:
        try:
            yield
        except OSError:
            pass  # one end is gone, or the line was cut: both ends learn it below
        finally:
            connection.close()
            with self._change:
                self._connections.discard(connection)


class _Connection:
    """One call through the line."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near = near
        self.far = far
        self.has_lost = False
        self._turns = 0
        self._parting = socket.SHUT_RDWR

    @property
    def shaking_hands(self) -> bool:
        """The centre's first turn is the TLS 1.3 handshake (RFC 8446 §2); without it no request would ever be sent."""
        return self._turns <= 2

    def asked(self) -> None:
        self._turns += self._turns % 2 == 0

    def answered(self) -> None:
        self._turns += self._turns % 2 == 1

    def reset(self) -> None:
        """As a cut line: both ends get a reset, nobody a goodbye."""
        self._parting = socket.SHUT_RD
        for end in (self.near, self.far):
            with contextlib.suppress(OSError):  # closed a moment ago
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        for end in (self.near, self.far):
            with contextlib.suppress(OSError):  # not connected any more
                end.shutdown(self._parting)  # wakes who reads from it
        for end in (self.near, self.far):
            end.close()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOCAL, port))
    return bound
