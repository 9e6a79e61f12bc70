"""Opening the database: what durable needs is really in force, and every refusal says why."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from muniment.core.errors import (
    ConflictError,
    CorruptError,
    InvalidError,
    MunimentError,
    UnavailableError,
)
from muniment.db import Database, Work, open_database
from muniment.db.engine import SQLITE_FILE
from muniment.settings import Settings
from muniment.testing import settings_for
from tests.db.orchard import GARDENER, entries_of, is_gapless, note, rows_of, tend, trees, weather

IMPATIENT: dict[str, object] = {"database.busy_timeout_ms": 200}
ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def opened(settings: Settings, *, create: bool = False) -> Iterator[Database]:
    """Open a database and close it after."""
    database = open_database(settings, create=create)
    try:
        yield database
    finally:
        database.close()


def ask(database: Database, question: str, *, reading: bool) -> object:
    """Ask a connection of the product about itself."""
    with database.inspect() if reading else database.machine() as connection:
        return connection.exec_driver_sql(question).scalar_one()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 200),
    ],
)
@pytest.mark.parametrize("reading", [False, True], ids=["writer", "reader"])
def test_the_pragmas_are_in_force_on_sqlite(
    tmp_path: Path,
    pragma: str,
    value: object,
    reading: bool,  # noqa: FBT001 pytest passes it
) -> None:
    """Each connection, not only the first, works as durability and the triggers need."""
    with opened(settings_for(tmp_path / "data", "", **IMPATIENT), create=True) as database:
        assert ask(database, f"PRAGMA {pragma}", reading=reading) == value
        assert ask(database, "PRAGMA query_only", reading=reading) == int(reading)


def test_a_reader_cannot_write_even_as_machinery(orchard: Database) -> None:
    """The connections for reading are refused a change by the database itself."""
    with (
        pytest.raises((MunimentError, DBAPIError), match=r"(?i)can only be read|read-only"),
        orchard.inspect() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM test_trees")
    assert len(rows_of(orchard, trees)) == 2


_KNOWS_LZ4 = (
    "SELECT count(*) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("statement_timeout", "1500ms"),
        ("TimeZone", "UTC"),
        ("application_name", "muniment"),
    ],
)
def test_the_settings_are_in_force_on_postgres(
    postgres_database: tuple[Settings, Database], setting: str, value: str
) -> None:
    """Each connection commits durably and gives up on a statement that takes too long."""
    url = postgres_database[0].database.url.reveal()
    changed: dict[str, object] = {"database.statement_timeout_ms": 1500}
    with opened(settings_for(Path("unused"), url, **changed)) as database:
        for reading in (False, True):
            assert ask(database, f"SHOW {setting}", reading=reading) == value
        for reading in (False, True):
            compressed = ask(database, "SHOW default_toast_compression", reading=reading)
            assert compressed == ("lz4" if ask(database, _KNOWS_LZ4, reading=reading) else "pglz")
        assert ask(database, "SHOW transaction_isolation", reading=False) == "read committed"
        assert ask(database, "SHOW transaction_isolation", reading=True) == "repeatable read"
        assert ask(database, "SHOW transaction_read_only", reading=True) == "on"


def test_a_statement_that_takes_too_long_is_given_up(
    postgres_database: tuple[Settings, Database],
) -> None:
    """A stuck statement ends with a sentence, and the connection is used again."""
    url = postgres_database[0].database.url.reveal()
    changed: dict[str, object] = {"database.statement_timeout_ms": 100}
    with opened(settings_for(Path("unused"), url, **changed)) as database:
        with pytest.raises(UnavailableError, match="statement timeout"):
            ask(database, "SELECT pg_sleep(60)", reading=False)
        assert ask(database, "SELECT 1", reading=False) == 1


def test_a_missing_file_is_not_made_by_accident(tmp_path: Path) -> None:
    """A mistyped folder ends in a sentence, not in a new and empty ledger."""
    with pytest.raises(UnavailableError, match=r"^data\.dir: there is no database at .*migrate"):
        open_database(settings_for(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read what is in the database."""
    with opened(settings_for(tmp_path / "data"), create=True):
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "data" / SQLITE_FILE).stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    """A data folder that cannot be one is told with its path."""
    (tmp_path / "data").write_text("")
    for create in (True, False):
        with pytest.raises(UnavailableError, match=r"data.*muniment\.db"):
            open_database(settings_for(tmp_path / "data"), create=create)


