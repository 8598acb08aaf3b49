"""What the processes of a terminal wrote down while a story was played, as an operator would find it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec
import structlog
from structlog.testing import capture_logs

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Visits and transactions: their digits are random, and may look like a PIN."""


class Log:
    """Every line, told apart by the name of its event."""

    def __init__(self, lines: list[Any]) -> None:
        self._lines = lines

    def tells(self, event: str, *, times: int = 1, **values: object) -> None:
        """Exactly so many lines have this event with these values."""
        found = [line for line in self._lines if line["event"] == event and values.items() <= line.items()]
        assert len(found) == times, f"{len(found)} × {event} {values} in:\n{self}"

    def keeps(self, secrets: Collection[str]) -> None:
        """No line, traceback included, has any of these."""
        for line in str(self).splitlines():
            told = [secret for secret in secrets if secret in UUID.sub("", line)]
            assert not told, f"{told} stands in the log: {line}"

    def __str__(self) -> str:
        return "\n".join(msgspec.json.encode(line, enc_hook=repr).decode() for line in self._lines)


@contextlib.contextmanager
def kept() -> Iterator[Log]:
    with capture_logs(processors=[structlog.processors.format_exc_info]) as lines:
        yield Log(lines)
