"""Looking over access: reviews and their lines, rights elsewhere, emergencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_FROZEN = (
    *("id", "campaign_id", "position", "sort", "target", "holder_kind", "holder_id", "person_id"),
    *("what", "scope", "grant_id", "team_id", "account", "last_used", "salt"),
)


def _word(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _STAMP, nullable=nullable)


def upgrade() -> None:
    """Create the tables of looking over, and hold what is frozen."""
    _reviews()
    _outside()
    _emergencies()
    guard(
        Guard(
            "access_review_lines",
            update_when=" AND ".join(f"NEW.{name} = OLD.{name}" for name in _FROZEN),
        )
    )


def _reviews() -> None:
    op.create_table(
        "access_campaigns",
        _word("id", 40),
        _word("name", 200),
        _at("as_of"),
        _word("population", 71),
        _number("line_count"),
        _word("state", 10),
        _word("opened_by", 40),
        _at("opened_at"),
        _at("due_at"),
        _at("closed_at", nullable=True),
        _at("escalated_at", nullable=True),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_access_campaigns"),
        sa.CheckConstraint(
            "state IN ('open', 'overdue', 'closed')", name=op.f("ck_access_campaigns_state")
        ),
    )
    op.create_table(
        "access_review_lines",
        _word("id", 40),
        _word("campaign_id", 40),
        _number("position"),
        _word("sort", 12),
        _word("target", 40),
        _word("holder_kind", 10),
        _word("holder_id", 40),
        _word("person_id", 40),
        _word("what", 500),
        _text("scope"),
        _word("grant_id", 40),
        _word("team_id", 40),
        _word("account", 200),
        _word("last_used", 27),
        _word("salt", 40),
        _word("reviewer_id", 40),
        _word("answer", 10),
        _text("reason"),
        _number("seconds"),
        _at("decided_at", nullable=True),
        _at("carried_out_at", nullable=True),
        _at("verified_at", nullable=True),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_access_review_lines"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["access_campaigns.id"], name="fk_access_review_lines_campaign_id"
        ),
        sa.UniqueConstraint(
            "campaign_id", "position", name="uq_access_review_lines_campaign_id_position"
        ),
    )
    op.create_index("ix_access_review_lines_reviewer_id", "access_review_lines", ["reviewer_id"])
    op.create_table(
        "access_marks",
        _word("name", 40),
        _at("at"),
        sa.PrimaryKeyConstraint("name", name="pk_access_marks"),
    )


def _outside() -> None:
    op.create_table(
        "access_outside",
        _word("id", 40),
        _word("place", 100),
        _word("account", 200),
        _word("person_id", 40),
        _word("what", 200),
        _word("source", 20),
        _word("salt", 40),
        _at("seen_at"),
        _at("gone_at", nullable=True),
        sa.Column("standing_key", sa.String(71)),
        sa.PrimaryKeyConstraint("id", name="pk_access_outside"),
        sa.UniqueConstraint("standing_key", name="uq_access_outside_standing_key"),
    )
    op.create_index("ix_access_outside_place_account", "access_outside", ["place", "account"])
    op.create_index("ix_access_outside_person_id", "access_outside", ["person_id"])


def _emergencies() -> None:
    op.create_table(
        "access_emergencies",
        _word("id", 40),
        _word("grant_id", 40),
        _word("person_id", 40),
        _at("broken_at"),
        _at("ends_at"),
        _word("reviewed_by", 40),
        _at("reviewed_at", nullable=True),
        _word("finding", 12),
        _text("words"),
        _word("salt", 40),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name="pk_access_emergencies"),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["access_grants.id"], name="fk_access_emergencies_grant_id"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_people.id"], name="fk_access_emergencies_person_id"
        ),
        sa.UniqueConstraint("grant_id", name="uq_access_emergencies_grant_id"),
    )
    op.create_index("ix_access_emergencies_person_id", "access_emergencies", ["person_id"])
