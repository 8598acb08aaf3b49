"""The virtual ID card reader on a serial line."""

from __future__ import annotations

from pathlib import Path

from drivers.virtual.id_reader.document import IdDocument
from drivers.virtual.id_reader.faults import Fault
from drivers.virtual.id_reader.machine import IdReader
from drivers.virtual.pty import PtyLine


class ServedIdReader:
    """An `IdReader` at the path `link`; safe to use from any thread.  `close` pulls its plug."""

    def __init__(self, link: Path, reader: IdReader | None = None) -> None:
        self._reader = reader or IdReader()
        self._line = PtyLine(link, self._reader.feed)

    @property
    def document(self) -> IdDocument | None:
        """What lies on the glass."""
        with self._line.lock:
            return self._reader.document

    def lay(self, document: IdDocument) -> None:
        with self._line.lock:
            self._reader.lay(document)

    def lift(self) -> None:
        with self._line.lock:
            self._reader.lift()

    def spoil(self, fault: Fault) -> None:
        with self._line.lock:
            self._reader.spoil(fault)

    def recover(self) -> None:
        with self._line.lock:
            self._reader.recover()

    def close(self) -> None:
        self._line.close()
