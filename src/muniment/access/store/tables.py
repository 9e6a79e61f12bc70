"""The tables of access.

Nothing here is ever deleted: memberships, grants, roles and states end and stay, so that one can
say who could reach what on any day. Rows that hold personal facts carry a random `salt`, so that
the digests of them in the ledger cannot be guessed back.
"""

from __future__ import annotations

from sqlalchemy import (
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

from muniment.db import CanonicalJson, UtcTime, exempt_table, recorded_table

people_table = recorded_table(
    "access_people",
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False),
    Column("email_key", String(400)),
    Column("state", String(10), nullable=False),
    Column("source", String(60), nullable=False),
    Column("salt", String(40), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("email_key"),
    CheckConstraint("state IN ('invited', 'active', 'suspended', 'left')", name="state"),
)

organisation_table = recorded_table(
    "access_organisation",
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("salt", String(40), nullable=False),
    Column("named_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
)

identities_table = recorded_table(
    "access_identities",
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), ForeignKey("access_people.id"), nullable=False),
    Column("issuer", String(400), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("salt", String(40), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
    Index(None, "person_id"),
)

services_table = recorded_table(
    "access_services",
    Column("id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("owner_id", String(40), ForeignKey("access_people.id"), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "owner_id"),
)

teams_table = recorded_table(
    "access_teams",
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(400)),
    Column("external_id", String(400), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name_key"),
)

members_table = recorded_table(
    "access_members",
    Column("id", String(40), primary_key=True),
    Column("team_id", String(40), ForeignKey("access_teams.id"), nullable=False),
    Column("member_kind", String(10), nullable=False),
    Column("member_id", String(40), nullable=False),
    Column("joined_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("standing_key", String(130)),
    UniqueConstraint("standing_key"),
    Index(None, "team_id"),
    Index(None, "member_id"),
)

states_table = recorded_table(
    "access_states",
    Column("id", String(40), primary_key=True),
    Column("holder_kind", String(10), nullable=False),
    Column("holder_id", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner_id", String(40), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime),
    Index(None, "holder_id", "since"),
)

roles_table = recorded_table(
    "access_roles",
    Column("name", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("says", String(400), nullable=False),
    Column("permissions", CanonicalJson, nullable=False),
    Column("must_expire", Boolean, nullable=False),
    Column("must_scope", Boolean, nullable=False),
    Column("views_recorded", Boolean, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime),
)

grants_table = recorded_table(
    "access_grants",
    Column("id", String(40), primary_key=True),
    Column("holder_kind", String(10), nullable=False),
    Column("holder_id", String(40), nullable=False),
    Column("role", String(40), nullable=False),
    Column("scope", CanonicalJson, nullable=False),
    Column("source", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(40), nullable=False),
    Column("granted_by", String(40), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("revoked_by", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "holder_id"),
    Index(None, "role"),
    Index(None, "ends_at"),
)

revocations_table = recorded_table(
    "access_revocations",
    Column("grant_id", String(40), ForeignKey("access_grants.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("salt", String(40), nullable=False),
)

exceptions_table = recorded_table(
    "access_exceptions",
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), ForeignKey("access_people.id"), nullable=False),
    Column("one", String(40), nullable=False),
    Column("other", String(40), nullable=False),
    Column("scope", CanonicalJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(40), nullable=False),
    Column("approved_by", String(40), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("uses", Integer, nullable=False),
    Index(None, "person_id"),
)

keys_table = recorded_table(
    "access_keys",
    Column("id", String(40), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("holder_kind", String(10), nullable=False),
    Column("holder_id", String(40), nullable=False),
    Column("label", String(200), nullable=False),
    Column("shown", String(40), nullable=False),
    Column("permissions", CanonicalJson),
    Column("scope", CanonicalJson, nullable=False),
    Column("budget", String(100), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("replaced_by", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("digest"),
    Index(None, "holder_id"),
)

key_uses_table = exempt_table(
    "access_key_uses",
    Column("key_id", String(40), primary_key=True),
    Column("last_used_at", UtcTime, nullable=False),
    reason="when a key was last used, to the minute; what it did has records of its own",
)

version_table = exempt_table(
    "access_version",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    reason="a counter that tells every process to read again; what it counts is recorded",
)
