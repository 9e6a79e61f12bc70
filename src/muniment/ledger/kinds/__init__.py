"""The public dictionary of everything that can be recorded, one file per room."""

from muniment.ledger.kinds.base import Kind, all_kinds, kind, kind_of
from muniment.ledger.kinds.ledger import (
    Began,
    CheckpointSigned,
    Heartbeat,
    KeyLost,
    KeyRotated,
    Reconciled,
    Restored,
    RowsChanged,
    Started,
    Verified,
)

__all__ = [
    "Began",
    "CheckpointSigned",
    "Heartbeat",
    "KeyLost",
    "KeyRotated",
    "Kind",
    "Reconciled",
    "Restored",
    "RowsChanged",
    "Started",
    "Verified",
    "all_kinds",
    "kind",
    "kind_of",
]
