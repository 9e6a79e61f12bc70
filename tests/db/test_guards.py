"""The second lock: the database itself refuses to rewrite what was recorded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from muniment.core.errors import MunimentError
from muniment.db import Database, Guard
from muniment.db.engine import SQLITE_FILE
from muniment.db.guards import put_up, standing_triggers
from muniment.settings import Settings
from muniment.testing import fresh_database, settings_for
from tests.db.orchard import entries_of, note, rows_of, tend, trees

REWRITINGS = {
    "update": "UPDATE ledger_pending SET entries = entries",
    "delete": "DELETE FROM ledger_pending",
    "replace": (
        "INSERT OR REPLACE INTO ledger_pending (id, producer, first_seq, entry_count, entries)"
        " SELECT id, producer, first_seq, entry_count, x'00' FROM ledger_pending"
    ),
    "replace by its other key": (
        "INSERT OR REPLACE INTO ledger_pending (id, producer, first_seq, entry_count, entries)"
        " SELECT id + 1000, producer, first_seq, entry_count, x'00' FROM ledger_pending"
    ),
    "update or replace": "UPDATE OR REPLACE ledger_pending SET id = id",
}


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """A SQLite database with one record in it, closed."""
    with fresh_database(settings_for(tmp_path / "data")) as database:
        tend(database, note)
    return tmp_path / "data" / SQLITE_FILE


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize("statement", ["update", "delete"])
def test_a_record_cannot_be_changed_past_the_wall(orchard: Database, statement: str) -> None:
    """Even the machinery, which may speak plain SQL, cannot rewrite a record."""
    before = entries_of(orchard)
    with (
        pytest.raises((DBAPIError, MunimentError), match="ledger_pending is append-only"),
        orchard.machine() as connection,
    ):
        connection.exec_driver_sql(REWRITINGS[statement])
    assert entries_of(orchard) == before != []


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize("statement", REWRITINGS)
def test_our_connections_refuse_every_rewriting_on_sqlite(
    sqlite_file: Path, statement: str
) -> None:
    """INSERT OR REPLACE deletes in silence; with recursive triggers, as we set them, it fails."""
    with closing(sqlite3.connect(sqlite_file)) as connection:
        connection.execute("PRAGMA recursive_triggers=ON")
        before = connection.execute("SELECT * FROM ledger_pending").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(REWRITINGS[statement])
        connection.rollback()
        assert connection.execute("SELECT * FROM ledger_pending").fetchall() == before != []


@pytest.mark.requirement("LOG-12")
def test_a_stranger_to_sqlite_without_recursive_triggers_can_replace(sqlite_file: Path) -> None:
    """A known limit: a foreign connection slips past by REPLACE, and by nothing less.

    The triggers keep mistakes out; against somebody who holds the file stands the signed head.
    """
    with closing(sqlite3.connect(sqlite_file)) as connection:
        for statement in ("update", "delete", "update or replace"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(REWRITINGS[statement])
        connection.execute(REWRITINGS["replace"])
        assert connection.execute("SELECT entries FROM ledger_pending").fetchall() == [(b"\0",)]


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize("statement", REWRITINGS)
def test_the_engine_sets_what_the_triggers_need(
    tmp_path: Path, sqlite_file: Path, statement: str
) -> None:
    """Every connection the product opens itself refuses what a stranger's might not."""
    del sqlite_file
    with fresh_database(settings_for(tmp_path / "data")) as database:
        with (
            pytest.raises((DBAPIError, MunimentError), match="append-only"),
            database.machine() as connection,
        ):
            connection.exec_driver_sql(REWRITINGS[statement])
        assert len(entries_of(database)) == 1


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_pending SET entries = '\\x00'",
        "DELETE FROM ledger_pending",
        "TRUNCATE ledger_pending",
        "TRUNCATE ledger_pending CASCADE",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica", "local"])
def test_postgres_refuses_also_as_a_replica(
    postgres_database: tuple[Settings, Database], statement: str, role: str
) -> None:
    """The guards fire always, also where session_replication_role silences other triggers."""
    settings, database = postgres_database
    tend(database, note)
    plain = make_url(settings.database.url.reveal()).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as connection:
        connection.execute(f"SET session_replication_role = {role}".encode())
        with pytest.raises(psycopg.errors.RaiseException, match="ledger_pending is append-only"):
            connection.execute(statement.encode())
    assert len(entries_of(database)) == 1


def test_a_guard_with_a_condition_lets_only_that_through(orchard: Database) -> None:
    """Rows may go or change where the declaration says so, and nowhere else."""
    with orchard.machine() as connection:
        put_up(connection, Guard("test_trees", "OLD.height > 9", "NEW.height > OLD.height"))
        put_up(connection, Guard("test_trees", "OLD.height > 9", "NEW.height > OLD.height"))
        connection.execute(insert(trees), [{"id": "low", "height": 1}, {"id": "old", "height": 10}])
        connection.exec_driver_sql("UPDATE test_trees SET height = 2 WHERE id = 'low'")
        connection.exec_driver_sql("DELETE FROM test_trees WHERE id = 'old'")
    for refused in (
        "UPDATE test_trees SET height = 1 WHERE id = 'low'",
        "DELETE FROM test_trees WHERE id = 'low'",
    ):
        with (
            pytest.raises((DBAPIError, MunimentError), match="test_trees is append-only"),
            orchard.machine() as connection,
        ):
            connection.exec_driver_sql(refused)
    assert [row[0] for row in rows_of(orchard, trees)] == ["low", "t1", "t2"]


def test_standing_triggers_are_read_with_their_text(orchard: Database) -> None:
    """What stands can be compared with what was declared: a changed trigger reads otherwise."""
    with orchard.machine() as connection:
        put_up(connection, Guard("test_trees"))
        plain = standing_triggers(connection)
        put_up(connection, Guard("test_trees", delete_when="OLD.height = 1"))
        loose = standing_triggers(connection)
    assert {name for name in plain if plain[name] != loose[name]} == {"guard_test_trees_delete"}
    names = {name for name in plain if "test_trees" in name}
    events = {"update", "delete"} | ({"truncate"} if orchard.dialect == "postgresql" else set())
    assert names == {f"guard_test_trees_{event}" for event in events}


def test_a_disabled_trigger_does_not_stand_unnoticed(
    postgres_database: tuple[Settings, Database],
) -> None:
    """On PostgreSQL a trigger that was switched off reads otherwise than one that fires."""
    database = postgres_database[1]
    with database.machine() as connection:
        before = standing_triggers(connection)
        connection.exec_driver_sql(
            "ALTER TABLE ledger_pending DISABLE TRIGGER guard_ledger_pending_delete"
        )
        after = standing_triggers(connection)
    assert {name for name in before if before[name] != after[name]} == {
        "guard_ledger_pending_delete"
    }
