"""The load-bearing wall: a unit of work commits a change only together with its record.

`Work` carries the transaction, the actor, the time and the id maker. Everything written goes
through `Work.write`, which takes note of each row's new state; only what needs no record may go by
statements that are prepared (`prepared.py`). At commit every changed table must
be covered by a recorded `Note`, and the recorder (the ledger's, handed in by `main.py`) writes the
records and the digests of the changed rows into the same transaction; otherwise all is rolled
back. Raw SQL, `INSERT OR REPLACE` and changes of primary keys, which a note could not describe,
are refused, and `install_wall` makes the engine itself refuse whatever does not come this way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote
from weakref import WeakSet

from sqlalchemy import (
    Connection,
    Delete,
    Engine,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    event,
)
from sqlalchemy.engine import Compiled, Result, Row
from sqlalchemy.sql.selectable import CompoundSelect

from muniment.core.actor import Actor
from muniment.core.clock import Clock, stamp
from muniment.core.digest import digest_value
from muniment.core.ids import IdMaker
from muniment.db.inserting import insert_on
from muniment.db.plain import (
    Dml,
    Parameters,
    UnrecordedChangeError,
    past_write,
    refuse_hidden,
    require_plain,
)
from muniment.db.prepared import Prepared, Repeated, driver_told
from muniment.db.tables import exempt_reason

RECORD_TABLE: Final = "ledger_pending"
_MACHINERY: Final = "muniment_machinery"
_WRITING: Final = "muniment_writing"
_WRITE_OPTIONS: Final = {_WRITING: True, "preserve_rowcount": True}
_OPEN: Final = "muniment_open"
_KEY_LETTERS: Final = " !#$&'()*+,-./:;<=>?@[]^_`{}~"

RowChange = Mapping[str, str | None]
Changes = Mapping[str, RowChange]
Found = TypeVar("Found")

_SEEN: Final = WeakSet[Compiled]()
"""Compiled statements that were looked through; each lives as long as its engine keeps it."""


@dataclass(frozen=True, slots=True)
class Note:
    """What shall stand in the ledger about this unit of work."""

    kind: str
    subject: Mapping[str, str] | None
    body: Mapping[str, Any]
    covers: frozenset[str]
    id: str
    actor: Actor
    happened_at: datetime | None = None
    content: tuple[Mapping[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a record is durable: who wrote it and at which place in their sequence."""

    id: str
    producer: str
    seq: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement changed: how many rows, and their state now."""

    rows: tuple[Row[Any], ...]
    count: int


Recorder = Callable[["Work", Sequence[Note], Changes], Sequence[Receipt]]


@dataclass(slots=True)
class Work:
    """One transaction, with who does it, when, and under which ids."""

    connection: Connection = field(repr=False)
    actor: Actor
    clock: Clock = field(repr=False)
    ids: IdMaker = field(repr=False)
    now: datetime
    writable: bool = True
    receipts: tuple[Receipt, ...] = ()
    _notes: list[Note] = field(default_factory=list, repr=False)
    _changes: dict[str, dict[str, str | None]] = field(default_factory=dict, repr=False)
    _touched: set[str] = field(default_factory=set, repr=False)
    _after: list[Callable[[], None]] = field(default_factory=list, repr=False)
    _recalled: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _broken: bool = field(default=False, repr=False)

    @property
    def dialect(self) -> str:
        """Name the database: sqlite or postgresql."""
        return self.connection.dialect.name

    def new_id(self, prefix: str) -> str:
        """Make a fresh id."""
        return self.ids.new(prefix)

    def read(
        self, query: Select[Any] | CompoundSelect[Any], values: Mapping[str, Any] | None = None
    ) -> Result[Any]:
        """Ask the database something; `values` are for a query that was built once."""
        with self._breaking():
            return self.connection.execute(query, values)

    def once(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Read something once in this transaction: again only after something was written in it."""
        if key not in self._recalled:
            self._recalled[key] = make()
        return cast("Found", self._recalled[key])

    def write(self, statement: Dml, rows: Parameters = None) -> Written:
        """Change rows, taking note of what each is now; `rows` are parameters, or many of them."""
        self._require_writable()
        self._recalled.clear()
        table = require_plain(statement, rows)
        self._touched.add(table.name)
        if exempt_reason(table):
            return self._write_unrecorded(statement, rows)
        returning = statement.returning(*table.columns)
        removed = isinstance(statement, Delete)
        written: list[Row[Any]] = []
        for parameters in _batches(statement, rows):
            written.extend(self._execute(returning, parameters).all())
        known = self._changes.setdefault(table.name, {})
        for row in written:
            known[row_key(table, row)] = None if removed else row_digest(table, row)
        return Written(tuple(written), len(written))

    def write_all(self, change: Repeated, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change many rows of a table that needs no record; give how many the statement changed."""
        return self._write_all(change, rows, Prepared.write_all)

    def write_rows(self, change: Repeated, rows: Sequence[Sequence[Any]]) -> int:
        """Do the same with values as they are stored, in the order of the names of the change."""
        return self._write_all(change, rows, Prepared.write_rows)

    def _write_all(
        self,
        change: Repeated,
        rows: Sequence[Found],
        write: Callable[[Prepared, Any, Sequence[Found]], int],
    ) -> int:
        self._require_writable()
        prepared = change.prepared(self.connection.dialect)
        self._recalled.clear()
        self._touched.add(prepared.table)
        changed = 0
        if rows:
            own = self.connection.connection
            with self._breaking(), driver_told(self.connection.dialect, own.driver_connection):
                cursor = own.cursor()
                changed = write(prepared, cursor, rows)
                cursor.close()
        return changed

    def insert_if_absent(self, table: Table, row: Mapping[str, Any]) -> bool:
        """Add a row unless its key is already there; tell whether it was added."""
        adding = insert_on(self.dialect, table).values(row).on_conflict_do_nothing()
        return self.write(adding).count == 1

    def apart(self, actor: Actor) -> Work:
        """Begin a unit of work inside this transaction, in its own name and behind its own wall."""
        return Work(
            self.connection, actor, self.clock, self.ids, self.now, _recalled=self._recalled
        )

    def note(self, note: Note) -> None:
        """Put a note down; it becomes a ledger record when this work commits."""
        self._require_writable()
        self._notes.append(note)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Do something once all is durable, such as waking the sequencer; it must not fail."""
        self._after.append(call)

    def _write_unrecorded(self, statement: Dml, rows: Parameters) -> Written:
        if rows is not None and not rows:
            return Written((), 0)  # to SQLAlchemy no parameters means one row of defaults
        result = self._execute(statement, rows)
        found = tuple(result.all()) if result.returns_rows else ()
        return Written(found, len(found) if result.returns_rows else result.rowcount)

    def _execute(self, statement: Dml, parameters: Any) -> Any:  # noqa: ANN401 a CursorResult
        with self._breaking():
            return self.connection.execute(statement, parameters, execution_options=_WRITE_OPTIONS)

    @contextmanager
    def _breaking(self) -> Iterator[None]:
        """Remember a failure: the databases differ in what is left of the transaction then."""
        try:
            yield
        except BaseException:
            self._broken = True
            raise

    def _require_writable(self) -> None:
        if not self.writable:
            raise UnrecordedChangeError("this unit of work may only read, or is over")
        if self._broken:
            raise UnrecordedChangeError("a statement failed in this unit of work; end it")

    def close_wall(self, recorder: Recorder | None) -> None:
        """Check that every change is covered, and write the records; called before commit."""
        self._require_writable()
        self._write_records(recorder)
        self._require_writable()
        self.writable = False

    def _write_records(self, recorder: Recorder | None) -> None:
        covered = frozenset[str]().union(*(note.covers for note in self._notes))
        changed = {table: rows for table, rows in self._changes.items() if rows}
        bare = sorted(set(changed) - covered)
        if bare:
            raise UnrecordedChangeError(
                f"{', '.join(bare)} changed without a ledger record that covers it; "
                "record a kind that declares the table, in the same work"
            )
        if not self._notes:
            return
        if recorder is None:
            raise UnrecordedChangeError("there is no ledger to record into; open it in main.py")
        self.receipts = tuple(recorder(self, tuple(self._notes), changed))
        if RECORD_TABLE not in self._touched or len(self.receipts) < len(self._notes):
            raise UnrecordedChangeError("the recorder did not write every record")

    def finish(self) -> None:
        """Run what waited for the commit."""
        for call in self._after:
            call()


def row_key(table: Table, row: Row[Any]) -> str:
    """Name a row by its primary key."""
    return key_text(row._mapping[column] for column in table.primary_key.columns)  # noqa: SLF001 SQLAlchemy's public name for it


def key_text(parts: Iterable[object]) -> str:
    """Write the parts of a key in ASCII and so that no two rows share a name."""
    return "|".join(quote(str(_plain(part)), safe=_KEY_LETTERS) for part in parts)


def row_digest(table: Table, row: Row[Any]) -> str:
    """Fingerprint a row's whole state, alike on both databases."""
    return state_digest(table, {each.name: row._mapping[each] for each in table.columns})  # noqa: SLF001


def state_digest(table: Table, state: Mapping[str, Any]) -> str:
    """Fingerprint what a row holds, column by column.

    What holds nothing is left out, so that a column that is added later, empty, changes no digest.
    """
    plain = {name: _plain(value) for name, value in state.items() if value is not None}
    return digest_value([table.name, plain]).removeprefix("sha256:")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (bytes, memoryview)):
        return "hex:" + bytes(value).hex()
    return value


