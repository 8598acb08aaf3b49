from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.office import Box, Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A centre without anybody on record."""
    office = Office(tmp_path)
    yield office
    office.centre.store.close()


@pytest.fixture
def box(office: Office) -> Box:
    """A paired terminal; the centre knows two people."""
    office.issue_cards()
    return office.pair()
