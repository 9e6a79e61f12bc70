"""The registry: systems, parts, changes, and what served when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0020"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = sa.String(40)
_DIGEST = sa.String(71)
_SALT = sa.String(32)
_STAMP = sa.String(27)
_NAME = sa.String(100)
_KEPT = (
    *("id", "system_id", "environment", "starts_at", "recorded_at", "corrects", "cause"),
    *("source", "reason", "author", "record_id", "salt"),
)
_ENDS_ONCE = (
    "(OLD.ends_at IS NULL OR (coalesce(NEW.ends_at, '') = OLD.ends_at"
    " AND coalesce(NEW.end_recorded_at, '') = OLD.end_recorded_at"
    " AND coalesce(NEW.end_record_id, '') = OLD.end_record_id))"
    " AND (OLD.corrected_at IS NULL OR coalesce(NEW.corrected_at, '') = OLD.corrected_at)"
)


def upgrade() -> None:
    """Create the tables of the registry and put their guards up."""
    _systems()
    _parts()
    _runs()
    _changes()
    _serving()
    _guards()


def _systems() -> None:
    op.create_table(
        "registry_systems",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("owner", _NAME, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("tier", sa.String(10), nullable=False),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("assessed_tier", sa.String(10), nullable=False),
        sa.Column("assessed_until", _STAMP),
        sa.Column("review_due_at", _STAMP),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("resumes_as", sa.String(12), nullable=False),
        sa.Column("disposal", sa.Text),
        sa.Column("retired_at", _STAMP),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("updated_at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_systems"),
        sa.CheckConstraint(
            "state IN ('proposed', 'in_review', 'approved', 'live', 'suspended', 'retired')",
            name=op.f("ck_registry_systems_state"),
        ),
        sa.UniqueConstraint("key", name="uq_registry_systems_key"),
    )
    op.create_index("ix_registry_systems_owner_id", "registry_systems", ["owner", "id"])
    op.create_index("ix_registry_systems_state_id", "registry_systems", ["state", "id"])
    op.create_index("ix_registry_systems_tier_id", "registry_systems", ["tier", "id"])
    op.create_table(
        "registry_profiles",
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("system_id", "number", name="pk_registry_profiles"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_profiles_system_id"
        ),
    )


def _parts() -> None:
    op.create_table(
        "registry_parts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_parts"),
        sa.CheckConstraint(
            "kind IN ('model', 'prompt', 'workflow', 'agent', 'routing',"
            " 'guardrail', 'tools', 'dataset', 'training')",
            name=op.f("ck_registry_parts_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_parts_system_id"
        ),
        sa.UniqueConstraint(
            "system_id", "kind", "name", name="uq_registry_parts_system_id_kind_name"
        ),
    )
    op.create_index("ix_registry_parts_kind_id", "registry_parts", ["kind", "id"])
    op.create_table(
        "registry_versions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("part_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("ticket", _NAME, nullable=False),
        sa.Column("commit_id", _NAME, nullable=False),
        sa.Column("pull_request", sa.String(200), nullable=False),
        sa.Column("asserted", sa.Boolean, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_versions"),
        sa.ForeignKeyConstraint(
            ["part_id"], ["registry_parts.id"], name="fk_registry_versions_part_id"
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_versions_system_id"
        ),
        sa.UniqueConstraint("part_id", "digest", name="uq_registry_versions_part_id_digest"),
        sa.UniqueConstraint("part_id", "number", name="uq_registry_versions_part_id_number"),
    )
    op.create_index("ix_registry_versions_digest", "registry_versions", ["digest"])
    op.create_index("ix_registry_versions_system_id_id", "registry_versions", ["system_id", "id"])
    op.create_table(
        "registry_sets",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("versions", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_registry_sets"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_sets_system_id"
        ),
    )
    op.create_index("ix_registry_sets_system_id", "registry_sets", ["system_id"])


def _runs() -> None:
    op.create_table(
        "registry_runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("sort", sa.String(10), nullable=False),
        sa.Column("about", _DIGEST, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("verdict", sa.String(14), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("record_id", _ID, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_runs"),
        sa.CheckConstraint(
            "sort IN ('training', 'evaluation')", name=op.f("ck_registry_runs_sort")
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_runs_system_id"
        ),
    )
    op.create_index("ix_registry_runs_about_id", "registry_runs", ["about", "id"])
    op.create_index("ix_registry_runs_system_id_id", "registry_runs", ["system_id", "id"])
    op.create_table(
        "registry_facts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("about", _DIGEST, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("verdict", sa.String(14), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_facts"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_facts_system_id"
        ),
    )
    op.create_index(
        "ix_registry_facts_system_id_about_id", "registry_facts", ["system_id", "about", "id"]
    )


def _changes() -> None:
    op.create_table(
        "registry_changes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("sort", sa.String(10), nullable=False),
        sa.Column("set_digest", _DIGEST, nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("ticket", _NAME, nullable=False),
        sa.Column("commit_id", _NAME, nullable=False),
        sa.Column("pull_request", sa.String(200), nullable=False),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("review_id", _ID, nullable=False),
        sa.Column("reached", sa.Text, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("updated_at", _STAMP, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_changes"),
        sa.CheckConstraint(
            "sort IN ('normal', 'emergency')", name=op.f("ck_registry_changes_sort")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'approved', 'releasing', 'done',"
            " 'denied', 'withdrawn', 'rolled_back')",
            name=op.f("ck_registry_changes_state"),
        ),
        sa.ForeignKeyConstraint(
            ["set_digest"], ["registry_sets.digest"], name="fk_registry_changes_set_digest"
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_changes_system_id"
        ),
    )
    op.create_index("ix_registry_changes_request_id", "registry_changes", ["request_id"])
    op.create_index("ix_registry_changes_set_digest_id", "registry_changes", ["set_digest", "id"])
    op.create_index("ix_registry_changes_state_id", "registry_changes", ["state", "id"])
    op.create_index("ix_registry_changes_system_id_id", "registry_changes", ["system_id", "id"])
    op.create_table(
        "registry_freezes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("environment", _NAME, nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("lifted_at", _STAMP),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_freezes"),
    )
    op.create_index("ix_registry_freezes_ends_at", "registry_freezes", ["ends_at"])


def _serving() -> None:
    op.create_table(
        "registry_deployments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("environment", _NAME, nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP),
        sa.Column("recorded_at", _STAMP, nullable=False),
        sa.Column("end_recorded_at", _STAMP),
        sa.Column("corrected_at", _STAMP),
        sa.Column("corrects", _ID, nullable=False),
        sa.Column("cause", sa.String(12), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("record_id", _ID, nullable=False),
        sa.Column("end_record_id", _ID, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_deployments"),
        sa.CheckConstraint(
            "cause IN ('promotion', 'rollback', 'emergency', 'correction', 'import')",
            name=op.f("ck_registry_deployments_cause"),
        ),
        sa.CheckConstraint(
            "source IN ('declared', 'observed', 'asserted')",
            name=op.f("ck_registry_deployments_source"),
        ),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_deployments_system_id"
        ),
    )
    op.create_index(
        "ix_registry_deployments_environment_starts_at",
        "registry_deployments",
        ["environment", "starts_at"],
    )
    op.create_index(
        "ix_registry_deployments_system_id_environment_starts_at",
        "registry_deployments",
        ["system_id", "environment", "starts_at"],
    )
    op.create_table(
        "registry_shares",
        sa.Column("deployment_id", _ID, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("set_digest", _DIGEST, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("change_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", "place", name="pk_registry_shares"),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_registry_shares_percent")),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["registry_deployments.id"], name="fk_registry_shares_deployment_id"
        ),
        sa.ForeignKeyConstraint(
            ["set_digest"], ["registry_sets.digest"], name="fk_registry_shares_set_digest"
        ),
    )
    op.create_index("ix_registry_shares_set_digest", "registry_shares", ["set_digest"])
    op.create_table(
        "registry_standing",
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("environment", _NAME, nullable=False),
        sa.Column("deployment_id", _ID, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("system_id", "environment", name="pk_registry_standing"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_standing_system_id"
        ),
    )
    op.create_index("ix_registry_standing_version", "registry_standing", ["version"])
    op.create_table(
        "registry_pulse",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_pulse"),
    )


def _guards() -> None:
    guard(Guard("registry_profiles"))
    guard(Guard("registry_versions"))
    guard(Guard("registry_sets"))
    guard(Guard("registry_runs"))
    guard(Guard("registry_facts"))
    guard(Guard("registry_deployments", update_when=_kept() + " AND " + _ENDS_ONCE))
    guard(Guard("registry_shares"))


def _kept() -> str:
    return " AND ".join(f"NEW.{name} = OLD.{name}" for name in _KEPT)
