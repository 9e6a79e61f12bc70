"""The tables of looking over. What a line was about when it was frozen never changes."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
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

campaigns_table = recorded_table(
    "access_campaigns",
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("as_of", UtcTime, nullable=False),
    Column("population", String(71), nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("escalated_at", UtcTime),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('open', 'overdue', 'closed')", name="state"),
)

FROZEN: Final = (
    *("id", "campaign_id", "position", "sort", "target", "holder_kind", "holder_id", "person_id"),
    *("what", "scope", "grant_id", "team_id", "account", "last_used", "salt"),
)

lines_table = recorded_table(
    "access_review_lines",
    Column("id", String(40), primary_key=True),
    Column("campaign_id", String(40), ForeignKey("access_campaigns.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sort", String(12), nullable=False),
    Column("target", String(40), nullable=False),
    Column("holder_kind", String(10), nullable=False),
    Column("holder_id", String(40), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("what", String(500), nullable=False),
    Column("scope", CanonicalJson, nullable=False),
    Column("grant_id", String(40), nullable=False),
    Column("team_id", String(40), nullable=False),
    Column("account", String(200), nullable=False),
    Column("last_used", String(27), nullable=False),
    Column("salt", String(40), nullable=False),
    Column("reviewer_id", String(40), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("decided_at", UtcTime),
    Column("carried_out_at", UtcTime),
    Column("verified_at", UtcTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("campaign_id", "position"),
    Index(None, "reviewer_id"),
)
lines_guard = append_only(
    lines_table, update_when=" AND ".join(f"NEW.{name} = OLD.{name}" for name in FROZEN)
)

outside_table = recorded_table(
    "access_outside",
    Column("id", String(40), primary_key=True),
    Column("place", String(100), nullable=False),
    Column("account", String(200), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("what", String(200), nullable=False),
    Column("source", String(20), nullable=False),
    Column("salt", String(40), nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),
    Column("standing_key", String(71)),
    UniqueConstraint("standing_key"),
    Index(None, "place", "account"),
    Index(None, "person_id"),
)

emergencies_table = recorded_table(
    "access_emergencies",
    Column("id", String(40), primary_key=True),
    Column("grant_id", String(40), ForeignKey("access_grants.id"), nullable=False),
    Column("person_id", String(40), ForeignKey("access_people.id"), nullable=False),
    Column("broken_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("reviewed_by", String(40), nullable=False),
    Column("reviewed_at", UtcTime),
    Column("finding", String(12), nullable=False),
    Column("words", Text, nullable=False),
    Column("salt", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("grant_id"),
    Index(None, "person_id"),
)

marks_table = exempt_table(
    "access_marks",
    Column("name", String(40), primary_key=True),
    Column("at", UtcTime, nullable=False),
    reason="how far the nightly chores have come; what they found is recorded",
)
