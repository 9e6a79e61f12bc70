"""Access: people, services, teams, roles, grants and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ID = sa.String(40)


def _word(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _STAMP, nullable=nullable)


def upgrade() -> None:
    """Create the tables of access."""
    _who()
    _teams()
    _grants()
    _keys()


def _who() -> None:
    op.create_table(
        "access_people",
        _word("id", 40),
        _word("name", 200),
        _word("email", 254),
        sa.Column("email_key", sa.String(400)),
        _word("state", 10),
        _word("source", 60),
        _word("salt", 40),
        _at("created_at"),
        _at("left_at", nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_people"),
        sa.UniqueConstraint("email_key", name="uq_access_people_email_key"),
        sa.CheckConstraint(
            "state IN ('invited', 'active', 'suspended', 'left')",
            name=op.f("ck_access_people_state"),
        ),
    )
    op.create_table(
        "access_identities",
        _word("id", 40),
        _word("person_id", 40),
        _word("issuer", 400),
        _word("subject", 400),
        _word("salt", 40),
        _at("linked_at"),
        sa.PrimaryKeyConstraint("id", name="pk_access_identities"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_people.id"], name="fk_access_identities_person_id"
        ),
        sa.UniqueConstraint("issuer", "subject", name="uq_access_identities_issuer_subject"),
    )
    op.create_index("ix_access_identities_person_id", "access_identities", ["person_id"])
    op.create_table(
        "access_services",
        _word("id", 40),
        _word("kind", 20),
        _word("name", 200),
        _word("owner_id", 40),
        sa.Column("active", sa.Boolean, nullable=False),
        _at("created_at"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_services"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["access_people.id"], name="fk_access_services_owner_id"
        ),
    )
    op.create_index("ix_access_services_owner_id", "access_services", ["owner_id"])
    op.create_table(
        "access_states",
        _word("id", 40),
        _word("holder_kind", 10),
        _word("holder_id", 40),
        _word("state", 10),
        _word("owner_id", 40),
        _at("since"),
        _at("until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_states"),
    )
    op.create_index("ix_access_states_holder_id_since", "access_states", ["holder_id", "since"])


def _teams() -> None:
    op.create_table(
        "access_teams",
        _word("id", 40),
        _word("name", 200),
        sa.Column("name_key", sa.String(400)),
        _word("external_id", 400),
        _at("created_at"),
        _at("ended_at", nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_teams"),
        sa.UniqueConstraint("name_key", name="uq_access_teams_name_key"),
    )
    op.create_table(
        "access_members",
        _word("id", 40),
        _word("team_id", 40),
        _word("member_kind", 10),
        _word("member_id", 40),
        _at("joined_at"),
        _at("left_at", nullable=True),
        sa.Column("standing_key", sa.String(130)),
        sa.PrimaryKeyConstraint("id", name="pk_access_members"),
        sa.ForeignKeyConstraint(["team_id"], ["access_teams.id"], name="fk_access_members_team_id"),
        sa.UniqueConstraint("standing_key", name="uq_access_members_standing_key"),
    )
    for name in ("team_id", "member_id"):
        op.create_index(f"ix_access_members_{name}", "access_members", [name])


def _grants() -> None:
    op.create_table(
        "access_roles",
        _word("name", 40),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        _word("says", 400),
        sa.Column("permissions", sa.Text, nullable=False),
        sa.Column("must_expire", sa.Boolean, nullable=False),
        sa.Column("must_scope", sa.Boolean, nullable=False),
        sa.Column("views_recorded", sa.Boolean, nullable=False),
        _at("since"),
        _at("until", nullable=True),
        sa.PrimaryKeyConstraint("name", "version", name="pk_access_roles"),
    )
    op.create_table(
        "access_grants",
        _word("id", 40),
        _word("holder_kind", 10),
        _word("holder_id", 40),
        _word("role", 40),
        sa.Column("scope", sa.Text, nullable=False),
        _word("source", 20),
        sa.Column("reason", sa.Text, nullable=False),
        _word("salt", 40),
        _word("granted_by", 40),
        _at("starts_at"),
        _at("ends_at", nullable=True),
        _at("revoked_at", nullable=True),
        _word("revoked_by", 40),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_grants"),
    )
    for name in ("holder_id", "role", "ends_at"):
        op.create_index(f"ix_access_grants_{name}", "access_grants", [name])
    op.create_table(
        "access_exceptions",
        _word("id", 40),
        _word("person_id", 40),
        _word("one", 40),
        _word("other", 40),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _word("salt", 40),
        _word("approved_by", 40),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_exceptions"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_people.id"], name="fk_access_exceptions_person_id"
        ),
    )
    op.create_index("ix_access_exceptions_person_id", "access_exceptions", ["person_id"])


def _keys() -> None:
    op.create_table(
        "access_keys",
        _word("id", 40),
        _word("digest", 64),
        _word("holder_kind", 10),
        _word("holder_id", 40),
        _word("label", 200),
        _word("shown", 40),
        sa.Column("permissions", sa.Text),
        sa.Column("scope", sa.Text, nullable=False),
        _word("budget", 100),
        _at("created_at"),
        _word("created_by", 40),
        _at("expires_at", nullable=True),
        _at("revoked_at", nullable=True),
        _word("replaced_by", 40),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_keys"),
        sa.UniqueConstraint("digest", name="uq_access_keys_digest"),
    )
    op.create_index("ix_access_keys_holder_id", "access_keys", ["holder_id"])
    op.create_table(
        "access_key_uses",
        sa.Column("key_id", _ID, nullable=False),
        _at("last_used_at"),
        sa.PrimaryKeyConstraint("key_id", name="pk_access_key_uses"),
    )
    op.create_table(
        "access_version",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_version"),
    )
