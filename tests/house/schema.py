"""Reads a database's whole schema into plain values, so that two of them can be compared."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text

import muniment.worker  # noqa: F401 with it every table is declared
from muniment.db import Database, metadata, migrate, open_database
from muniment.db.guards import declared_guards, put_up, standing_triggers
from muniment.settings import Settings

RELEASED = "released.toml"

Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open a database that may still be empty."""
    database = open_database(settings, create=True)
    try:
        yield database
    finally:
        database.close()


def make_declared(database: Database, declared: MetaData = metadata) -> None:
    """Make the schema straight from what the code declares, without any revision."""
    with database.machine() as connection:
        declared.create_all(connection)
        for guard in declared_guards(declared).values():
            put_up(connection, guard)


def schema_of(connection: Connection) -> dict[str, Any]:
    """Read tables with columns, keys, uniques, checks and indexes, and all triggers."""
    found = inspect(connection)
    names = sorted(set(found.get_table_names()) - {"alembic_version"})
    tables: dict[str, Any] = {}
    for name in names:
        tables[name] = {
            "columns": {each["name"]: _column(dict(each)) for each in found.get_columns(name)},
            "key": found.get_pk_constraint(name)["constrained_columns"],
            "key name": found.get_pk_constraint(name)["name"],
            "uniques": _by_name(found.get_unique_constraints(name), "column_names"),
            "checks": _by_name(found.get_check_constraints(name), "sqltext"),
            "indexes": _by_name(found.get_indexes(name), "column_names", "unique"),
            "foreign keys": _by_name(
                found.get_foreign_keys(name),
                *("constrained_columns", "referred_table", "referred_columns", "options"),
            ),
        }
    return {"tables": tables, "triggers": standing_triggers(connection)}


def _column(told: Mapping[str, Any]) -> tuple[str, bool, str, str]:
    increments = str(told.get("autoincrement", ""))
    return (str(told["type"]), bool(told["nullable"]), str(told["default"]), increments)


def _by_name(parts: Any, *fields: str) -> dict[str, Any]:
    return {str(each["name"]): [_plain(each.get(field)) for field in fields] for each in parts}


def _plain(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def differences(made: Mapping[str, Any], wanted: Mapping[str, Any], at: str = "") -> list[str]:
    """Tell where two schemas differ, naming each place."""
    found = []
    for key in sorted(set(made) | set(wanted)):
        place = f"{at}.{key}" if at else key
        if key not in made:
            found.append(f"{place} is missing")
        elif key not in wanted:
            found.append(f"{place} is not declared")
        elif isinstance(made[key], Mapping) and isinstance(wanted[key], Mapping):
            found.extend(differences(made[key], wanted[key], place))
        elif made[key] != wanted[key]:
            found.append(f"{place} is {made[key]!r}, declared is {wanted[key]!r}")
    return found


def undrawn(connection: Connection, declared: MetaData = metadata) -> list[str]:
    """Ask Alembic which revisions somebody forgot to write."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return [repr(each) for each in compare_metadata(context, declared)]


def faulty_releases(folder: Path) -> list[str]:
    """Name released revisions that changed or vanished, and unknown entries in the list."""
    listed = tomllib.loads((folder.parent / RELEASED).read_text(encoding="utf-8"))["released"]
    files = {path.name[:4]: path for path in folder.glob("[0-9]*.py")}
    found = []
    for revision, digest in sorted(listed.items()):
        if not re.fullmatch(r"[0-9]{4}", revision) or revision not in files:
            found.append(f"{revision} is listed as released, and there is no such file")
        elif hashlib.sha256(files[revision].read_bytes()).hexdigest() != digest:
            found.append(f"{files[revision].name} was released and must not change; add a new one")
    newest = max(listed, default="")
    found.extend(
        f"{revision} is older than the released {newest} and not listed"
        for revision in sorted(files)
        if revision < newest and revision not in listed
    )
    return found


def released(folder: Path) -> tuple[str, ...]:
    """List the revisions that went out with a release."""
    text = (folder.parent / RELEASED).read_text(encoding="utf-8")
    return tuple(sorted(tomllib.loads(text)["released"]))


def sample_of(folder: Path, release: str) -> Rows:
    """Read the rows a database of that release may hold."""
    rows: Rows = json.loads((folder / f"{release}.json").read_text(encoding="utf-8"))
    return rows


def lost_rows(database: Database, release: str, rows: Rows) -> list[str]:
    """Fill a database of that release, bring it up, and name the rows that are gone."""
    migrate(database, target=release)
    with database.machine() as connection:
        for table, each in rows.items():
            for row in each:
                values = ", ".join(f":{name}" for name in row)
                statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"
                connection.execute(text(statement), row)
    migrate(database)
    with database.inspect() as connection:
        return missing_rows(connection, rows)


def missing_rows(connection: Connection, rows: Rows) -> list[str]:
    """Name the rows that a database does not hold."""
    missing = []
    for table, each in rows.items():
        found = connection.execute(text(f"SELECT {', '.join(each[0])} FROM {table}"))
        standing = [dict(row._mapping) for row in found]
        missing += [f"{table}: {row}" for row in each if row not in standing]
    return missing
