"""The bench: the virtual hardware of one terminal, the hands on it, and a local page for those hands."""

from drivers.virtual.bench.bench import Bench
from drivers.virtual.bench.hands import NotHere
from drivers.virtual.bench.processes import Process, StartFailed

__all__ = ["Bench", "NotHere", "Process", "StartFailed"]
