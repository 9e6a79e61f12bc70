"""A real PostgreSQL for the tests: one private server per run, one database per test.

All xdist workers share the server. Each holds a shared lock on one file while it works, and the
server stops by itself when the last lock is gone, even if a run is killed.
Set MUNIMENT_TEST_POSTGRES_URL to use a server of your own; its user must be allowed to create
databases.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tools import postgres

OWN_SERVER = "MUNIMENT_TEST_POSTGRES_URL"
ROOMY_BYTES = 2 * 1024**3
# Copying files is quicker than writing each page to the log first.
COPYING = "STRATEGY file_copy"


@contextmanager
def server_for_session(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Give the address of the run's one server, starting it if this worker is the first."""
    given = os.environ.get(OWN_SERVER)
    if given:
        yield given
        return
    base = tmp_path_factory.getbasetemp()
    with server_shared_in(base if worker_id == "master" else base.parent) as url:
        yield url


@contextmanager
def server_shared_in(shared: Path) -> Iterator[str]:
    """Give the address of the one server that everybody who names this folder shares."""
    with (shared / "postgres.users").open("a+") as users:
        yield _join(users.fileno(), shared)


def _join(users: int, shared: Path) -> str:
    """Take a share of the running server, whose address is in the users' file, or start it."""
    with (shared / "postgres.turn").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        # Waits while a server that everybody has left is being stopped; then the file is empty.
        fcntl.flock(users, fcntl.LOCK_SH)
        url = (shared / "postgres.users").read_text()
        if not url:
            url = _start(shared / "postgres.users")
        return url


def _start(users: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="muniment-pg-", dir=roomy_memory()))
    server = postgres.start(folder)
    users.write_text(server.url)
    program = [sys.executable, str(postgres.ROOT / "tools" / "postgres.py"), "stop"]
    subprocess.run(
        [*program, "--dir", str(folder), "--when-free", str(users)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return server.url


def roomy_memory() -> Path | None:
    """Choose a disk in memory where there is a roomy one: fsync stays on, but costs nothing."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < ROOMY_BYTES:
        return None
    return None if os.statvfs(memory).f_flag & os.ST_NOEXEC else memory


@contextmanager
def fresh_database(url: str, template: str = "template0") -> Iterator[str]:
    """Give the address of a new database on that server, and drop it afterwards.

    A database that was migrated once can be the template of many; nobody may be connected to it.
    """
    name = f"test_{secrets.token_hex(8)}"
    with _administrator(url) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {COPYING}'.encode())
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with _administrator(url) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@contextmanager
def _administrator(url: str) -> Iterator[psycopg.Connection]:
    plain = make_url(url).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        yield connection
