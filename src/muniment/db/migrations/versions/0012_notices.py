"""Notices: who is told of what, over which channels, and how it fared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ID = sa.String(40)
_SEVERITIES = "('info', 'look', 'urgent')"


def upgrade() -> None:
    """Create the tables of notices."""
    _routes()
    _groups()
    _channels()
    _messages()


def _severity(table: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN {_SEVERITIES}", name=f"ck_{table}_{column}")


def _routes() -> None:
    op.create_table(
        "notice_beginnings",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("since", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_beginnings"),
    )
    op.create_table(
        "notice_routes",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("changed_at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notice_routes"),
    )


def _groups() -> None:
    op.create_table(
        "notice_groups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("route", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("subject_kind", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("href", sa.String(400), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("entry", sa.BigInteger, nullable=False),
        sa.Column("streak", sa.Integer, nullable=False),
        sa.Column("opened_at", _STAMP, nullable=False),
        sa.Column("send_at", _STAMP, nullable=False),
        sa.Column("sent_at", _STAMP),
        sa.Column("settled_at", _STAMP),
        sa.Column("escalate_at", _STAMP),
        sa.Column("escalate_to", sa.String(60), nullable=False),
        sa.Column("escalated_at", _STAMP),
        sa.Column("seen_at", _STAMP),
        sa.Column("seen_by", _ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_groups"),
        _severity("notice_groups", "severity"),
    )
    op.create_index(
        "ix_notice_groups_route_subject_kind_subject_id",
        "notice_groups",
        ["route", "subject_kind", "subject_id"],
    )
    op.create_index("ix_notice_groups_sent_at_send_at", "notice_groups", ["sent_at", "send_at"])
    op.create_index("ix_notice_groups_escalate_at", "notice_groups", ["escalate_at"])
    op.create_table(
        "notice_counts",
        sa.Column("group_id", _ID, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_notice_counts"),
    )
    op.create_table(
        "notice_tellings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("group_id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("why", sa.String(100), nullable=False),
        sa.Column("told_at", _STAMP, nullable=False),
        sa.Column("seen_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_notice_tellings"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["notice_groups.id"], name="fk_notice_tellings_group_id"
        ),
        sa.UniqueConstraint("group_id", "person", name="uq_notice_tellings_group_id_person"),
    )
    op.create_index(
        "ix_notice_tellings_person_seen_at_id", "notice_tellings", ["person", "seen_at", "id"]
    )


def _channels() -> None:
    op.create_table(
        "notice_channels",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("via", sa.String(60), nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("least", sa.String(10), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("signs", sa.Boolean, nullable=False),
        sa.Column("old_until", _STAMP),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_channels"),
        _severity("notice_channels", "least"),
    )
    op.create_table(
        "notice_subscriptions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("least", sa.String(10), nullable=False),
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_subscriptions"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["notice_channels.id"], name="fk_notice_subscriptions_channel_id"
        ),
        sa.UniqueConstraint(
            "channel_id", "kind", "holder", name="uq_notice_subscriptions_channel_id_kind_holder"
        ),
        sa.CheckConstraint("kind IN ('person', 'role')", name="ck_notice_subscriptions_kind"),
        _severity("notice_subscriptions", "least"),
    )
    op.create_index("ix_notice_subscriptions_holder", "notice_subscriptions", ["holder"])
    op.create_table(
        "notice_hours",
        sa.Column("person", _ID, nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("ends", sa.Integer, nullable=False),
        sa.Column("weekends", sa.Boolean, nullable=False),
        sa.Column("holds", sa.String(10), nullable=False),
        sa.Column("salt", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_notice_hours"),
        _severity("notice_hours", "holds"),
    )


def _messages() -> None:
    op.create_table(
        "notice_messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("channel_id", _ID, nullable=False),
        sa.Column("subscription_id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("next_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_messages"),
        _severity("notice_messages", "severity"),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'try_later', 'never')",
            name="ck_notice_messages_state",
        ),
    )
    op.create_index("ix_notice_messages_state_next_at", "notice_messages", ["state", "next_at"])
    op.create_index("ix_notice_messages_channel_id_id", "notice_messages", ["channel_id", "id"])
    op.create_table(
        "notice_parts",
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("group_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "group_id", name="pk_notice_parts"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["notice_messages.id"], name="fk_notice_parts_message_id"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["notice_groups.id"], name="fk_notice_parts_group_id"
        ),
    )
    op.create_index("ix_notice_parts_group_id", "notice_parts", ["group_id"])
