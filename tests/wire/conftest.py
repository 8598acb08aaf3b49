"""Real wires: what every wire test needs is started here, and missing programs fail the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.virtual.pcscd import VirtualReaders, virtual_readers
from drivers.virtual.vpcd import Slot

OTHERS_S = 300.0
"""Another run on this machine may hold the reader for as long as a whole test run."""


@pytest.fixture(scope="session")
def virtual_reader() -> Iterator[VirtualReaders]:
    """Ours for the whole run."""
    with virtual_readers(wait_s=OTHERS_S) as readers:
        yield readers


@pytest.fixture
def pcscd(virtual_reader: VirtualReaders) -> tuple[str, ...]:
    """The virtual reader's slots by name, first slot first."""
    return virtual_reader.slots


@pytest.fixture
def slot(pcscd: tuple[str, ...]) -> Iterator[Slot]:
    """The first slot, empty; pulled empty at the end."""
    with Slot() as empty:
        yield empty
