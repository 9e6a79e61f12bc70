"""A database with the little orchard in it."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from muniment.db import Database
from tests.db.orchard import GARDENER, lay_out, note, trees


@pytest.fixture
def orchard(database: Database) -> Database:
    """A database, once on each, with two trees that are on record."""
    lay_out(database)
    with database.work(GARDENER) as work:
        work.write(insert(trees), [{"id": "t1", "name": "oak"}, {"id": "t2", "name": "elm"}])
        note(work)
    return database
