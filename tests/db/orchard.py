"""A small room for tests of the wall: trees that need a record, weather that does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, select

from muniment.core.actor import Actor, ActorKind
from muniment.db import Database, Note, UtcTime, Work, exempt_table, recorded_table
from muniment.verify import parse_bundle

GARDENER = Actor(ActorKind.PERSON, "per_gardener")
ORCHARD = MetaData()

trees = recorded_table(
    "test_trees",
    Column("id", String(40), primary_key=True),
    Column("name", String(40), unique=True),
    Column("height", Integer),
    Column("planted_at", UtcTime),
    Column("bark", LargeBinary),
    into=ORCHARD,
)
grafts = recorded_table(
    "test_grafts",
    Column("tree", String(40), primary_key=True),
    Column("onto", String(40), primary_key=True, key="stock"),
    Column("year", Integer),
    into=ORCHARD,
)
weather = exempt_table(
    "test_weather",
    Column("day", Integer, primary_key=True),
    Column("rain", Integer),
    reason="nobody answers for the weather",
    into=ORCHARD,
)


def lay_out(database: Database) -> None:
    """Create the tables, as a migration would."""
    with database.machine() as connection:
        ORCHARD.create_all(connection)


def note(
    work: Work, covers: tuple[str, ...] = ("test_trees",), kind: str = "orchard.tended"
) -> str:
    """Put down a note that covers some tables, by default the trees."""
    record_id = work.new_id("rec")
    work.note(Note(kind, None, {"n": 1}, frozenset(covers), record_id, work.actor))
    return record_id


def tend(database: Database, *steps: Callable[[Work], object]) -> Work:
    """Do some steps as one unit of work."""
    with database.work(GARDENER) as work:
        for step in steps:
            step(work)
    return work


def rows_of(database: Database, table: Any) -> list[tuple[Any, ...]]:
    """Read a table, ordered by its key."""
    with database.look(GARDENER) as work:
        query = select(table).order_by(*table.primary_key.columns)
        return [tuple(row) for row in work.read(query)]


def entries_of(database: Database, *, producer: str = "test") -> list[dict[str, Any]]:
    """Read what was recorded, in the producer's order."""
    with database.machine() as connection:
        batches = connection.exec_driver_sql(
            "SELECT first_seq, entry_count, entries FROM ledger_pending"
            f" WHERE producer = '{producer}' ORDER BY first_seq"
        ).all()
    found = []
    for first_seq, count, data in batches:
        entries = [json.loads(entry) for entry in parse_bundle(bytes(data))]
        assert len(entries) == count
        assert [entry["seq"] for entry in entries] == list(range(first_seq, first_seq + count))
        found.extend(entries)
    return found


def is_gapless(entries: list[dict[str, Any]]) -> bool:
    """Tell whether the sequence numbers are 1, 2, 3 … without a gap."""
    return [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))


def states_recorded(entries: list[dict[str, Any]], table: str) -> dict[str, str | None]:
    """Give the last recorded digest of each row of a table."""
    states: dict[str, str | None] = {}
    for entry in entries:
        states.update(entry.get("changes", {}).get(table, {}))
    return states
