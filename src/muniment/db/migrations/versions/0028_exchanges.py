"""Calls, limits, stops, and what is counted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ID = sa.String(80)
_SAME_SCOPE = (
    "OLD.ended_at IS NULL AND OLD.scope = NEW.scope AND OLD.scope_id = NEW.scope_id"
    " AND OLD.measure = NEW.measure AND OLD.window_kind = NEW.window_kind"
)
_ONLY_ENDED = (
    "OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND OLD.kind = NEW.kind"
    " AND OLD.name = NEW.name AND OLD.reason = NEW.reason"
    " AND OLD.stopped_by = NEW.stopped_by AND OLD.stopped_at = NEW.stopped_at"
)


def upgrade() -> None:
    """Create the tables and put their guards up."""
    _make_calls()
    _make_settings()
    _make_counts()


def _make_calls() -> None:
    op.create_table(
        "exchanges",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system", _ID, nullable=False),
        sa.Column("environment", _ID, nullable=False),
        sa.Column("caller", sa.String(120), nullable=False),
        sa.Column("api_key", _ID, nullable=False),
        sa.Column("surface", sa.String(40), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("provider_model", sa.String(200), nullable=False),
        sa.Column("set_digest", _ID, nullable=False),
        sa.Column("prompt", _ID, nullable=False),
        sa.Column("subject", _ID, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("reached", sa.String(10), nullable=False),
        sa.Column("effect", sa.String(20), nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("input_tokens", sa.BigInteger, nullable=False),
        sa.Column("output_tokens", sa.BigInteger, nullable=False),
        sa.Column("cost_micros", sa.BigInteger, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        sa.Column("began_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("first_entry", sa.BigInteger, nullable=False),
        sa.Column("last_entry", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'failed', 'refused', 'unknown')",
            name="ck_exchanges_state",
        ),
    )
    op.create_index("ix_exchanges_first_entry", "exchanges", ["first_entry"])
    for column in ("system", "subject", "state", "prompt"):
        name = f"ix_exchanges_{column}_first_entry"
        op.create_index(name, "exchanges", [column, "first_entry"])
    op.create_table(
        "exchange_subjects",
        sa.Column("lookup", _ID, nullable=False),
        sa.Column("subject", _ID, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("lookup", name="pk_exchange_subjects"),
        sa.UniqueConstraint("subject", name="uq_exchange_subjects_subject"),
    )


def _make_settings() -> None:
    op.create_table(
        "exchange_limits",
        sa.Column("id", _ID, nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("scope_id", _ID, nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("window_kind", sa.String(10), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("warn_percent", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("changed_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_limits"),
        sa.CheckConstraint(
            "scope IN ('key', 'team', 'system', 'dataset', 'everything')",
            name="ck_exchange_limits_scope",
        ),
        sa.CheckConstraint(
            "measure IN ('requests', 'tokens', 'cost', 'concurrency')",
            name="ck_exchange_limits_measure",
        ),
        sa.CheckConstraint(
            "window_kind IN ('minute', 'hour', 'day', 'month', 'now')",
            name="ck_exchange_limits_window_kind",
        ),
    )
    guard(Guard("exchange_limits", update_when=_SAME_SCOPE))
    op.create_table(
        "exchange_stops",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("stopped_by", sa.String(120), nullable=False),
        sa.Column("stopped_at", _STAMP, nullable=False),
        sa.Column("ended_by", sa.String(120), nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("end_reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_stops"),
        sa.CheckConstraint(
            "kind IN ('everything', 'system', 'model', 'provider', 'key', 'tool')",
            name="ck_exchange_stops_kind",
        ),
    )
    op.create_index("ix_exchange_stops_ended_at", "exchange_stops", ["ended_at"])
    guard(Guard("exchange_stops", update_when=_ONLY_ENDED))


def _make_counts() -> None:
    op.create_table(
        "exchange_counters",
        sa.Column("limit_id", _ID, nullable=False),
        sa.Column("window_name", sa.String(20), nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("limit_id", "window_name", name="pk_exchange_counters"),
    )
    op.create_table(
        "exchange_reservations",
        sa.Column("exchange", _ID, nullable=False),
        sa.Column("parts", sa.Text, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("exchange", name="pk_exchange_reservations"),
    )
    op.create_index("ix_exchange_reservations_made_at", "exchange_reservations", ["made_at"])
    op.create_table(
        "exchange_pulses",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_pulses"),
    )
