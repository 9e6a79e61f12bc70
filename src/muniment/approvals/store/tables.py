"""The tables of approvals.

Rows that hold people's words carry a salt, so that the digest of a row
in the ledger tells nobody what they might have said."""

from __future__ import annotations

from typing import Final

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

from muniment.approvals.models import Answer, State
from muniment.db import CanonicalJson, UtcTime, recorded_table

_ID: Final = String(40)
_DIGEST: Final = String(71)


def _one_of(column: str, values: type[State | Answer]) -> str:
    return f"{column} IN ({', '.join(repr(each.value) for each in values)})"


requests_table = recorded_table(
    "approval_requests",
    Column("id", _ID, primary_key=True),
    Column("matter", String(100), nullable=False),
    Column("about_kind", String(60), nullable=False),
    Column("about_id", String(200), nullable=False),
    Column("shown", CanonicalJson, nullable=False),
    Column("rule", CanonicalJson, nullable=False),
    Column("author", _ID, nullable=False),
    Column("owner", _ID, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("state", String(10), nullable=False),
    Column("single_use", Boolean, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("escalates_at", UtcTime),
    Column("escalated_at", UtcTime),
    Column("remind_every_seconds", Integer, nullable=False),
    Column("reminded_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("closed_by", _ID, nullable=False),
    Column("used_at", UtcTime),
    Column("revision", Integer, nullable=False),
    Column("salt", String(32), nullable=False),
    CheckConstraint(_one_of("state", State), name="state"),
    Index(None, "state", "id"),
    Index(None, "matter", "about_kind", "about_id", "state"),
)

versions_table = recorded_table(
    "approval_versions",
    Column("request_id", _ID, ForeignKey("approval_requests.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", _DIGEST, nullable=False),
    Column("document", CanonicalJson, nullable=False),
    Column("author", _ID, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("salt", String(32), nullable=False),
)

votes_table = recorded_table(
    "approval_votes",
    Column("id", _ID, primary_key=True),
    Column("request_id", _ID, ForeignKey("approval_requests.id"), nullable=False, index=True),
    Column("digest", _DIGEST, nullable=False),
    Column("answer", String(20), nullable=False),
    Column("person", _ID, nullable=False),
    Column("acts_for", _ID, nullable=False),
    Column("by_rule", String(100), nullable=False),
    Column("roles", CanonicalJson, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("signed_in", String(100), nullable=False),
    Column("salt", String(32), nullable=False),
    UniqueConstraint("request_id", "digest", "person"),
    CheckConstraint(_one_of("answer", Answer), name="answer"),
)

openings_table = recorded_table(
    "approval_openings",
    Column("id", _ID, primary_key=True),
    Column("request_id", _ID, ForeignKey("approval_requests.id"), nullable=False, index=True),
    Column("person", _ID, nullable=False),
    Column("digest", _DIGEST, nullable=False),
    Column("at", UtcTime, nullable=False),
)

comments_table = recorded_table(
    "approval_comments",
    Column("id", _ID, primary_key=True),
    Column("request_id", _ID, ForeignKey("approval_requests.id"), nullable=False, index=True),
    Column("person", _ID, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("salt", String(32), nullable=False),
)

delegations_table = recorded_table(
    "approval_delegations",
    Column("id", _ID, primary_key=True),
    Column("giver", _ID, nullable=False, index=True),
    Column("taker", _ID, nullable=False, index=True),
    Column("matter", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("salt", String(32), nullable=False),
)

links_table = recorded_table(
    "approval_links",
    Column("id", _ID, primary_key=True),
    Column("request_id", _ID, ForeignKey("approval_requests.id"), nullable=False, index=True),
    Column("person", _ID, nullable=False),
    Column("secret_digest", _DIGEST, nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("followed_at", UtcTime),
)
