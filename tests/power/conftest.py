"""Says at the end of a run how many disks were rebuilt."""

from __future__ import annotations

import itertools

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = itertools.chain.from_iterable(terminalreporter.stats.values())
    tests = [report for report in reports if isinstance(report, pytest.TestReport) and report.when == "call"]
    disks = sum(int(dict(report.user_properties).get("disks", 0)) for report in tests)
    if disks:
        terminalreporter.write_line(f"{disks} disks rebuilt after a power cut")
