"""Opens the database as a ledger needs it, and hands out units of work.

SQLite: WAL, synchronous=FULL, foreign keys and recursive triggers on, BEGIN IMMEDIATE, one writing
connection and several that can only read. PostgreSQL: 15 or newer, fsync on, synchronous_commit
on, a statement timeout. Whatever would make "durable" untrue is refused at the start.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Select, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from muniment.core.actor import Actor, system_actor
from muniment.core.clock import Clock, SystemClock
from muniment.core.errors import ConflictError, InvalidError, UnavailableError
from muniment.core.ids import IdMaker
from muniment.db.checkpoint import Checkpointer
from muniment.db.straight import Kept, Straight
from muniment.db.telling import told
from muniment.db.turn import Turn
from muniment.db.verifying import verified
from muniment.db.waiting import require_may_wait
from muniment.db.work import Recorder, Work, install_wall, machinery, walled
from muniment.settings import Settings

SQLITE_FILE: Final = "muniment.db"
_LEAST_POSTGRES: Final = 150_000
_READERS: Final = 16
_READERS_KEPT: Final = 4  # each knows the whole schema, which is a quarter of a megabyte
_GLANCER: Final = system_actor("glance")
_READER_KIB: Final = 500  # of each; the system keeps the pages of the file for all of them
_COMPRESS_QUICKLY: Final = (
    "SELECT set_config(name, 'lz4', false) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)


@dataclass(slots=True)
class Database:
    """An open database; rooms meet it only as `Work`.

    `kept` is the connection that writes to SQLite, once the short way asked for it.
    """

    writer: Engine
    reader: Engine
    clock: Clock
    ids: IdMaker
    recorder: Recorder | None = None
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    turn: Turn | None = None
    checkpointer: Checkpointer | None = None
    kept: Kept | None = None
    _glanced: dict[Select[Any], tuple[str, tuple[Any, ...]]] = field(default_factory=dict)

    @property
    def dialect(self) -> str:
        """Name the database: sqlite or postgresql."""
        return self.writer.dialect.name

    @contextmanager
    def work(self, actor: Actor, *, recorder: Recorder | None = None) -> Iterator[Work]:
        """Do something as one transaction: all of it with its records, or nothing."""
        with (
            self._writing() as connection,
            connection.begin(),
            walled(connection),
        ):
            work = Work(connection, actor, self.clock, self.ids, self.clock.now())
            yield work
            work.close_wall(recorder or self.recorder)
        self._wrote()
        work.finish()
        if work.receipts:
            self._tell_all()

    def straight(self) -> Straight:
        """Write records by the short way, which changes only what needs none itself."""
        return Straight(self)

    def wrote_straight(self) -> None:
        """Tell whoever waits for records that some came by the short way."""
        if self.checkpointer:
            self.checkpointer.wrote()
        for call in self.after_commit:
            call()

    def _wrote(self) -> None:
        if self.checkpointer:
            self.checkpointer.wrote()

    def _tell_all(self) -> None:
        for call in self.after_commit:
            call()

    @contextmanager
    def look(self, actor: Actor) -> Iterator[Work]:
        """Read one consistent state; nothing can be changed through it."""
        require_may_wait()
        with told(self.dialect), self.reader.connect() as connection, connection.begin():
            yield Work(connection, actor, self.clock, self.ids, self.clock.now(), writable=False)

    def glance(self, asked: Select[Any]) -> int:
        """Read one number that tells whether something moved; it is asked for all the time.

        On SQLite this goes straight to the driver: a look costs several times what it finds out.
        What goes wrong there goes the ordinary way, which has the words for it.
        """
        require_may_wait()
        if self.dialect == "sqlite":
            known = self._glanced.get(asked)
            if known is None:
                compiled = asked.compile(dialect=self.reader.dialect)
                values = tuple(compiled.params[name] for name in compiled.positiontup or ())
                known = self._glanced[asked] = str(compiled), values
            with told("sqlite"), suppress(sqlite3.Error):
                with closing(self.reader.raw_connection()) as raw:
                    cursor = raw.cursor()
                    cursor.execute(*known)
                    rows = cursor.fetchall()  # to the end, or the log could not be copied back
                return int(rows[0][0] or 0) if rows else 0
        with self.look(_GLANCER) as work:
            return int(work.read(asked).scalar_one_or_none() or 0)

    @contextmanager
    def snapshot(self, actor: Actor) -> Iterator[Work]:
        """Read one state of the whole database, however long it takes."""
        require_may_wait()
        engine = self.reader
        if self.dialect == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told(self.dialect), engine.connect() as connection, connection.begin():
            yield Work(connection, actor, self.clock, self.ids, self.clock.now(), writable=False)

    @contextmanager
    def machine(self) -> Iterator[Connection]:
        """Give a connection to the database's own machinery, in one transaction."""
        with self._writing() as connection, machinery(connection):
            if self.kept is not None:
                self.kept.clear()  # what stands there may be in the way of rebuilding a table
            with connection.begin():
                yield connection

    @contextmanager
    def alone(self, lock: int) -> Iterator[None]:
        """Hold a PostgreSQL server's lock of this number; SQLite has one host, and file locks."""
        if self.dialect == "sqlite":
            yield
            return
        with self.machine() as connection:
            taken = connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({lock})")
            if not taken.scalar_one():
                raise ConflictError("another process holds this place")
            yield

    @contextmanager
    def inspect(self) -> Iterator[Connection]:
        """Give a connection that the machinery only reads through."""
        require_may_wait()
        with (
            told(self.dialect),
            self.reader.connect() as connection,
            machinery(connection),
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        require_may_wait()
        with (
            told(self.dialect),
            self.turn.take() if self.turn else nullcontext(),
            self.writer.connect() as connection,
        ):
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        if self.checkpointer:
            self.checkpointer.close()
        self.kept = None
        self.reader.dispose()
        self.writer.dispose()


def open_database(
    settings: Settings,
    *,
    clock: Clock | None = None,
    ids: IdMaker | None = None,
    create: bool = False,
) -> Database:
    """Open the configured database; only `create` may make a new SQLite file."""
    clock = clock or SystemClock()
    ids = ids or IdMaker(clock)
    url = settings.database.url.reveal()
    if url:
        with told("postgresql"):
            engine = _open_postgres(_postgres_url(url, settings.network.ca_file), settings)
        reading = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        return Database(engine, reading, clock, ids)
    path = settings.data.dir / SQLITE_FILE
    _require_file(path, create=create)
    writer, reader = _open_sqlite(path, settings)
    turn = Turn(settings.database.busy_timeout_ms / 1000)
    return Database(writer, reader, clock, ids, turn=turn, checkpointer=Checkpointer(reader))


def _require_file(path: Path, *, create: bool) -> None:
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        there = path.exists()
    except OSError as error:
        raise UnavailableError(
            f"the database at {path} cannot be opened: {error.strerror}",
            field="data.dir",
            remedy="Mend the folder's permissions, or name another folder.",
        ) from error
    if not there:
        raise UnavailableError(
            f"there is no database at {path}",
            field="data.dir",
            remedy="Run `muniment migrate` to create it, or mend the path.",
        )


def _open_sqlite(path: Path, settings: Settings) -> tuple[Engine, Engine]:
    url = URL.create("sqlite+pysqlite", database=str(path))
    busy_seconds = settings.database.busy_timeout_ms / 1000
    arguments = {"timeout": busy_seconds, "check_same_thread": False}
    writer = create_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=busy_seconds, connect_args=arguments
    )
    reader = create_engine(
        url,
        pool_size=_READERS_KEPT,
        max_overflow=_READERS - _READERS_KEPT,
        pool_use_lifo=True,  # the few that are in use keep pages in memory, and not each in turn
        connect_args=arguments,
    )
    _prepare_sqlite(writer, begin="BEGIN IMMEDIATE")
    _prepare_sqlite(reader, begin="BEGIN", read_only=True)
    return writer, reader


