"""The one helper by which a revision puts triggers up, on either database."""

from __future__ import annotations

from alembic import op

from muniment.db.guards import Guard, put_up

__all__ = ["Guard", "guard"]


def guard(wanted: Guard) -> None:
    """Put a guard's triggers up, also again after a batch operation rebuilt the table."""
    put_up(op.get_bind(), wanted)
