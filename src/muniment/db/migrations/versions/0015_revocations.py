"""Why grants were taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table of reasons; a column would change what older rows of grants are."""
    op.create_table(
        "access_revocations",
        sa.Column("grant_id", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("salt", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("grant_id", name="pk_access_revocations"),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grants.id"], name="fk_access_revocations_grant_id"
        ),
    )
