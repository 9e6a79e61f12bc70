"""The database: SQLite or PostgreSQL, one schema, and the wall that lets nothing change silently.

Nouns: Database, Work, Note, Written, DriverError, the column types, `recorded_table` and
`exempt_table`. Verbs: open_database, migrate, schema_state, insert_on. Rooms declare tables and
speak SQL in their `store.py`; nobody else does. Floor: machinery.
"""

from sqlalchemy.exc import SQLAlchemyError as DriverError

from muniment.db.engine import Database, open_database
from muniment.db.guards import Guard, append_only
from muniment.db.inserting import insert_on
from muniment.db.joint import Joint
from muniment.db.many import Many
from muniment.db.migrate import SchemaState, migrate, schema_state
from muniment.db.once import Kept, begin_once, finish_once
from muniment.db.plain import UnrecordedChangeError
from muniment.db.prepared import Repeated
from muniment.db.side import SideFile, side_table
from muniment.db.tables import exempt_table, metadata, recorded_table
from muniment.db.types import CanonicalJson, UtcTime
from muniment.db.waiting import (
    MustWaitError,
    at_once,
    gently,
    kept_fresh,
    require_may_wait,
    wait_for_keeper,
)
from muniment.db.work import Note, Receipt, Work, Written

__all__ = [
    "CanonicalJson",
    "Database",
    "DriverError",
    "Guard",
    "Joint",
    "Kept",
    "Many",
    "MustWaitError",
    "Note",
    "Receipt",
    "Repeated",
    "SchemaState",
    "SideFile",
    "UnrecordedChangeError",
    "UtcTime",
    "Work",
    "Written",
    "append_only",
    "at_once",
    "begin_once",
    "exempt_table",
    "finish_once",
    "gently",
    "insert_on",
    "kept_fresh",
    "metadata",
    "migrate",
    "open_database",
    "recorded_table",
    "require_may_wait",
    "schema_state",
    "side_table",
    "wait_for_keeper",
]
