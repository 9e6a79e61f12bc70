"""What was seen in traffic beside what is registered, and saved views of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0027"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "registry_sightings",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("thing", sa.String(71), nullable=False),
        sa.Column("system_id", sa.String(100), nullable=False),
        sa.Column("environment", sa.String(100), nullable=False),
        sa.Column("sort", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("reported", sa.String(200), nullable=False),
        sa.Column("reported_before", sa.String(200), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("first_seen_at", _STAMP, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(100), nullable=False),
        sa.Column("decided_at", _STAMP),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_sightings"),
        sa.UniqueConstraint("thing", name="uq_registry_sightings_thing"),
        sa.CheckConstraint(
            "sort IN ('model', 'prompt', 'tool')", name="ck_registry_sightings_sort"
        ),
        sa.CheckConstraint(
            "state IN ('open', 'known', 'registered', 'not_ours')",
            name="ck_registry_sightings_state",
        ),
    )
    op.create_index("ix_registry_sightings_system_id_id", "registry_sightings", ["system_id", "id"])
    op.create_index("ix_registry_sightings_state_id", "registry_sightings", ["state", "id"])
    op.create_table(
        "registry_observed",
        sa.Column("sighting_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sighting_id", "number", name="pk_registry_observed"),
        sa.ForeignKeyConstraint(
            ["sighting_id"],
            ["registry_sightings.id"],
            name="fk_registry_observed_sighting_id",
        ),
    )
    op.create_table(
        "registry_views",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_views"),
    )
    op.create_index("ix_registry_shares_change_id", "registry_shares", ["change_id"])
    op.create_index("ix_registry_views_place_owner", "registry_views", ["place", "owner"])
