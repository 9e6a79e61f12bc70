"""The tables of what was seen in traffic and told by hosts, and of saved views."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)

from muniment.db import CanonicalJson, UtcTime, exempt_table, recorded_table
from muniment.registry.models import SightingSort, SightingState

_ID: Final = String(40)
_SALT: Final = String(32)
_SORTS: Final = ", ".join(repr(each.value) for each in SightingSort)
_STATES: Final = ", ".join(repr(each.value) for each in SightingState)

sightings_table = recorded_table(
    "registry_sightings",
    Column("id", _ID, primary_key=True),
    Column("thing", String(71), nullable=False, unique=True),
    Column("system_id", String(100), nullable=False),
    Column("environment", String(100), nullable=False),
    Column("sort", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("digest", String(71), nullable=False),
    Column("reported", String(200), nullable=False),
    Column("reported_before", String(200), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(100), nullable=False),
    Column("decided_at", UtcTime),
    Column("salt", _SALT, nullable=False),
    CheckConstraint(f"sort IN ({_SORTS})", name="sort"),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    Index(None, "system_id", "id"),
    Index(None, "state", "id"),
)

observed_table = exempt_table(
    "registry_observed",
    Column("sighting_id", _ID, ForeignKey("registry_sightings.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("means", String(10), nullable=False, server_default="traffic"),
    Column("entry", BigInteger, nullable=False, server_default="-1"),
    Column("last_entry", BigInteger, nullable=False, server_default="-1"),
    Index(None, "starts_at"),
    reason="counted from entries of the ledger that tell of traffic and predictions",
)

hosts_table = recorded_table(
    "registry_hosts",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("environment", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("fingerprint", String(71), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("author", String(100), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "id"),
)

heard_table = recorded_table(
    "registry_heard",
    Column("host_id", _ID, ForeignKey("registry_hosts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("set_digest", String(71), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("record_id", _ID, nullable=False),
    Column("last_record_id", _ID, nullable=False),
    Index(None, "starts_at"),
)

views_table = recorded_table(
    "registry_views",
    Column("id", _ID, primary_key=True),
    Column("place", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("query", CanonicalJson, nullable=False),
    Column("owner", String(100), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "place", "owner"),
)
