"""What breaks beneath the gateway: no record, no call; one clear error; then it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from muniment.core.clock import SystemClock
from muniment.core.errors import UnavailableError
from tests.gateway.calling import Gate, Jumping, Told, bodies, gate_in
from tests.gateway.doubles import Double, Reply, chat, double
from tests.postgres import fresh_database

HELLO = {"model": "double", "messages": [{"role": "user", "content": "hello"}]}
CLAUDE = {**HELLO, "max_tokens": 5}


@contextmanager
def gate_with_double(folder: Path, **settings: Any) -> Iterator[tuple[Gate, Double]]:
    """Run a gateway with a provider that counts what reaches it."""
    with double() as provider:
        provider.says(Reply.of(chat()))
        with gate_in(folder, {"model/double": provider.part()}, **settings) as gate:
            assert gate.post("/v1/chat/completions", HELLO).status == 200
            provider.seen.clear()
            yield gate, provider


def refused(gate: Gate, provider: Double) -> None:
    """Require one clear error in either dialect, and that nothing went to the provider."""
    told = gate.post("/v1/chat/completions", HELLO)
    other = gate.post("/v1/messages", CLAUDE)
    for each in (told, other):
        assert each.status == 503, each.body
        assert each.headers["x-should-retry"] == "true"
        assert each.headers["retry-after"] == "1"
        assert "Traceback" not in each.body.decode()
    assert told.error["type"] == "api_error"
    assert other.json["type"] == "error"
    assert provider.seen == [], "no record, no call"


def goes_on(gate: Gate, provider: Double) -> Told:
    """Require that calls are answered again, and that each that left has its intent and its end."""
    told = gate.post("/v1/chat/completions", HELLO)
    assert told.status == 200, told.body
    assert len(provider.seen) == 1
    begun = [each["exchange"] for each in bodies(gate.entries("exchanges.intended"))]
    ended = [each["exchange"] for each in bodies(gate.entries("exchanges.concluded"))]
    assert sorted(begun) == sorted(ended)
    assert len(set(begun)) == len(begun) == 2
    return told


def fill(gate: Gate) -> None:
    """Leave next to no room in SQLite's file, and let it grow no more."""
    with gate.house.database.machine() as connection:
        connection.exec_driver_sql("CREATE TABLE filling (x BLOB)")
    for size in (20_000, 2_000, 200):
        with suppress(UnavailableError):  # there is no room for one more of this size
            for _ in range(1_000):
                with gate.house.database.machine() as connection:
                    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                    connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
                    connection.exec_driver_sql(f"INSERT INTO filling VALUES (zeroblob({size}))")


def test_a_full_disk_stops_calls_before_they_leave(tmp_path: Path) -> None:
    """Without room for the record nothing is sent; with room again it goes on by itself."""
    with gate_with_double(tmp_path, **{"database.busy_timeout_ms": 300}) as (gate, provider):
        fill(gate)
        status = 200
        for _ in range(200):
            status = gate.post("/v1/chat/completions", HELLO).status
            if status != 200:
                break
        assert status == 503, "there is room for a little, and then none"
        provider.seen.clear()
        refused(gate, provider)
        with gate.house.database.machine() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1073741823")
        assert gate.post("/v1/chat/completions", HELLO).status == 200
        begun = {each["exchange"] for each in bodies(gate.entries("exchanges.intended"))}
        ended = {each["exchange"] for each in bodies(gate.entries("exchanges.concluded"))}
        assert len(begun - ended) <= 1, "at most one had left when there was no room for its end"


def test_a_locked_database_stops_calls_before_they_leave(tmp_path: Path) -> None:
    """Somebody else holds SQLite's one writer: calls wait a little, then are told; none is lost."""
    with gate_with_double(tmp_path, **{"database.busy_timeout_ms": 200}) as (gate, provider):
        file = gate.house.settings.data.dir / "muniment.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused(gate, provider)
            other.execute("ROLLBACK")
        goes_on(gate, provider)


def test_a_database_that_goes_away_stops_calls_until_it_is_back(
    tmp_path: Path, postgres_url: str, postgres_template: str
) -> None:
    """PostgreSQL is gone for a while: what cannot be recorded does not leave."""
    plain = make_url(postgres_url).set(drivername="postgresql")
    with fresh_database(postgres_url, postgres_template) as url:
        name = make_url(url).database
        with (
            gate_with_double(tmp_path, **{"database.url": url}) as (gate, provider),
            psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as server,
        ):
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            refused(gate, provider)
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
            goes_on(gate, provider)


def test_a_clock_that_jumps_loses_no_call(tmp_path: Path) -> None:
    """Back by a day and on by a year: calls are answered and recorded, and no time is negative."""
    with gate_with_double(tmp_path) as (gate, provider):
        clock = Jumping(SystemClock())
        gate.house.database.clock = clock
        for jump in (timedelta(days=-1), timedelta(days=366), timedelta(minutes=-5)):
            clock.by += jump
            assert gate.post("/v1/chat/completions", HELLO).status == 200
        assert len(provider.seen) == 3
        ended = bodies(gate.entries("exchanges.concluded"))
        assert len(ended) == len(bodies(gate.entries("exchanges.intended"))) == 4
        assert all(0 <= each["milliseconds"] < 60_000 for each in ended)
        assert all(spent >= 0 for each in ended for spent in each["took"].values())
