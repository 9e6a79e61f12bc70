"""When systems were suspended is kept, so that the past can be told with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0032"
down_revision: str | None = "0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_KEPT = ("id", "system_id", "starts_at", "reason", "author", "record_id", "salt")


def upgrade() -> None:
    """Create the table; what was suspended before is told by the ledger alone."""
    op.create_table(
        "registry_suspensions",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("system_id", sa.String(40), nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("end_record_id", sa.String(40), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_suspensions"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_suspensions_system_id"
        ),
    )
    op.create_index(
        "ix_registry_suspensions_system_id_starts_at",
        "registry_suspensions",
        ["system_id", "starts_at"],
    )
    once = " AND ".join(("OLD.ends_at IS NULL", *(f"NEW.{each} = OLD.{each}" for each in _KEPT)))
    guard(Guard("registry_suspensions", update_when=once))
