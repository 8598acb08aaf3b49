"""More disks than every run of the tests has time for, others with each seed, and other days."""

from __future__ import annotations

from tests.power.cuts import cut_the_power
from tests.power.workloads import WORKLOADS

MANY = 10


def run(seed: int) -> int:
    """How many cuts were tried, each with many disks; one seed after another plays one workload after another.

    AssertionError names workload, seed, cut and disk.
    """
    workload = list(WORKLOADS)[seed % len(WORKLOADS)]
    return cut_the_power(workload, seed, MANY).cuts
