"""The tables of detection. Configurations, versions and change requests are never changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
)

from muniment.db import CanonicalJson, UtcTime, append_only, recorded_table

configurations_table = recorded_table(
    "detect_configurations",
    Column("digest", String(80), primary_key=True),
    Column("body", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

builds_table = recorded_table(
    "detect_builds",
    Column("build", String(200), primary_key=True),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("first_at", UtcTime, nullable=False),
)

sheets_table = recorded_table(
    "detect_sheets",
    Column("digest", String(80), primary_key=True),
    Column("body", CanonicalJson, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

sheets_of_builds_table = recorded_table(
    "detect_sheets_of_builds",
    Column("build", String(200), ForeignKey("detect_builds.build"), primary_key=True),
    Column("sheets", String(80), ForeignKey("detect_sheets.digest"), nullable=False),
)

calibrations_table = recorded_table(
    "detect_calibrations",
    Column("system", String(80), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("figures", CanonicalJson, nullable=False),
)

proposals_table = recorded_table(
    "detect_proposals",
    Column("id", String(40), primary_key=True),
    Column("system", String(80), nullable=False),
    Column("configuration", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("previous", String(80), ForeignKey("detect_configurations.digest"), nullable=False),
    Column("owner", String(120), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("author", String(120), nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("figures", CanonicalJson, nullable=False),
    Column("request_id", String(40), nullable=False),
    Index(None, "system"),
)

applied_table = recorded_table(
    "detect_applied",
    Column("proposal", String(40), ForeignKey("detect_proposals.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("applied_by", String(120), nullable=False),
    Column("applied_at", UtcTime, nullable=False),
)

cases_table = recorded_table(
    "detect_cases",
    Column("id", String(40), primary_key=True),
    Column("system", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("type", String(64), nullable=False),
    Column("start_at", Integer, nullable=False),
    Column("end_at", Integer, nullable=False),
    Column("text", LargeBinary),  # plain, from revisions before 0025; the chore moves it
    Column("digest", String(80), nullable=False),
    Column("build", String(200), nullable=False),
    Column("reported_by", String(120), nullable=False),
    Column("reported_at", UtcTime, nullable=False),
    Column("erase_after", UtcTime, nullable=False),
    Column("erased_at", UtcTime),
    CheckConstraint("kind IN ('false_alarm', 'missed')", name="kind"),
    CheckConstraint("text IS NULL OR erased_at IS NULL", name="gone"),
    Index(None, "system"),
    Index(None, "erase_after"),
)

case_texts_table = recorded_table(
    "detect_case_texts",
    Column("case", String(40), ForeignKey("detect_cases.id"), primary_key=True),
    Column("subject", String(80), nullable=False),
    Column("kid", String(40), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("ct_sha256", String(64), nullable=False),
    Column("ct_len", Integer, nullable=False),
)

ONLY_KEPT_OR_ERASED: Final = (
    "NEW.text IS NULL AND OLD.erased_at IS NULL AND NEW.digest = OLD.digest"
    " AND NEW.kind = OLD.kind AND NEW.type = OLD.type"
)

append_only(configurations_table)
append_only(builds_table)
append_only(sheets_table)
append_only(sheets_of_builds_table)
append_only(calibrations_table)
append_only(proposals_table)
append_only(applied_table)
append_only(cases_table, update_when=ONLY_KEPT_OR_ERASED)
append_only(case_texts_table)
