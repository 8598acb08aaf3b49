"""Says at the end of a run how many stories were generated."""

from __future__ import annotations

import itertools

import pytest

GENERATED = ("test_visits.py", "test_lying_centre.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = itertools.chain.from_iterable(terminalreporter.stats.values())
    number = sum(_stories(report) for report in reports if isinstance(report, pytest.TestReport))
    if number:
        terminalreporter.write_line(f"{number} generated stories")


def _stories(report: pytest.TestReport) -> int:
    """One a test, unless it says how many it told."""
    if report.when != "call" or not any(name in report.nodeid for name in GENERATED):
        return 0
    return int(dict(report.user_properties).get("stories", 1))
