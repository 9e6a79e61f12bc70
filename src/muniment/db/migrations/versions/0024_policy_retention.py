"""How long the facts of decisions are kept, and what is held beyond that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_PRUNED_OR_GIVEN_AGAIN = (
    "NEW.digest = OLD.digest AND (OLD.pruned_at IS NULL) <> (NEW.pruned_at IS NULL)"
)
_ONLY_LIFTED = "OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL" + "".join(
    f" AND NEW.{name} = OLD.{name}" for name in ("id", "sort", "subject", "reason", "person", "at")
)


def upgrade() -> None:
    """Note when facts were pruned, and create the table of holds."""
    op.add_column("policy_facts", sa.Column("pruned_at", _STAMP))
    op.create_index("ix_policy_decisions_facts", "policy_decisions", ["facts"])
    op.create_table(
        "policy_holds",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("sort", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("lifted_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_policy_holds"),
    )
    guard(Guard("policy_facts", update_when=_PRUNED_OR_GIVEN_AGAIN))
    guard(Guard("policy_holds", update_when=_ONLY_LIFTED))
