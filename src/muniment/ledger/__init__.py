"""Ledger: what happened, and can you prove it?

Nouns: Log, Entry, Query, the record kinds. Verbs: record (in a unit of work); open_log, seal, read,
find, prove, reindex, rotate_key, lose_key, reconcile.
Writes kinds: ledger.*. Follows: nothing. Floor: just above the machinery, below every other room.
"""

from muniment.ledger.kinds import all_kinds, kind_of
from muniment.ledger.models import (
    Difference,
    Entry,
    HealthState,
    LogHealth,
    LogStatus,
    Reconciliation,
    Standing,
)
from muniment.ledger.service import (
    Log,
    Recorder,
    Sealer,
    SharedContent,
    Writer,
    accept_restore,
    check,
    check_index,
    entry,
    find,
    find_by_id,
    lose_key,
    note_verified,
    open_log,
    open_writer,
    prove,
    reconcile,
    record,
    reindex,
    rotate_key,
    tail,
)
from muniment.ledger.store import Files, IndexRow, Query

__all__ = [
    "Difference",
    "Entry",
    "Files",
    "HealthState",
    "IndexRow",
    "Log",
    "LogHealth",
    "LogStatus",
    "Query",
    "Reconciliation",
    "Recorder",
    "Sealer",
    "SharedContent",
    "Standing",
    "Writer",
    "accept_restore",
    "all_kinds",
    "check",
    "check_index",
    "entry",
    "find",
    "find_by_id",
    "kind_of",
    "lose_key",
    "note_verified",
    "open_log",
    "open_writer",
    "prove",
    "reconcile",
    "record",
    "reindex",
    "rotate_key",
    "tail",
]
