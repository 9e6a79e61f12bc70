"""Answers of the API, kept so that a repeated request is not done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table of answers."""
    op.create_table(
        "api_answers",
        sa.Column("id", sa.String(71), nullable=False),
        sa.Column("request", sa.String(71), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_answers"),
    )
    op.create_index("ix_api_answers_expires_at", "api_answers", ["expires_at"])
