"""Second lock: triggers by which the database itself refuses to rewrite what was recorded.

UPDATE and TRUNCATE are refused always; DELETE unless a stated condition holds for the row (the
record is already sealed in the signed log). A house test compares the triggers a migrated
database has with the ones declared here, since batch migrations on SQLite drop them silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table

from muniment.db.tables import metadata

_GUARDS = "guards"


@dataclass(frozen=True, slots=True)
class Guard:
    """A promise about one table, kept by triggers.

    `delete_when` and `update_when` are SQL conditions over OLD and NEW that both databases
    understand; empty means never.
    """

    table: str
    delete_when: str = ""
    update_when: str = ""

    def statements(self, dialect: str) -> Iterator[tuple[str, str]]:
        """Give (trigger name, DDL) pairs that put the guard up."""
        for event, allowed in (("update", self.update_when), ("delete", self.delete_when)):
            name = f"guard_{self.table}_{event}"
            make = _sqlite_trigger if dialect == "sqlite" else _postgres_row_trigger
            yield name, make(name, self.table, event, allowed)
        if dialect == "postgresql":
            name = f"guard_{self.table}_truncate"
            yield name, _postgres_truncate_trigger(name, self.table)


def append_only(
    table: Table, *, delete_when: str = "", update_when: str = "", into: MetaData = metadata
) -> Guard:
    """Declare that rows of this table stay as they are, but for what the conditions allow."""
    guard = Guard(table.name, delete_when, update_when)
    into.info.setdefault(_GUARDS, {})[table.name] = guard
    return guard


def declared_guards(of: MetaData = metadata) -> dict[str, Guard]:
    """List the guards the code declares."""
    return dict(of.info.get(_GUARDS, {}))


def put_up(connection: Connection, guard: Guard) -> None:
    """Create a guard's triggers anew, as a migration does after it rebuilt a table."""
    dialect = connection.dialect.name
    for name, statement in guard.statements(dialect):
        on_table = f" ON {guard.table}" if dialect == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on_table}")
        for part in statement.split("\n;;\n"):
            connection.exec_driver_sql(part)


def standing_triggers(connection: Connection) -> dict[str, str]:
    """Read the triggers a database really has, by name, in a comparable form."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT t.tgname,"
            " pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text || ' ' || p.prosrc"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    rows = connection.exec_driver_sql(query).all()
    return {name: " ".join(sql.split()) for name, sql in rows}


def _refusal(table: str, event: str) -> str:
    return f"{table} is append-only: {event} refused"


def _sqlite_trigger(name: str, table: str, event: str, allowed: str) -> str:
    condition = f" WHEN NOT ({allowed})" if allowed else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_refusal(table, event)}'); END"
    )


def _postgres_row_trigger(name: str, table: str, event: str, allowed: str) -> str:
    result = "NEW" if event == "update" else "OLD"
    check = f"IF {allowed} THEN RETURN {result}; END IF; " if allowed else ""
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN {check}RAISE EXCEPTION '{_refusal(table, event)}'; END $guard$\n;;\n"
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()\n;;\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    )


def _postgres_truncate_trigger(name: str, table: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN RAISE EXCEPTION '{_refusal(table, 'truncate')}'; END $guard$\n;;\n"
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()\n;;\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    )
