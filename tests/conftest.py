"""The few fixtures everything shares: a clock, both databases for real, a unit of work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.actor import Actor, ActorKind
from muniment.db import Database, Work
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.postgres import fresh_database as fresh_postgres
from tests.postgres import server_for_session

PERSON = Actor(ActorKind.PERSON, "per_ines", "session", "grant_owner")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Address of a real PostgreSQL server that the whole run shares."""
    with server_for_session(tmp_path_factory, worker_id) as url:
        yield url


@pytest.fixture
def clock() -> FixedClock:
    """A clock that moves only when told."""
    return FixedClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty installation, once on each database."""
    if request.param == "sqlite":
        yield settings_for(tmp_path / "data")
        return
    server = request.getfixturevalue("postgres_url")
    with fresh_postgres(server) as url:
        yield settings_for(tmp_path / "data", url)


@pytest.fixture
def database(settings: Settings, clock: FixedClock) -> Iterator[Database]:
    """A migrated database, once on each."""
    with fresh_database(settings, clock) as opened:
        yield opened


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    """A unit of work by a person."""
    with database.work(PERSON) as opened:
        yield opened
