"""A serial line whose far end is a virtual device: a pseudo-terminal under a name of its own."""

from __future__ import annotations

import os
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

CHUNK = 4096
"""Bytes taken from the line at once: what the kernel's terminal buffer holds."""

Hear = Callable[[bytes], bytes]
"""A device: hears bytes, answers bytes (often none)."""


class PtyLine:
    """Serves one device at `link`, which programs open like any serial port; runs from creation until `close`.

    `hear` runs on the line's own thread, under `lock`; whoever touches the device from elsewhere takes `lock`.
    Like a real port it stays when a program closes it, and loses what nobody takes.  `close` is a pulled plug.
    """

    def __init__(self, link: Path, hear: Hear) -> None:
        self.link = link
        self.lock = threading.RLock()
        self._hear = hear
        self._closed = False
        self._master, self._slave = os.openpty()  # an open slave keeps the master alive between two programs
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._node = os.ttyname(self._slave)
        self._stop_read, self._stop_write = os.pipe()
        self._thread = threading.Thread(target=self._serve, name=f"pty {link.name}", daemon=True)
        self._publish()
        self._thread.start()

    def say(self, data: bytes) -> None:
        """Send bytes nobody asked for (paper ran out, a key was pressed)."""
        with self.lock:
            while data and not self._closed:
                try:
                    data = data[os.write(self._master, data) :]
                except BlockingIOError:
                    return  # nobody reads and the line is full: a line without flow control loses the rest

    def close(self) -> None:
        """Pull the plug: the name is gone, and who has the port open gets an I/O error.  Not while holding `lock`."""
        if self._closed:
            return
        self._closed = True
        os.write(self._stop_write, b"\0")
        self._thread.join()
        self._unpublish()
        for descriptor in (self._master, self._slave, self._stop_read, self._stop_write):
            os.close(descriptor)

    def __enter__(self) -> PtyLine:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            with self.lock:
                self.say(self._hear(os.read(self._master, CHUNK)))

    def _publish(self) -> None:
        self.link.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.link.with_name(f".{self.link.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(self._node)
        fresh.replace(self.link)

    def _unpublish(self) -> None:
        if self.link.is_symlink() and str(self.link.readlink()) == self._node:
            self.link.unlink()
