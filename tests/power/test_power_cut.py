"""The plug is pulled, at any moment: what the journal said was durable is there when the power is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.power.cuts import cut_the_power
from tests.power.workloads import CARELESS, WORKLOADS

SEED = 1
A_FEW = 2
"""Disks of each kind at each cut."""


@pytest.mark.parametrize("workload", WORKLOADS)
def test_nothing_that_was_durable_is_lost(workload: str, record_property: Callable[[str, object], None]) -> None:
    tried = cut_the_power(workload, SEED, A_FEW)
    record_property("cuts", tried.cuts)
    record_property("disks", tried.disks)


@pytest.mark.parametrize("flushes", CARELESS)
def test_a_journal_that_does_not_flush_each_commit_is_found_out(flushes: str) -> None:
    with pytest.raises(AssertionError, match=r"records are gone|new journal id"):
        cut_the_power(flushes, SEED, A_FEW)
