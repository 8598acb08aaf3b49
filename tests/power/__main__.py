"""The process whose power goes: `python -m tests.power WORKLOAD SEED ROOT TRACE`, with the shim preloaded."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import trio

from tests.power.trace import Pen
from tests.power.workloads import CARELESS, WORKLOADS, Watched

name, seed, root, trace = sys.argv[1:]
trio.run((WORKLOADS | CARELESS)[name], Watched(Path(root), Pen(Path(trace)), random.Random(seed)))
