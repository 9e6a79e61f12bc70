"""Migrating: from nothing to this version, once, and left alone afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.core.errors import ConflictError
from muniment.db import Database, SchemaState, migrate, open_database, schema_state
from muniment.db.migrate import require_current, revisions, schema_revision
from muniment.settings import Settings


@pytest.fixture
def empty(settings: Settings) -> Iterator[Database]:
    """A database without a schema, once on each."""
    database = open_database(settings, create=True)
    yield database
    database.close()


def test_an_empty_database_is_brought_to_this_version(empty: Database) -> None:
    """The first run applies every revision, in order; the second none."""
    assert (schema_state(empty), schema_revision(empty)) == (SchemaState.EMPTY, None)
    assert migrate(empty) == revisions()
    assert (schema_state(empty), schema_revision(empty)) == (SchemaState.CURRENT, revisions()[-1])
    assert migrate(empty) == ()
    require_current(empty)


@pytest.mark.parametrize(
    ("revision", "state", "remedy"),
    [
        (None, SchemaState.EMPTY, "Run `muniment migrate` first."),
        ("0001", SchemaState.OLD, "Back it up, then run `muniment migrate`."),
        ("9999", SchemaState.NEWER, "Install the newer version of Muniment that made it."),
    ],
)
def test_another_schema_is_refused_with_the_command_to_run(
    empty: Database, revision: str | None, state: SchemaState, remedy: str
) -> None:
    """The product does not run on a schema of another version, and says what to do."""
    if revision is not None:
        migrate(empty)
        with empty.machine() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    assert schema_state(empty) is state
    with pytest.raises(ConflictError, match=f"is {state}") as refused:
        require_current(empty)
    assert refused.value.remedy == remedy


def test_a_newer_database_is_left_alone(empty: Database) -> None:
    """An older program does not touch what a newer one made."""
    migrate(empty)
    with empty.machine() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConflictError, match="9999, which this version does not know"):
        migrate(empty)
    assert schema_revision(empty) == "9999"


def test_the_connection_works_as_before_after_a_migration(empty: Database) -> None:
    """Foreign keys are on again, also after a migration that failed."""
    migrate(empty)
    with empty.machine() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConflictError):
        migrate(empty)
    if empty.dialect == "sqlite":
        with empty.machine() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    else:
        with empty.machine() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "30s"
