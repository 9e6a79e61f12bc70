"""How often each tool was used on a day, by the system and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0040"
down_revision: str | None = "0039"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = sa.String(80)


def upgrade() -> None:
    """Make the table; it counts from now on."""
    op.create_table(
        "exchange_tool_uses",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("system", _ID, nullable=False),
        sa.Column("environment", _ID, nullable=False),
        sa.Column("tool", sa.String(200), nullable=False),
        sa.Column("uses", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "system", "environment", "tool", name="pk_exchange_tool_uses"
        ),
    )
