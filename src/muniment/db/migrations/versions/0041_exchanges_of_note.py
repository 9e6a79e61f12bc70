"""Indexes of calls by state, subject and inspection hold those that are looked for by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0041"
down_revision: str | None = "0040"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STATE = sa.column("state", sa.String)
_SUBJECT = sa.column("subject", sa.String)
_INSPECTED = sa.column("inspected", sa.String)
_NOTABLE = (
    ("ix_exchanges_state_first_entry", ["state", "first_entry"], _STATE != "answered"),
    ("ix_exchanges_subject_first_entry", ["subject", "first_entry"], _SUBJECT != ""),
    (
        "ix_exchanges_uninspected_first_entry",
        ["first_entry"],
        sa.or_(_INSPECTED != "whole", _INSPECTED.is_(None)),
    ),
)


def upgrade() -> None:
    """Make them anew; nearly every call is answered, of nobody, and looked at whole."""
    for name in ("state", "subject", "inspected"):
        op.drop_index(f"ix_exchanges_{name}_first_entry", "exchanges")
    for name, columns, held in _NOTABLE:
        op.create_index(name, "exchanges", columns, sqlite_where=held, postgresql_where=held)
