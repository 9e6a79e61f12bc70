"""Policy: bundles and facts by digest, versions and what is in force, decisions, documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)


def upgrade() -> None:
    """Create the tables of policy and put their guards up."""
    _versions()
    _decisions()
    _documents()
    for name in (
        "policy_bundles",
        "policy_versions",
        "policy_requests",
        "policy_changes",
        "policy_facts",
        "policy_decisions",
        "policy_documents",
        "policy_acknowledgements",
    ):
        guard(Guard(name))


def _versions() -> None:
    op.create_table(
        "policy_bundles",
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_policy_bundles"),
    )
    op.create_table(
        "policy_versions",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("bundle", sa.String(80), nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_policy_versions"),
        sa.ForeignKeyConstraint(
            ["bundle"], ["policy_bundles.digest"], name="fk_policy_versions_bundle"
        ),
    )
    op.create_table(
        "policy_requests",
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_policy_requests"),
        sa.ForeignKeyConstraint(
            ["version"], ["policy_versions.number"], name="fk_policy_requests_version"
        ),
    )
    op.create_index("ix_policy_requests_version", "policy_requests", ["version"])
    op.create_table(
        "policy_head",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("enforced", sa.Integer, nullable=False),
        sa.Column("shadow", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_policy_head"),
    )
    op.create_table(
        "policy_changes",
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("enforced", sa.Integer, nullable=False),
        sa.Column("shadow", sa.Integer, nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_policy_changes"),
        sa.ForeignKeyConstraint(
            ["version"], ["policy_versions.number"], name="fk_policy_changes_version"
        ),
    )
    op.create_index("ix_policy_changes_at", "policy_changes", ["at"])


def _decisions() -> None:
    op.create_table(
        "policy_facts",
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_policy_facts"),
    )
    op.create_table(
        "policy_decisions",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("bundle", sa.String(80), nullable=False),
        sa.Column("facts", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(200), nullable=False),
        sa.Column("resource_type", sa.String(40), nullable=False),
        sa.Column("resource", sa.String(200), nullable=False),
        sa.Column("system", sa.String(200), nullable=False),
        sa.Column("effect", sa.String(10), nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("shadow_version", sa.Integer, nullable=False),
        sa.Column("shadow", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_policy_decisions"),
        sa.ForeignKeyConstraint(
            ["facts"], ["policy_facts.digest"], name="fk_policy_decisions_facts"
        ),
    )
    op.create_index("ix_policy_decisions_at", "policy_decisions", ["at"])


def _documents() -> None:
    op.create_table(
        "policy_documents",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("review_by", _STAMP, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_policy_documents"),
    )
    op.create_table(
        "policy_documents_in_force",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("since", _STAMP, nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.Column("told_due_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_policy_documents_in_force"),
    )
    op.create_table(
        "policy_acknowledgements",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", "person", name="pk_policy_acknowledgements"),
    )