@pytest.mark.parametrize("data", [b"not a database, but long enough to look " * 40, b"\0" * 8192])
def test_a_damaged_file_is_called_so(tmp_path: Path, data: bytes) -> None:
    """A file that is no database stops the product, with the advice to keep it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / SQLITE_FILE).write_bytes(data)
    with (
        opened(settings_for(folder)) as database,
        pytest.raises(CorruptError, match=r"damaged.*backup"),
        database.look(GARDENER),
    ):
        pass
    assert (folder / SQLITE_FILE).read_bytes() == data


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:hunter2@h/x", "mysql is not supported"),
        ("postgres://u:hunter2@h/x", "postgres is not supported"),
        ("sqlite:///x", "sqlite is not supported"),
        ("hunter2", "not a database address"),
        ("postgresql://u:hunter2@h:port/x", "not a database address"),
        ("postgresql://u:hunter2@[::1/x", "not a database address"),
    ],
)
def test_another_address_is_refused(tmp_path: Path, url: str, reason: str) -> None:
    """What is not PostgreSQL is refused at once, and no message quotes the password."""
    with pytest.raises(InvalidError, match=reason) as refused:
        open_database(settings_for(tmp_path, url))
    assert refused.value.field == "database.url"
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None or "hunter2" not in str(refused.value.__cause__)


def test_an_unreachable_server_is_told_in_time(tmp_path: Path) -> None:
    """A server that is not there ends in a sentence within seconds, without the password."""
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"does not answer.*Check database\.url") as refused:
        open_database(settings_for(tmp_path, "postgresql://u:hunter2@127.0.0.1:1/x"))
    assert "hunter2" not in str(refused.value)
    assert time.monotonic() - began < 60


def test_a_refused_sign_in_hides_the_password(
    postgres_database: tuple[Settings, Database], tmp_path: Path
) -> None:
    """Neither a wrong user nor an unknown database puts the address into a message."""
    url = make_url(postgres_database[0].database.url.reveal())
    for wrong in (url.set(username="nobody"), url.set(database="nowhere")):
        text = wrong.set(password="hunter2").render_as_string(hide_password=False)
        with pytest.raises(UnavailableError, match="does not answer") as refused:
            open_database(settings_for(tmp_path, text))
        assert "hunter2" not in f"{refused.value} {refused.value.__cause__}"


def test_a_locked_database_is_told_as_busy(tmp_path: Path) -> None:
    """When another process writes for too long, the caller hears so and nothing is lost."""
    with opened(settings_for(tmp_path / "data", "", **IMPATIENT), create=True) as database:
        with database.machine() as connection:
            connection.exec_driver_sql("CREATE TABLE things (id INTEGER)")
        path = tmp_path / "data" / SQLITE_FILE
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(UnavailableError, match=r"busy writing.*Try again"):
                tend(database)
            with database.inspect() as connection:
                assert connection.exec_driver_sql("SELECT count(*) FROM things").scalar() == 0
            other.execute("ROLLBACK")
        tend(database)


def test_two_changes_that_meet_are_told_as_a_conflict(
    postgres_database: tuple[Settings, Database],
) -> None:
    """What PostgreSQL could not order is an error one may try again."""
    database = postgres_database[1]
    with (
        pytest.raises(ConflictError, match=r"two changes met.*Try again"),
        database.machine() as connection,
    ):
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = 'serialization_failure'; END $$"
        )


def test_a_server_that_goes_away_is_told_and_found_again(
    postgres_database: tuple[Settings, Database],
) -> None:
    """A connection cut in the middle of a work changes nothing; the next work connects anew."""
    settings, database = postgres_database
    plain = make_url(settings.database.url.reveal()).set(drivername="postgresql")

    def cut(_work: object) -> None:
        with psycopg.connect(plain.render_as_string(hide_password=False)) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(UnavailableError):
        tend(database, cut, note)
    tend(database, note)
    assert is_gapless(entries_of(database))


@pytest.mark.requirement("LOG-12")
def test_a_full_disk_loses_nothing_that_was_recorded(tmp_path: Path, orchard: Database) -> None:
    """When SQLite finds no room, the work is refused whole, and goes on when there is room."""
    if orchard.dialect != "sqlite":
        pytest.skip("PostgreSQL's disk is the server's")
    with orchard.machine() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 8}")

    def plant_until_full() -> int:
        for kept in range(1_000):
            row = {"id": f"full{kept}", "bark": b"x" * 3_000}
            try:
                tend(orchard, partial(Work.write, statement=insert(trees).values(row)), note)
            except UnavailableError as error:
                told.append(str(error))
                return kept
        raise AssertionError("there was always room")

    told: list[str] = []
    kept = plant_until_full()
    assert told == ["the disk is full; nothing was changed Free some space, then retry."]
    assert len(rows_of(orchard, trees)) == 2 + kept
    with orchard.machine() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    tend(orchard, note)
    entries = entries_of(orchard)
    assert is_gapless(entries)
    assert len(entries) == 2 + kept


@pytest.mark.requirement("LOG-12")
def test_a_failure_swallowed_on_a_full_disk_still_changes_nothing(orchard: Database) -> None:
    """SQLite may end a transaction by itself; whoever goes on after that is stopped."""
    if orchard.dialect != "sqlite":
        pytest.skip("PostgreSQL's disk is the server's")
    with orchard.machine() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def go_on_regardless() -> None:
        with orchard.work(GARDENER) as work:
            work.write(insert(weather).values(day=1))
            with pytest.raises(DBAPIError):
                work.write(insert(trees).values(id="big", bark=b"x" * 100_000))
            work.write(insert(weather).values(day=2))

    with pytest.raises(Exception, match="a statement failed"):
        go_on_regardless()
    assert rows_of(orchard, weather) == []


READ_ONLY = """
import os, sys
from pathlib import Path
import sqlalchemy.dialects.sqlite
from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import open_database
from muniment.testing import settings_for
if os.geteuid() == 0:  # root may write everywhere
    os.setgid(65534)
    os.setuid(65534)
