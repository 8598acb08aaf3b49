"""The office's stories are told twice: on SQLite, and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central import cluster
from tests.central.cluster import Cluster
from tests.central.office import Box, Office, new_database


@pytest.fixture(scope="package")
def postgresql() -> Iterator[Cluster]:
    with cluster.running() as server:
        yield server


@pytest.fixture
def on_postgresql(postgresql: Cluster) -> Iterator[None]:
    """Every office of this test keeps its records there."""
    token = new_database.set(postgresql.new_database)
    yield
    new_database.reset(token)
    postgresql.take_back()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> None:
    """What every office of this test keeps its records in."""
    if request.param == "postgresql":
        request.getfixturevalue("on_postgresql")


@pytest.fixture
def office(database: None, tmp_path: Path) -> Iterator[Office]:
    """A centre without anybody on record."""
    office = Office(tmp_path)
    yield office
    office.centre.store.close()


@pytest.fixture
def box(office: Office) -> Box:
    """A paired terminal; the centre knows two people."""
    office.issue_cards()
    return office.pair()