def _prepare_sqlite(engine: Engine, *, begin: str, read_only: bool = False) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        pragmas = [
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
            "fullfsync=ON",  # macOS: fsync alone does not reach the platter there
            "checkpoint_fullfsync=ON",
            "wal_autocheckpoint=16000",  # 64 MB; see db/checkpoint.py for what comes before that
        ]
        if read_only:
            pragmas += ["query_only=ON", f"cache_size=-{_READER_KIB}"]
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()  # the pool does not know it yet
            raise

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        with machinery(connection):
            connection.exec_driver_sql(begin)

    install_wall(engine)


def _postgres_url(text: str, ca_file: Path | None) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # their words may quote the password
        raise InvalidError(
            "this is not a database address",
            field="database.url",
            remedy="Write postgresql://user:password@host:5432/name.",
        ) from None
    if url.get_backend_name() != "postgresql":
        raise InvalidError(
            f"{url.get_backend_name()} is not supported",
            field="database.url",
            remedy="Give a postgresql:// address, or leave it empty for SQLite in data.dir.",
        )
    return verified(url.set(drivername="postgresql+psycopg"), ca_file)


def _open_postgres(url: URL, settings: Settings) -> Engine:
    options = (
        f"-c statement_timeout={settings.database.statement_timeout_ms}"
        " -c synchronous_commit=on -c timezone=UTC"
        " -c default_transaction_isolation=read\\ committed"
    )
    engine = create_engine(
        url,
        pool_size=settings.database.pool_size,
        max_overflow=settings.database.pool_size,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 10, "application_name": "muniment"},
    )
    event.listen(engine, "connect", _compress_quickly)
    install_wall(engine)
    try:
        with engine.connect() as connection, machinery(connection):
            _require_durable(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _compress_quickly(connection: Any, _record: object) -> None:  # noqa: ANN401 the driver's own
    """Let PostgreSQL compress long values by LZ4 where it can; its older way takes three times."""
    connection.execute(_COMPRESS_QUICKLY)
    connection.commit()


def _require_durable(connection: Connection) -> None:
    def show(name: str) -> str:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())

    version = int(show("server_version_num"))
    if version < _LEAST_POSTGRES:
        raise InvalidError(
            f"PostgreSQL {show('server_version')} is too old",
            field="database.url",
            remedy="Use PostgreSQL 15 or newer.",
        )
    if show("fsync") != "on":
        raise InvalidError(
            "this PostgreSQL runs with fsync=off, so nothing it acknowledges is durable",
            field="database.url",
            remedy="Set fsync=on in postgresql.conf and restart it.",
        )
    if show("synchronous_commit") != "on":
        raise InvalidError(
            "this PostgreSQL does not let us set synchronous_commit=on",
            field="database.url",
            remedy="Connect without a pooler that drops start-up options.",
        )
    if show("full_page_writes") != "on":
        raise InvalidError(
            "this PostgreSQL runs with full_page_writes=off, so a crash may tear pages",
            field="database.url",
            remedy="Set full_page_writes=on in postgresql.conf and reload it.",
        )
