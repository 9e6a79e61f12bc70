"""Cases of detection move into the vault, and one content of the vault can be discarded.

The texts that earlier versions kept plainly stay where they are: a migration has no keyring and
cannot encrypt. The chore `detect.keep` moves each into the vault, with a record, as soon as a
worker runs; until then such a case measures nothing, and the answer about it is *could not tell*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_ONLY_KEPT_OR_ERASED = (
    "NEW.text IS NULL AND OLD.erased_at IS NULL AND NEW.digest = OLD.digest"
    " AND NEW.kind = OLD.kind AND NEW.type = OLD.type"
)


def upgrade() -> None:
    """Add where the text of a case is kept, and when a content was discarded."""
    op.add_column("vault_objects", sa.Column("discarded_at", _STAMP))
    op.create_index("ix_vault_objects_discarded_at", "vault_objects", ["discarded_at"])
    op.create_table(
        "detect_case_texts",
        sa.Column("case", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("kid", sa.String(40), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("ct_sha256", sa.String(64), nullable=False),
        sa.Column("ct_len", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case", name="pk_detect_case_texts"),
        sa.ForeignKeyConstraint(["case"], ["detect_cases.id"], name="fk_detect_case_texts_case"),
    )
    with op.batch_alter_table("detect_cases") as cases:
        cases.drop_constraint(op.f("ck_detect_cases_erased"), type_="check")
        cases.create_check_constraint(
            op.f("ck_detect_cases_gone"), "text IS NULL OR erased_at IS NULL"
        )
    guard(Guard("detect_cases", update_when=_ONLY_KEPT_OR_ERASED))
    guard(Guard("detect_case_texts"))
