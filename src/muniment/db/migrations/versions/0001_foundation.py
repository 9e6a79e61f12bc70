"""The ground: background work, and the place where records wait to be sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables of jobs, schedules, followers and pending records."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("dedupe_key", sa.String(200)),
        sa.Column("run_at", _STAMP, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("max_attempts", sa.Integer, nullable=False),
        sa.Column("lease_token", sa.String(40), nullable=False),
        sa.Column("lease_until", _STAMP),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("finished_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("dedupe_key", name="uq_jobs_dedupe_key"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'parked')", name=op.f("ck_jobs_state")
        ),
    )
    op.create_index("ix_jobs_state_run_at_id", "jobs", ["state", "run_at", "id"])
    op.create_table(
        "job_schedules",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("every_seconds", sa.Integer, nullable=False),
        sa.Column("next_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_schedules"),
    )
    op.create_table(
        "followers",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("next_index", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("retry_at", _STAMP, nullable=False),
        sa.Column("stopped", sa.Text, nullable=False),
        sa.Column("updated_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_followers"),
    )
    op.create_table(
        "ledger_producers",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("last_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ledger_producers"),
    )
    op.create_table(
        "ledger_pending",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("producer", sa.String(60), nullable=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("entries", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_pending"),
        sa.UniqueConstraint("producer", "first_seq", name="uq_ledger_pending_producer_first_seq"),
    )
    guard(Guard("ledger_pending"))
