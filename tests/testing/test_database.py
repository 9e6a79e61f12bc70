"""A real database for a test."""

from __future__ import annotations

from pathlib import Path

from muniment.core.actor import system_actor
from muniment.db.migrate import SchemaState, schema_state
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.testing import FixedClock, fresh_database, settings_for


def test_settings_lie_in_the_given_folder(tmp_path: Path) -> None:
    """Nothing is read from the environment, and overrides are named area.key."""
    settings = settings_for(tmp_path, "", **{"jobs.threads": 3})
    assert (settings.data.dir, settings.jobs.threads) == (tmp_path, 3)


def test_the_database_is_migrated_and_records(tmp_path: Path) -> None:
    """A stranger's test gets a real schema and a real ledger behind the wall."""
    with fresh_database(settings_for(tmp_path / "data"), FixedClock()) as database:
        assert schema_state(database) is SchemaState.CURRENT
        with database.work(system_actor("test")) as work:
            record(work, Heartbeat("test", 60))
        assert [each.seq for each in work.receipts] == [1]
