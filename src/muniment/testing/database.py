"""A real database for a test: a fresh SQLite file, or a PostgreSQL address handed in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muniment.core.clock import Clock
from muniment.db import Database, migrate, open_database
from muniment.db.migrate import SchemaState, schema_state
from muniment.db.work import Recorder
from muniment.ledger import Recorder as LedgerRecorder
from muniment.settings import Settings, load


def settings_for(folder: Path, postgres_url: str = "", /, **overrides: object) -> Settings:
    """Give settings whose files lie in a folder; overrides are named area.key."""
    given = {"data.dir": folder, "database.url": postgres_url, **overrides}
    return load(file=None, environment={}, overrides=given).settings


@contextmanager
def fresh_database(
    settings: Settings, clock: Clock | None = None, recorder: Recorder | None = None
) -> Iterator[Database]:
    """Open a migrated database that records into its own ledger."""
    database = open_database(settings, clock=clock, create=True)
    database.recorder = recorder or LedgerRecorder("test")
    try:
        if schema_state(database) is not SchemaState.CURRENT:  # a copy of one that was migrated
            migrate(database)
        yield database
    finally:
        database.close()
