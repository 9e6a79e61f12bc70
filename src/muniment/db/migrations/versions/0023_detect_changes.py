"""Change requests of detectors, and which of them came into force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0023"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)


def upgrade() -> None:
    """Create the tables of change requests and put their guards up."""
    op.create_table(
        "detect_proposals",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("system", sa.String(80), nullable=False),
        sa.Column("configuration", sa.String(80), nullable=False),
        sa.Column("previous", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("proposed_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("request_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_detect_proposals"),
        sa.ForeignKeyConstraint(
            ["configuration"],
            ["detect_configurations.digest"],
            name="fk_detect_proposals_configuration",
        ),
        sa.ForeignKeyConstraint(
            ["previous"], ["detect_configurations.digest"], name="fk_detect_proposals_previous"
        ),
    )
    op.create_index("ix_detect_proposals_system", "detect_proposals", ["system"])
    op.create_table(
        "detect_applied",
        sa.Column("proposal", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("applied_by", sa.String(120), nullable=False),
        sa.Column("applied_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("proposal", name="pk_detect_applied"),
        sa.ForeignKeyConstraint(
            ["proposal"], ["detect_proposals.id"], name="fk_detect_applied_proposal"
        ),
    )
    guard(Guard("detect_proposals"))
    guard(Guard("detect_applied"))
