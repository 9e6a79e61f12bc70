"""Signing in: sessions, credentials, one-time links, issuers, and what is only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_DIGEST = sa.String(64)
_ID = sa.String(40)


def upgrade() -> None:
    """Create the tables of signing in."""
    _sessions()
    _credentials()
    _trusted()
    _counted()


def _sessions() -> None:
    op.create_table(
        "access_sessions",
        sa.Column("id", _DIGEST, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("methods", sa.Text, nullable=False),
        sa.Column("strong", sa.Boolean, nullable=False),
        sa.Column("issuer", _ID, nullable=False),
        sa.Column("began_at", _STAMP, nullable=False),
        sa.Column("idle_seconds", sa.Integer, nullable=False),
        sa.Column("ends_at", _STAMP, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("salt", _ID, nullable=False),
        sa.Column("revoked_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_access_sessions"),
    )
    op.create_index("ix_access_sessions_person_id", "access_sessions", ["person_id"])
    op.create_table(
        "access_session_uses",
        sa.Column("session_id", _DIGEST, nullable=False),
        sa.Column("seen_at", _STAMP, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_access_session_uses"),
    )


def _credentials() -> None:
    op.create_table(
        "access_passwords",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("set_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_access_passwords"),
    )
    op.create_table(
        "access_totp",
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_access_totp"),
    )
    op.create_table(
        "access_recovery_codes",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("used_at", _STAMP),
        sa.PrimaryKeyConstraint("digest", name="pk_access_recovery_codes"),
    )
    op.create_index("ix_access_recovery_codes_person_id", "access_recovery_codes", ["person_id"])
    op.create_table(
        "access_passkeys",
        sa.Column("id", _DIGEST, nullable=False),
        sa.Column("credential_id", sa.LargeBinary, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("last_used_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_access_passkeys"),
    )
    op.create_index("ix_access_passkeys_person_id", "access_passkeys", ["person_id"])
    op.create_table(
        "access_links",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("purpose", sa.String(10), nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP, nullable=False),
        sa.Column("used_at", _STAMP),
        sa.PrimaryKeyConstraint("digest", name="pk_access_links"),
    )


def _trusted() -> None:
    op.create_table(
        "access_issuers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("url", sa.String(400), nullable=False),
        sa.Column("use", sa.String(10), nullable=False),
        sa.Column("client_id", sa.String(400), nullable=False),
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("trust", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_issuers"),
    )
    op.create_table(
        "access_workloads",
        sa.Column("issuer_id", _ID, nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("service_id", _ID, nullable=False),
        sa.Column("claims", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("issuer_id", "subject", name="pk_access_workloads"),
    )
    op.create_table(
        "access_directory",
        sa.Column("id", _ID, nullable=False),
        sa.Column("resource", sa.String(10), nullable=False),
        sa.Column("external_id", sa.String(400), nullable=False),
        sa.Column("user_name", sa.String(320), nullable=False),
        sa.Column("extra", sa.Text, nullable=False),
        sa.Column("salt", _ID, nullable=False),
        sa.Column("changed_at", _STAMP, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_directory"),
    )


def _counted() -> None:
    op.create_table(
        "access_devices",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("account", _DIGEST, nullable=False),
        sa.Column("expires_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_access_devices"),
    )
    op.create_table(
        "access_attempts",
        sa.Column("bucket", _DIGEST, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", _STAMP, nullable=False),
        sa.Column("until", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_access_attempts"),
    )
    op.create_table(
        "access_refusals",
        sa.Column("source", _ID, nullable=False),
        sa.Column("minute", _STAMP, nullable=False),
        sa.Column("account", _ID, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", "minute", "account", name="pk_access_refusals"),
    )
    op.create_table(
        "access_sources",
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("seen_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_access_sources"),
        sa.UniqueConstraint("id", name="uq_access_sources_id"),
    )
    op.create_table(
        "access_steps",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("expires_at", _STAMP, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_access_steps"),
    )
    op.create_table(
        "access_seen_tokens",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("expires_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_access_seen_tokens"),
    )