def _batches(
    statement: Dml, rows: Parameters
) -> Iterator[Sequence[Mapping[str, Any]] | Mapping[str, Any] | None]:
    if rows is None or isinstance(rows, Mapping) or isinstance(statement, Insert):
        if rows is None or rows:
            yield rows
        return
    yield from rows  # an UPDATE of many cannot return what it changed; one by one can


@contextmanager
def machinery(connection: Connection) -> Iterator[Connection]:
    """Let the database's own machinery (migrations, guards, set-up) speak plain SQL."""
    info = connection.info  # a lost connection must not hide its error behind this property
    before = info.get(_MACHINERY)
    info[_MACHINERY] = True
    try:
        yield connection
    finally:
        info[_MACHINERY] = before


@contextmanager
def walled(connection: Connection) -> Iterator[None]:
    """Refuse a commit until `close_wall` has looked at what was done."""
    info = connection.info
    info[_OPEN] = True
    try:
        yield
    finally:
        info[_OPEN] = False


def install_wall(engine: Engine) -> None:
    """Make an engine refuse every change that does not come through `Work.write`."""
    event.listen(engine, "before_execute", _refuse_unnoted)
    event.listen(engine, "before_cursor_execute", _refuse_raw)
    event.listen(engine, "commit", _refuse_early_commit)