try:
    database = open_database(settings_for(Path(sys.argv[1])), create=sys.argv[2] == "create")
    with database.work(system_actor("test")):
        pass
except UnavailableError as error:
    sys.exit(f"told: {error}")
"""


@pytest.mark.parametrize(
    ("folder", "create", "reason"),
    [
        ("data", "no", "can only be read|cannot be opened"),
        ("data", "create", "Permission denied|can only be read|cannot be opened"),
        ("data/new", "create", "Permission denied"),
    ],
)
def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, folder: str, create: str, reason: str
) -> None:
    """Without the right to write, every way of opening ends in a sentence with a remedy."""
    with opened(settings_for(tmp_path / "data"), create=True) as database:
        tend(database)
    for part in (tmp_path, *list(tmp_path.parents)[:2]):
        part.chmod(0o755)
    (tmp_path / "data" / SQLITE_FILE).chmod(0o444)
    (tmp_path / "data").chmod(0o555)
    program = [sys.executable, "-c", READ_ONLY, str(tmp_path / folder), create]
    done = subprocess.run(
        program,
        cwd="/",
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        check=False,
        capture_output=True,
        text=True,
    )
    (tmp_path / "data").chmod(0o755)
    assert done.returncode == 1, done.stderr
    assert "told: " in done.stderr, done.stderr
    assert re.search(reason, done.stderr)


def test_a_broken_rule_of_the_table_stays_what_it_is(orchard: Database) -> None:
    """A unique key taken twice is for the store to judge, and is not called an outage."""
    with pytest.raises(IntegrityError):
        tend(orchard, lambda work: work.write(insert(trees).values(id="t1")), note)


def test_a_closed_database_gives_every_connection_back(tmp_path: Path) -> None:
    """After closing, the file can be moved or removed: nothing holds it."""
    with opened(settings_for(tmp_path / "data"), create=True) as database:
        with database.machine() as connection:
            weather.create(connection)
        with database.look(GARDENER) as work:
            assert work.read(select(weather)).all() == []
        assert held(tmp_path)
    assert not held(tmp_path)


def held(folder: Path) -> list[str]:
    """List the files of a folder that this process has open."""
    links = Path("/proc/self/fd")
    if not links.exists():
        pytest.skip("only Linux tells which files are open")
    found = [str(link.resolve()) for link in links.iterdir()]
    return [path for path in found if path.startswith(str(folder))]
