"""The log: the order of records, the signed head, its keys, and the index over entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

_SEALED = (
    "EXISTS (SELECT 1 FROM ledger_sequenced s, ledger_head h"
    " WHERE s.batch_id = OLD.id AND s.first_index + s.entry_count <= h.size)"
)
_UNNEEDED = "NOT EXISTS (SELECT 1 FROM ledger_pending p WHERE p.id = OLD.batch_id)"
_FORWARD = (
    "NEW.origin = OLD.origin AND NEW.installation = OLD.installation AND NEW.epoch >= OLD.epoch"
    " AND (NEW.size > OLD.size OR (NEW.size = OLD.size AND NEW.root = OLD.root))"
)


def upgrade() -> None:
    """Create the tables of the log and put their guards up."""
    op.create_table(
        "ledger_sequenced",
        sa.Column("batch_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("first_index", sa.BigInteger, nullable=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name="pk_ledger_sequenced"),
        sa.UniqueConstraint("first_index", name="uq_ledger_sequenced_first_index"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("installation", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("checkpoint", sa.Text, nullable=False),
        sa.Column("signed_at", _STAMP, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_only_one")),
    )
    op.create_table(
        "ledger_keys",
        sa.Column("vkey", sa.String(400), nullable=False),
        sa.Column("key_id", sa.String(100), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("since", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("vkey", name="pk_ledger_keys"),
        sa.CheckConstraint(
            "state IN ('current', 'retired', 'lost')",
            name=op.f("ck_ledger_keys_state"),
        ),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("idx", _BIG, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("producer", sa.String(60), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("idx", name="pk_ledger_entries"),
    )
    for name in ("kind", "actor", "subject"):
        op.create_index(f"ix_ledger_entries_{name}_idx", "ledger_entries", [name, "idx"])
    op.create_index("ix_ledger_entries_at", "ledger_entries", ["at"])
    op.create_index("ix_ledger_entries_id", "ledger_entries", ["id"])
    guard(Guard("ledger_pending", delete_when=_SEALED))
    guard(Guard("ledger_sequenced", delete_when=_UNNEEDED))
    guard(Guard("ledger_head", update_when=_FORWARD))