def _refuse_unnoted(
    connection: Connection,
    statement: Executable,
    multiparams: object,  # noqa: ARG001 SQLAlchemy calls with these
    params: object,  # noqa: ARG001
    execution_options: Mapping[str, Any],
) -> None:
    if connection.info.get(_MACHINERY) or isinstance(statement, (Select, CompoundSelect)):
        return
    if execution_options.get(_WRITING) and isinstance(statement, (Insert, Update, Delete)):
        return
    raise UnrecordedChangeError(past_write(statement))


def _refuse_raw(
    connection: Connection,
    cursor: object,  # noqa: ARG001
    statement: str,
    parameters: object,  # noqa: ARG001
    context: Any,  # noqa: ANN401
    executemany: bool,  # noqa: ARG001, FBT001
) -> None:
    if connection.info.get(_MACHINERY):
        return
    compiled: Compiled | None = getattr(context, "compiled", None)
    if compiled is None:
        raise UnrecordedChangeError(
            f"raw SQL is refused outside db/: {statement[:60]!r}; use table constructs"
        )
    if compiled not in _SEEN:  # a compiled statement is reused for all of its shape
        refuse_hidden(compiled)
        _SEEN.add(compiled)


def _refuse_early_commit(connection: Connection) -> None:
    if connection.info.get(_OPEN) and not connection.info.get(_MACHINERY):
        connection.connection.rollback()  # to SQLAlchemy this transaction is over now
        raise UnrecordedChangeError("a unit of work commits when it ends, with its records")
