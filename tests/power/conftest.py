"""Says at the end of a run how often the power was cut."""

from __future__ import annotations

import itertools

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = list(itertools.chain.from_iterable(terminalreporter.stats.values()))
    tests = [report for report in reports if isinstance(report, pytest.TestReport) and report.when == "call"]
    cuts, disks = (sum(int(dict(test.user_properties).get(name, 0)) for test in tests) for name in ("cuts", "disks"))
    if cuts:
        terminalreporter.write_line(f"{cuts} power cuts, {disks} disks rebuilt and opened")
