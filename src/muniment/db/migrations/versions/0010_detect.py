"""Detection: configurations by digest, their versions, and the cases they are measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0010"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ONLY_ERASED = (
    "NEW.text IS NULL AND NEW.digest = OLD.digest AND NEW.kind = OLD.kind AND NEW.type = OLD.type"
)


def upgrade() -> None:
    """Create the tables of detection and put their guards up."""
    op.create_table(
        "detect_configurations",
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_detect_configurations"),
    )
    op.create_table(
        "detect_builds",
        sa.Column("build", sa.String(200), nullable=False),
        sa.Column("configuration", sa.String(80), nullable=False),
        sa.Column("first_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("build", name="pk_detect_builds"),
        sa.ForeignKeyConstraint(
            ["configuration"],
            ["detect_configurations.digest"],
            name="fk_detect_builds_configuration",
        ),
    )
    op.create_table(
        "detect_calibrations",
        sa.Column("system", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("configuration", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("changed_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP),
        sa.Column("figures", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("system", "version", name="pk_detect_calibrations"),
        sa.ForeignKeyConstraint(
            ["configuration"],
            ["detect_configurations.digest"],
            name="fk_detect_calibrations_configuration",
        ),
    )
    op.create_table(
        "detect_cases",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("system", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("start_at", sa.Integer, nullable=False),
        sa.Column("end_at", sa.Integer, nullable=False),
        sa.Column("text", sa.LargeBinary),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("build", sa.String(200), nullable=False),
        sa.Column("reported_by", sa.String(120), nullable=False),
        sa.Column("reported_at", _STAMP, nullable=False),
        sa.Column("erase_after", _STAMP, nullable=False),
        sa.Column("erased_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_detect_cases"),
        sa.CheckConstraint("kind IN ('false_alarm', 'missed')", name=op.f("ck_detect_cases_kind")),
        sa.CheckConstraint(
            "(text IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_detect_cases_erased")
        ),
    )
    op.create_index("ix_detect_cases_system", "detect_cases", ["system"])
    op.create_index("ix_detect_cases_erase_after", "detect_cases", ["erase_after"])
    guard(Guard("detect_configurations"))
    guard(Guard("detect_builds"))
    guard(Guard("detect_calibrations"))
    guard(Guard("detect_cases", update_when=_ONLY_ERASED))
