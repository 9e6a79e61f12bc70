"""Calls of a span of time are counted from an index that holds what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0039"
down_revision: str | None = "0037"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Make the index; counting reads nothing but it."""
    op.create_index(
        "ix_exchanges_began_at_system_state_effect_inspected_findings",
        "exchanges",
        ["began_at", "system", "state", "effect", "inspected", "findings"],
    )
