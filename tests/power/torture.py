"""More disks than every run of the tests has time for, others with each seed, and another day."""

from __future__ import annotations

from tests.power.cuts import cut_the_power
from tests.power.workloads import WORKLOADS

MANY = 6


def run(seed: int) -> int:
    """How many cuts were tried, each with many disks.  AssertionError names workload, seed, cut and disk."""
    return sum(cut_the_power(workload, seed, MANY).cuts for workload in WORKLOADS)
