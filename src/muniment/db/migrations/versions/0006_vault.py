"""The vault: data keys, where ciphertexts lie, tokens, erasures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_STILL_ALIVE = (
    "OLD.state <> 'destroyed' AND NEW.kid = OLD.kid AND NEW.classification = OLD.classification"
    " AND NEW.subject = OLD.subject AND NEW.period = OLD.period AND NEW.version = OLD.version"
)


def upgrade() -> None:
    """Create the tables of the vault and put their guards up."""
    op.create_table(
        "vault_keys",
        sa.Column("kid", sa.String(40), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("keyring_key", sa.String(200), nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.PrimaryKeyConstraint("kid", name="pk_vault_keys"),
        sa.UniqueConstraint(
            "classification",
            "subject",
            "period",
            "version",
            name="uq_vault_keys_classification_subject_period_version",
        ),
        sa.CheckConstraint(
            "state IN ('current', 'retired', 'destroyed')", name=op.f("ck_vault_keys_state")
        ),
        sa.CheckConstraint(
            "(state = 'destroyed') = (wrapped IS NULL)", name=op.f("ck_vault_keys_material")
        ),
    )
    op.create_index("ix_vault_keys_subject", "vault_keys", ["subject"])
    op.create_index("ix_vault_keys_keyring_key", "vault_keys", ["keyring_key"])
    op.create_table(
        "vault_objects",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kid", sa.String(40), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("item_count", sa.Integer, nullable=False),
        sa.Column("listing", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", _STAMP, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_vault_objects"),
        sa.ForeignKeyConstraint(["kid"], ["vault_keys.kid"], name="fk_vault_objects_kid"),
    )
    op.create_index("ix_vault_objects_kid", "vault_objects", ["kid"])
    op.create_table(
        "vault_tokens",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(60), nullable=False),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("kid", sa.String(40), nullable=False),
        sa.Column("tweak", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("expires_at", _STAMP),
        sa.PrimaryKeyConstraint("id", name="pk_vault_tokens"),
        sa.UniqueConstraint("scope", "text", name="uq_vault_tokens_scope_text"),
        sa.ForeignKeyConstraint(["kid"], ["vault_keys.kid"], name="fk_vault_tokens_kid"),
        sa.CheckConstraint("type IN ('random', 'digits')", name=op.f("ck_vault_tokens_type")),
    )
    op.create_index("ix_vault_tokens_kid", "vault_tokens", ["kid"])
    op.create_index("ix_vault_tokens_expires_at", "vault_tokens", ["expires_at"])
    op.create_table(
        "vault_shreds",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("asked_at", _STAMP, nullable=False),
        sa.Column("request", sa.String(40), nullable=False),
        sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("destruction", sa.String(40), nullable=False),
        sa.Column("destroyed_at", _STAMP),
        sa.Column("kids", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vault_shreds"),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'done')", name=op.f("ck_vault_shreds_state")
        ),
    )
    op.create_index("ix_vault_shreds_asked_at", "vault_shreds", ["asked_at"])
    guard(Guard("vault_keys", update_when=_STILL_ALIVE))
    guard(Guard("vault_shreds", update_when="OLD.state <> 'done'"))
