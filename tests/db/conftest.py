"""A database with the little orchard in it, and a PostgreSQL with its settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from muniment.db import Database
from muniment.settings import Settings
from muniment.testing import fresh_database, settings_for
from tests.db.orchard import GARDENER, lay_out, note, trees
from tests.postgres import fresh_database as fresh_postgres


@pytest.fixture
def orchard(database: Database) -> Database:
    """A database, once on each, with two trees that are on record."""
    lay_out(database)
    with database.work(GARDENER) as work:
        work.write(insert(trees), [{"id": "t1", "name": "oak"}, {"id": "t2", "name": "elm"}])
        note(work)
    return database


@pytest.fixture
def postgres_database(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Settings, Database]]:
    """A migrated PostgreSQL database with its settings."""
    with fresh_postgres(postgres_url) as url:
        settings = settings_for(tmp_path / "data", url)
        with fresh_database(settings) as database:
            yield settings, database
