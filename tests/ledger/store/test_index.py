"""The index over entries: it may be lost, and it stops nothing."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import URL, make_url

from muniment.core.actor import system_actor
from muniment.core.errors import (
    UnavailableError,
)
from muniment.db import Database
from muniment.ledger import Query, find, record, reindex
from muniment.ledger import store as ledger_store
from muniment.ledger.kinds.ledger import Heartbeat, Started
from muniment.settings import Settings
from muniment.testing import FixedClock, fresh_database
from muniment.testing.ledger import audit, opened_log, write_records

PORTIONED = tuple(
    sql
    for sql in vars(ledger_store.portions).values()
    if isinstance(sql, str) and re.search(r"FROM (present|json_each)", sql) and ":most" in sql
)
"""What lists are answered with from the index in its own file."""
SCANNED = re.compile(r"SCAN (?!p VIRTUAL|json_each|CONSTANT)")


def test_a_damaged_index_stops_nothing(settings: Settings) -> None:
    """The index may be lost or damaged: sealing goes on, and it is built anew from the log."""
    if settings.database.url.reveal():
        pytest.skip("on PostgreSQL the index is a table of the database")
    clock = FixedClock()
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        receipts = write_records(database, 5)
        log.seal()
        audit(log, receipts)
    file = settings.data.dir / ledger_store.index.INDEX_FILE
    for path in settings.data.dir.glob(f"{file.name}-*"):
        path.unlink()
    file.write_bytes(b"not a database" * 400)
    with (
        fresh_database(settings, clock) as database,
        pytest.raises(UnavailableError, match="the log is sound"),
        opened_log(database, settings) as log,
    ):
        pass
    file.unlink()
    with fresh_database(settings, clock) as database, opened_log(database, settings) as log:
        assert reindex(log) == 6
        audit(log, receipts)
        assert len(find(log, Query(kind="ledger.heartbeat")).rows) == 5


def test_kinds_that_begin_alike_are_found_in_order_page_by_page(settings: Settings) -> None:
    """Entries of several kinds come in one order, over pages, as if each had been looked at."""
    with fresh_database(settings, FixedClock()) as database, opened_log(database, settings) as log:
        write_mixed(database)
        log.seal()
        every = [(row.index, row.kind) for row in find(log, Query(), limit=100).rows]
        wanted = [each for each in every if each[1].startswith("ledger.")]
        assert {kind for _, kind in wanted} >= {"ledger.started", "ledger.heartbeat"}
        for oldest_first in (False, True):
            query, seen, cursor = Query(kind="ledger.*", oldest_first=oldest_first), [], None
            while True:
                page = find(log, query, cursor=cursor, limit=3)
                seen += [(row.index, row.kind) for row in page.rows]
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert seen == (sorted(wanted) if oldest_first else wanted)
        assert log.index.count_of(Query(kind="ledger.*")) == len(wanted)
        assert log.index.count_of(Query(kind="nothing.*")) == 0
        assert find(log, Query(kind="nothing.*")).rows == ()
        assert len(find(log, Query(kind="*"), limit=100).rows) == len(every)


def test_kinds_that_begin_alike_are_looked_up_in_the_index(settings: Settings) -> None:
    """No question for a room's kinds reads the table from end to end, on either database."""
    with fresh_database(settings, FixedClock()) as database, opened_log(database, settings) as log:
        write_mixed(database)
        log.seal()
        if log.index.portions is not None:
            plans = [plan_in_file(settings, sql) for sql in PORTIONED]
            assert not [line for plan in plans for line in plan if SCANNED.match(line)], plans
            assert all(any("SEARCH" in line for line in plan) for plan in plans), plans
            return
        asked = log.index.asking(Query(kind="ledger.*"), cursor=None, limit=3)
        url = make_url(settings.database.url.reveal())
        dialect = url.get_dialect()()
        written = str(asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        plan = plan_of(url, written)
    reads = [line for line in plan.splitlines() if re.search(r"Scan.* ledger_en", line)]
    assert len(reads) >= 2, plan
    assert all("ix_ledger_entries_kind_idx" in line for line in reads), plan


def write_mixed(database: Database) -> None:
    """Write entries of two kinds of one room, one by one in turn."""
    for number in range(4):
        with database.work(system_actor("test")) as work:
            record(work, Started("1", f"b{number}", "s", (), "serve"))
        with database.work(system_actor("test")) as work:
            record(work, Heartbeat("test", number))


def plan_in_file(settings: Settings, sql: str) -> list[str]:
    """Ask SQLite how it would answer."""
    file = settings.data.dir / ledger_store.index.INDEX_FILE
    given = dict.fromkeys(re.findall(r":(\w+)", sql))
    with closing(sqlite3.connect(file)) as connection:
        told = connection.execute(f"EXPLAIN QUERY PLAN {sql}", given).fetchall()
    return [row[3] for row in told]


def plan_of(url: URL, written: str) -> str:
    """Ask PostgreSQL how it would answer; a small table is not read whole for its smallness."""
    with psycopg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_sort = off")
        told = connection.execute(f"EXPLAIN {written}".encode()).fetchall()
    return "\n".join(row[0] for row in told)
