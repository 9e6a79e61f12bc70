"""What the log records about itself."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("ledger.began", covers=("ledger_keys",))
class Began(Struct, frozen=True):
    """A log began: for which installation and operator, by which build, after which other log."""

    installation: str
    operator: str
    origin: str
    build: str
    vkey: str
    predecessor: Mapping[str, str | int] | None = None


@kind("ledger.started")
class Started(Struct, frozen=True):
    """The product started: its version, build, plug-ins and the digest of its settings."""

    version: str
    build: str
    settings: str
    plugins: tuple[str, ...]
    role: str


@kind("ledger.heartbeat")
class Heartbeat(Struct, frozen=True):
    """A producer was alive; silence longer than three intervals is an outage."""

    producer: str
    interval_s: int


@kind("ledger.checkpoint_signed")
class CheckpointSigned(Struct, frozen=True):
    """A head of the log was signed; the time bounds the entries before and after it."""

    size: int
    root: str
    signed_at: str


@kind("ledger.key_rotated", covers=("ledger_keys",))
class KeyRotated(Struct, frozen=True):
    """The log's key was replaced by another, vouched for by the old one."""

    old_vkey: str
    new_vkey: str
    signature: str


@kind("ledger.key_lost", covers=("ledger_keys",))
class KeyLost(Struct, frozen=True):
    """The log's key was lost or given up; another signs from this size on, and nobody vouches."""

    lost_vkeys: tuple[str, ...]
    new_vkey: str
    size: int
    root: str
    reason: str


@kind("ledger.restored", covers=("ledger_keys",))
class Restored(Struct, frozen=True):
    """A person accepted an older copy: what stood after it is missing from tables, or the log."""

    database_size: int
    log_size: int
    lost_size: int
    lost_root: str
    reason: str


@kind("ledger.rows_changed")
class RowsChanged(Struct, frozen=True):
    """The new states of rows that a large change touched, continued from the record it names."""

    record: str
    part: int


@kind("ledger.reconciled")
class Reconciled(Struct, frozen=True):
    """Tables were compared with the log: how many rows, and which differ from what it says."""

    rows: int
    edited: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    differences: int


@kind("ledger.verified")
class Verified(Struct, frozen=True):
    """A person says that they checked the log away from this server, up to so many entries.

    `how` is offline (by verify.py) or browser. It is their word; a proof is only what one checks.
    """

    size: int
    how: str
