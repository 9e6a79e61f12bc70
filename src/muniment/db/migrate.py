"""Brings a database to this version's schema: one linear tree of revisions for both databases.

Runs with foreign keys off (on SQLite Alembic rebuilds a table by copy, drop, rename; with keys on
the drop would delete the children), in one transaction, under a lock so that two starters do not
meet, and ends by checking keys and triggers. A database newer than the code is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, inspect

from muniment.core.errors import ConflictError, CorruptError
from muniment.db.engine import Database
from muniment.db.guards import declared_guards, standing_triggers

VERSIONS: Final = Path(__file__).parent / "migrations" / "versions"
_LOCK: Final = 0x6D756E69  # "muni": one migration at a time on a PostgreSQL server's database


class SchemaState(StrEnum):
    """How a database stands to this version of the code."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def revisions() -> tuple[str, ...]:
    """List the revisions this version knows, oldest first."""
    names = sorted(path.name for path in VERSIONS.glob("[0-9]*.py"))
    return tuple(match[0] for name in names if (match := re.match(r"[0-9]{4}", name)))


def schema_revision(database: Database) -> str | None:
    """Read which revision a database is at; nothing if it is empty."""
    with database.inspect() as connection:
        return _revision(connection)


def schema_state(database: Database) -> SchemaState:
    """Say whether the schema fits this version of the code."""
    found = schema_revision(database)
    if found is None:
        return SchemaState.EMPTY
    if found == revisions()[-1]:
        return SchemaState.CURRENT
    return SchemaState.OLD if found in revisions() else SchemaState.NEWER


def require_current(database: Database) -> None:
    """Refuse to run on a schema of another version, and say which command to run."""
    state = schema_state(database)
    if state is SchemaState.CURRENT:
        return
    remedy = {
        SchemaState.EMPTY: "Run `muniment migrate` first.",
        SchemaState.OLD: "Back it up, then run `muniment migrate`.",
        SchemaState.NEWER: "Install the newer version of Muniment that made it.",
    }[state]
    raise ConflictError(
        f"the database is {state} for this version (at {schema_revision(database) or 'nothing'}, "
        f"needed {revisions()[-1]})",
        field="database",
        remedy=remedy,
    )


def migrate(database: Database, *, target: str = "head") -> tuple[str, ...]:
    """Bring the schema up to date; give the revisions that were applied."""
    with database.machine() as connection, _keys_off(connection):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # rebuilding takes time
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        before = _revision(connection)
        if before is not None and before not in revisions():
            raise ConflictError(
                f"the database is at revision {before}, which this version does not know",
                remedy="Install the newer version of Muniment that made it.",
            )
        if target != "head" or before != revisions()[-1]:
            _apply(connection, target)
        after = _revision(connection) or ""
        if target == "head":
            _check(connection)
    return tuple(each for each in revisions() if (before or "") < each <= after)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _apply(connection: Connection, target: str) -> None:
    from alembic.config import Config  # noqa: PLC0415 only a migration pays for loading it
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def upgrade(revision: Any, _context: object) -> Any:  # noqa: ANN401 Alembic's own types
        return script._upgrade_revs(target, revision)  # noqa: SLF001 what Alembic's own upgrade calls

    with EnvironmentContext(config, script, fn=upgrade, destination_rev=target) as environment:
        environment.configure(connection=connection, transactional_ddl=False)
        environment.run_migrations()


@contextmanager
def _keys_off(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off around the transaction, the only place where it works."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection
    driver.rollback()
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        driver.commit()
    finally:
        driver.rollback()  # what was not committed; inside a transaction the pragma has no effect
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise CorruptError(f"rows of {broken[0][0]} point to rows that do not exist")
    standing = set(standing_triggers(connection))
    wanted = {
        name
        for guard in declared_guards().values()
        for name, _ in guard.statements(connection.dialect.name)
    }
    if wanted - standing:
        raise CorruptError(f"the triggers {', '.join(sorted(wanted - standing))} are missing")
