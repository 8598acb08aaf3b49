"""Says at the end of a run how many stories were generated."""

from __future__ import annotations

import pytest

GENERATED = "test_visits.py"


def pytest_collection_finish(session: pytest.Session) -> None:
    number = sum(item.path.name == GENERATED for item in session.items)
    if number:
        session.config.stash[_NUMBER] = number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    number = terminalreporter.config.stash.get(_NUMBER, 0)
    if number:
        terminalreporter.write_line(f"{number} generated stories")


_NUMBER = pytest.StashKey[int]()
