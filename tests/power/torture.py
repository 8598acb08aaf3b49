"""More disks than every run of the tests has time for, others with each seed."""

from __future__ import annotations

from tests.power.cuts import cut_the_power, play
from tests.power.workloads import WORKLOADS

MANY = 6


def torture(seed: int) -> int:
    """How many disks were rebuilt and found good; AssertionError names workload, seed, cut and disk."""
    return sum(cut_the_power(workload, play(workload), seed, MANY) for workload in WORKLOADS)
