"""Approvals: who was asked, what they were shown, and what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ID = sa.String(40)
_DIGEST = sa.String(71)
_SALT = sa.String(32)


def upgrade() -> None:
    """Create the tables of requests, versions, votes and what stands beside them."""
    _requests()
    _versions_and_votes()
    _beside()


def _requests() -> None:
    op.create_table(
        "approval_requests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("matter", sa.String(100), nullable=False),
        sa.Column("about_kind", sa.String(60), nullable=False),
        sa.Column("about_id", sa.String(200), nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("author", _ID, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("single_use", sa.Boolean, nullable=False),
        sa.Column("asked_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP),
        sa.Column("escalates_at", _STAMP),
        sa.Column("escalated_at", _STAMP),
        sa.Column("remind_every_seconds", sa.Integer, nullable=False),
        sa.Column("reminded_at", _STAMP),
        sa.Column("closed_at", _STAMP),
        sa.Column("closed_by", _ID, nullable=False),
        sa.Column("used_at", _STAMP),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_requests"),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'denied', 'expired', 'withdrawn', 'used')",
            name=op.f("ck_approval_requests_state"),
        ),
    )
    op.create_index("ix_approval_requests_state_id", "approval_requests", ["state", "id"])
    op.create_index(
        "ix_approval_requests_matter_about_kind_about_id_state",
        "approval_requests",
        ["matter", "about_kind", "about_id", "state"],
    )


def _versions_and_votes() -> None:
    op.create_table(
        "approval_versions",
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", _ID, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("request_id", "number", name="pk_approval_versions"),
        _of_a_request("approval_versions"),
    )
    op.create_table(
        "approval_votes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("acts_for", _ID, nullable=False),
        sa.Column("by_rule", sa.String(100), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("signed_in", sa.String(100), nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_votes"),
        sa.UniqueConstraint(
            "request_id", "digest", "person", name="uq_approval_votes_request_id_digest_person"
        ),
        sa.CheckConstraint(
            "answer IN ('approve', 'approve_with_change', 'deny', 'override')",
            name=op.f("ck_approval_votes_answer"),
        ),
        _of_a_request("approval_votes"),
    )
    op.create_index("ix_approval_votes_request_id", "approval_votes", ["request_id"])


def _beside() -> None:
    op.create_table(
        "approval_openings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_openings"),
        _of_a_request("approval_openings"),
    )
    op.create_index("ix_approval_openings_request_id", "approval_openings", ["request_id"])
    op.create_table(
        "approval_comments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_comments"),
        _of_a_request("approval_comments"),
    )
    op.create_index("ix_approval_comments_request_id", "approval_comments", ["request_id"])
    op.create_table(
        "approval_delegations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("giver", _ID, nullable=False),
        sa.Column("taker", _ID, nullable=False),
        sa.Column("matter", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_delegations"),
    )
    op.create_index("ix_approval_delegations_giver", "approval_delegations", ["giver"])
    op.create_index("ix_approval_delegations_taker", "approval_delegations", ["taker"])
    op.create_table(
        "approval_links",
        sa.Column("id", _ID, nullable=False),
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("secret_digest", _DIGEST, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP, nullable=False),
        sa.Column("followed_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_approval_links"),
        sa.UniqueConstraint("secret_digest", name="uq_approval_links_secret_digest"),
        _of_a_request("approval_links"),
    )
    op.create_index("ix_approval_links_request_id", "approval_links", ["request_id"])


def _of_a_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["request_id"], ["approval_requests.id"], name=f"fk_{table}_request_id"
    )
