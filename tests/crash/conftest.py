"""Says at the end of a run at how many instants visits were cut."""

from __future__ import annotations

import itertools

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = itertools.chain.from_iterable(terminalreporter.stats.values())
    told = [
        dict(report.user_properties)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    number = sum(int(properties.get("cut points", 0)) for properties in told if properties)
    if number:
        terminalreporter.write_line(f"{number} cut points")
