"""Files of models, what scans of them found, and signatures with the keys that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ID = sa.String(40)
_DIGEST = sa.String(71)
_SALT = sa.String(32)
_STAMP = sa.String(27)
_NAME = sa.String(100)


def upgrade() -> None:
    """Create the tables and put their guards up."""
    _artefacts()
    _signatures()
    _mlflow()
    for name in (
        "registry_artefacts",
        "registry_scans",
        "registry_signatures",
        "registry_signed",
    ):
        guard(Guard(name))


def _artefacts() -> None:
    op.create_table(
        "registry_artefacts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("kid", _NAME, nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("ct_sha256", sa.String(64), nullable=False),
        sa.Column("ct_len", sa.BigInteger, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_artefacts"),
        sa.ForeignKeyConstraint(
            ["system_id"],
            ["registry_systems.id"],
            name="fk_registry_artefacts_system_id",
        ),
    )
    op.create_index(
        "ix_registry_artefacts_system_id_digest_id",
        "registry_artefacts",
        ["system_id", "digest", "id"],
    )
    op.create_table(
        "registry_scans",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("scanner", _NAME, nullable=False),
        sa.Column("verdict", sa.String(14), nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_scans"),
        sa.ForeignKeyConstraint(
            ["system_id"],
            ["registry_systems.id"],
            name="fk_registry_scans_system_id",
        ),
    )
    op.create_index(
        "ix_registry_scans_system_id_digest_id", "registry_scans", ["system_id", "digest", "id"]
    )


def _signatures() -> None:
    op.create_table(
        "registry_signers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("fingerprint", _DIGEST, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_signers"),
    )
    op.create_index("ix_registry_signers_fingerprint", "registry_signers", ["fingerprint"])
    op.create_table(
        "registry_signatures",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("fingerprint", _DIGEST, nullable=False),
        sa.Column("verdict", sa.String(14), nullable=False),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_signatures"),
        sa.ForeignKeyConstraint(
            ["system_id"],
            ["registry_systems.id"],
            name="fk_registry_signatures_system_id",
        ),
    )
    op.create_index(
        "ix_registry_signatures_system_id_id", "registry_signatures", ["system_id", "id"]
    )
    op.create_table(
        "registry_signed",
        sa.Column("signature_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.PrimaryKeyConstraint("signature_id", "digest", name="pk_registry_signed"),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["registry_signatures.id"],
            name="fk_registry_signed_signature_id",
        ),
    )
    op.create_index("ix_registry_signed_digest", "registry_signed", ["digest"])


def _mlflow() -> None:
    op.create_table(
        "registry_mlflow_links",
        sa.Column("id", _ID, nullable=False),
        sa.Column("system_id", _ID, nullable=False),
        sa.Column("part", sa.String(120), nullable=False),
        sa.Column("model", sa.String(256), nullable=False),
        sa.Column("gates", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("author", _NAME, nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("synced_at", _STAMP),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_mlflow_links"),
        sa.UniqueConstraint("model", name="uq_registry_mlflow_links_model"),
        sa.UniqueConstraint("system_id", "part", name="uq_registry_mlflow_links_system_id_part"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_mlflow_links_system_id"
        ),
    )
    op.create_index("ix_registry_mlflow_links_system_id", "registry_mlflow_links", ["system_id"])
    op.create_table(
        "registry_mlflow_versions",
        sa.Column("link_id", _ID, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("version_id", _ID, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("salt", _SALT, nullable=False),
        sa.PrimaryKeyConstraint("link_id", "number", name="pk_registry_mlflow_versions"),
        sa.ForeignKeyConstraint(
            ["link_id"], ["registry_mlflow_links.id"], name="fk_registry_mlflow_versions_link_id"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["registry_versions.id"], name="fk_registry_mlflow_versions_version_id"
        ),
    )
    op.create_index("ix_registry_mlflow_versions_digest", "registry_mlflow_versions", ["digest"])
