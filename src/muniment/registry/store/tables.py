"""The tables of the registry.

Rows that hold what people wrote carry a salt, so that the digest of a row in the ledger tells
nobody what was written. Versions, sets, shares, runs and facts are append-only; of an interval
only its end and the note that it was corrected are added, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
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
    UniqueConstraint,
)

from muniment.db import CanonicalJson, UtcTime, append_only, exempt_table, recorded_table
from muniment.registry.models import (
    Cause,
    ChangeSort,
    ChangeState,
    PartKind,
    RunSort,
    Source,
    SystemState,
)

_ID: Final = String(40)
_PERSON: Final = String(100)
_DIGEST: Final = String(71)
_SALT: Final = String(32)
_NAME: Final = String(100)


def _one_of(column: str, values: Iterable[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


systems_table = recorded_table(
    "registry_systems",
    Column("id", _ID, primary_key=True),
    Column("key", _NAME, nullable=False, unique=True),
    Column("name", _NAME, nullable=False),
    Column("owner", _PERSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("tier", String(10), nullable=False),
    Column("found_by", Text, nullable=False),
    Column("profile", CanonicalJson, nullable=False),
    Column("assessed_tier", String(10), nullable=False),
    Column("assessed_until", UtcTime),
    Column("review_due_at", UtcTime),
    Column("request_id", _ID, nullable=False),
    Column("resumes_as", String(12), nullable=False),
    Column("disposal", CanonicalJson),
    Column("retired_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Column("salt", _SALT, nullable=False),
    CheckConstraint(_one_of("state", SystemState), name="state"),
    Index(None, "state", "id"),
    Index(None, "owner", "id"),
    Index(None, "tier", "id"),
)

profiles_table = recorded_table(
    "registry_profiles",
    Column("system_id", _ID, ForeignKey("registry_systems.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", _DIGEST, nullable=False),
    Column("profile", CanonicalJson, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
)

parts_table = recorded_table(
    "registry_parts",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("system_id", "kind", "name"),
    CheckConstraint(_one_of("kind", PartKind), name="kind"),
    Index(None, "kind", "id"),
)

versions_table = recorded_table(
    "registry_versions",
    Column("id", _ID, primary_key=True),
    Column("part_id", _ID, ForeignKey("registry_parts.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("digest", _DIGEST, nullable=False, index=True),
    Column("document", CanonicalJson, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ticket", _NAME, nullable=False),
    Column("commit_id", _NAME, nullable=False),
    Column("pull_request", String(200), nullable=False),
    Column("asserted", Boolean, nullable=False),
    Column("salt", _SALT, nullable=False),
    UniqueConstraint("part_id", "number"),
    UniqueConstraint("part_id", "digest"),
    Index(None, "system_id", "id"),
)

sets_table = recorded_table(
    "registry_sets",
    Column("digest", _DIGEST, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False, index=True),
    Column("versions", CanonicalJson, nullable=False),
)

runs_table = recorded_table(
    "registry_runs",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("sort", String(10), nullable=False),
    Column("about", _DIGEST, nullable=False),
    Column("document", CanonicalJson, nullable=False),
    Column("verdict", String(14), nullable=False),
    Column("says", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("record_id", _ID, nullable=False),
    Column("salt", _SALT, nullable=False),
    CheckConstraint(_one_of("sort", RunSort), name="sort"),
    Index(None, "system_id", "id"),
    Index(None, "about", "id"),
)

facts_table = recorded_table(
    "registry_facts",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("about", _DIGEST, nullable=False),
    Column("name", _NAME, nullable=False),
    Column("verdict", String(14), nullable=False),
    Column("says", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "about", "id"),
)

changes_table = recorded_table(
    "registry_changes",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("title", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("sort", String(10), nullable=False),
    Column("set_digest", _DIGEST, ForeignKey("registry_sets.digest"), nullable=False),
    Column("base", CanonicalJson, nullable=False),
    Column("state", String(12), nullable=False),
    Column("ticket", _NAME, nullable=False),
    Column("commit_id", _NAME, nullable=False),
    Column("pull_request", String(200), nullable=False),
    Column("findings", CanonicalJson, nullable=False),
    Column("request_id", _ID, nullable=False, index=True),
    Column("review_id", _ID, nullable=False),
    Column("reached", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("salt", _SALT, nullable=False),
    CheckConstraint(_one_of("state", ChangeState), name="state"),
    CheckConstraint(_one_of("sort", ChangeSort), name="sort"),
    Index(None, "system_id", "id"),
    Index(None, "state", "id"),
    Index(None, "set_digest", "id"),
)

freezes_table = recorded_table(
    "registry_freezes",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, nullable=False),
    Column("environment", _NAME, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("lifted_at", UtcTime),
    Column("salt", _SALT, nullable=False),
)

deployments_table = recorded_table(
    "registry_deployments",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("environment", _NAME, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Column("recorded_at", UtcTime, nullable=False),
    Column("end_recorded_at", UtcTime),
    Column("corrected_at", UtcTime),
    Column("corrects", _ID, nullable=False),
    Column("cause", String(12), nullable=False),
    Column("source", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("record_id", _ID, nullable=False),
    Column("end_record_id", _ID, nullable=False),
    Column("salt", _SALT, nullable=False),
    CheckConstraint(_one_of("cause", Cause), name="cause"),
    CheckConstraint(_one_of("source", Source), name="source"),
    Index(None, "system_id", "environment", "starts_at"),
    Index(None, "environment", "starts_at"),
)

shares_table = recorded_table(
    "registry_shares",
    Column("deployment_id", _ID, ForeignKey("registry_deployments.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("set_digest", _DIGEST, ForeignKey("registry_sets.digest"), nullable=False, index=True),
    Column("percent", Integer, nullable=False),
    Column("change_id", _ID, nullable=False, index=True),
    CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
)

standing_table = recorded_table(
    "registry_standing",
    Column("system_id", _ID, ForeignKey("registry_systems.id"), primary_key=True),
    Column("environment", _NAME, primary_key=True),
    Column("deployment_id", _ID, nullable=False),
    Column("version", BigInteger, nullable=False, index=True),
)

pulse_table = exempt_table(
    "registry_pulse",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    reason="a counter that moves with what serves, so that every process notices within a second",
)

artefacts_table = recorded_table(
    "registry_artefacts",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("name", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kid", _NAME, nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("ct_sha256", String(64), nullable=False),
    Column("ct_len", BigInteger, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "digest", "id"),
)

scans_table = recorded_table(
    "registry_scans",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("scanner", _NAME, nullable=False),
    Column("verdict", String(14), nullable=False),
    Column("report", CanonicalJson, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "digest", "id"),
)

signers_table = recorded_table(
    "registry_signers",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, nullable=False),
    Column("name", _NAME, nullable=False),
    Column("fingerprint", _DIGEST, nullable=False, index=True),
    Column("public_key", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("salt", _SALT, nullable=False),
)

signatures_table = recorded_table(
    "registry_signatures",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("fingerprint", _DIGEST, nullable=False),
    Column("verdict", String(14), nullable=False),
    Column("says", Text, nullable=False),
    Column("bundle", CanonicalJson, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "id"),
)

signed_table = recorded_table(
    "registry_signed",
    Column("signature_id", _ID, ForeignKey("registry_signatures.id"), primary_key=True),
    Column("digest", _DIGEST, primary_key=True, index=True),
)

for _table in (artefacts_table, scans_table, signatures_table, signed_table):
    append_only(_table)
for _table in (profiles_table, versions_table, sets_table, runs_table, facts_table, shares_table):
    append_only(_table)

suspensions_table = recorded_table(
    "registry_suspensions",
    Column("id", _ID, primary_key=True),
    Column("system_id", _ID, ForeignKey("registry_systems.id"), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Column("reason", Text, nullable=False),
    Column("author", _PERSON, nullable=False),
    Column("record_id", _ID, nullable=False),
    Column("end_record_id", _ID, nullable=False),
    Column("salt", _SALT, nullable=False),
    Index(None, "system_id", "starts_at"),
)
_SUSPENSION_KEPT: Final = ("id", "system_id", "starts_at", "reason", "author", "record_id", "salt")
append_only(
    suspensions_table,
    update_when=" AND ".join(
        ("OLD.ends_at IS NULL", *(f"NEW.{name} = OLD.{name}" for name in _SUSPENSION_KEPT))
    ),
)

_KEPT: Final = (
    *("id", "system_id", "environment", "starts_at", "recorded_at", "corrects", "cause"),
    *("source", "reason", "author", "record_id", "salt"),
)
_END_KEPT: Final = (
    "(OLD.ends_at IS NULL OR (coalesce(NEW.ends_at, '') = OLD.ends_at"
    " AND coalesce(NEW.end_recorded_at, '') = OLD.end_recorded_at"
    " AND coalesce(NEW.end_record_id, '') = OLD.end_record_id))"
)
append_only(
    deployments_table,
    update_when=" AND ".join(
        (
            *(f"NEW.{name} = OLD.{name}" for name in _KEPT),
            _END_KEPT,
            "(OLD.corrected_at IS NULL OR coalesce(NEW.corrected_at, '') = OLD.corrected_at)",
        )
    ),
)
