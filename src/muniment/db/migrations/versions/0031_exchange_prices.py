"""What calls cost, and what the index of calls says of inspection and of reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0031"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ID = sa.String(80)


def upgrade() -> None:
    """Add the table of prices and the columns of the index."""
    op.add_column("exchanges", sa.Column("inspected", sa.String(10)))
    op.add_column("exchanges", sa.Column("code", sa.String(60)))
    op.create_index("ix_exchanges_inspected_first_entry", "exchanges", ["inspected", "first_entry"])
    op.create_index("ix_exchanges_last_entry", "exchanges", ["last_entry"])
    op.create_table(
        "exchange_prices",
        sa.Column("id", _ID, nullable=False),
        sa.Column("provider", _ID, nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("input_micros", sa.BigInteger),
        sa.Column("output_micros", sa.BigInteger),
        sa.Column("valid_from", _STAMP, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_prices"),
    )
    op.create_index("ix_exchange_prices_provider_model", "exchange_prices", ["provider", "model"])
    guard(Guard("exchange_prices"))
