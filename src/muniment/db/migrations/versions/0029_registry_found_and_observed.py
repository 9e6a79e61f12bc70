"""Systems are found by words; intervals are observed in traffic, predictions and by hosts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from muniment.db.migrations.guarding import Guard, guard

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0029"
down_revision: str | None = "0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_STAMP = sa.String(27)
_WORD = re.compile(r"[^\W_]+")
_AT_ONCE = 500
_PIECE = sa.String(50).with_variant(sa.String(50, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables, and let the systems there are be found."""
    _make_words()
    _make_hosts()
    _make_adoptions()
    _fill_words()


def _make_words() -> None:
    op.create_table(
        "registry_words",
        sa.Column("piece", _PIECE, nullable=False),
        sa.Column("word", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("piece", "word", name="pk_registry_words"),
    )
    op.create_index("ix_registry_words_word", "registry_words", ["word"])
    op.create_table(
        "registry_worded",
        sa.Column("word", sa.String(100), nullable=False),
        sa.Column("system_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("word", "system_id", name="pk_registry_worded"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_worded_system_id"
        ),
    )
    op.create_index("ix_registry_worded_system_id", "registry_worded", ["system_id"])


def _make_hosts() -> None:
    op.create_table(
        "registry_hosts",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("system_id", sa.String(40), nullable=False),
        sa.Column("environment", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.String(71), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("made_at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_hosts"),
        sa.ForeignKeyConstraint(
            ["system_id"], ["registry_systems.id"], name="fk_registry_hosts_system_id"
        ),
    )
    op.create_index("ix_registry_hosts_system_id_id", "registry_hosts", ["system_id", "id"])
    op.create_table(
        "registry_heard",
        sa.Column("host_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("set_digest", sa.String(71), nullable=False),
        sa.Column("starts_at", _STAMP, nullable=False),
        sa.Column("ends_at", _STAMP, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("last_record_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("host_id", "number", name="pk_registry_heard"),
        sa.ForeignKeyConstraint(
            ["host_id"], ["registry_hosts.id"], name="fk_registry_heard_host_id"
        ),
    )
    op.create_index("ix_registry_heard_starts_at", "registry_heard", ["starts_at"])
    means = sa.Column("means", sa.String(10), nullable=False, server_default="traffic")
    op.add_column("registry_observed", means)
    for name in ("entry", "last_entry"):
        place = sa.Column(name, sa.BigInteger, nullable=False, server_default="-1")
        op.add_column("registry_observed", place)
    op.create_index("ix_registry_observed_starts_at", "registry_observed", ["starts_at"])


def _make_adoptions() -> None:
    op.create_table(
        "registry_adoptions",
        sa.Column("version_id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_id", name="pk_registry_adoptions"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["registry_versions.id"], name="fk_registry_adoptions_version_id"
        ),
    )
    guard(Guard("registry_adoptions"))


def _fill_words() -> None:
    """Cut what each system says into words, as new ones are cut from now on."""
    connection = op.get_bind()
    systems = sa.table("registry_systems", sa.column("id"), sa.column("found_by"))
    words = sa.table("registry_words", sa.column("piece"), sa.column("word"))
    worded = sa.table("registry_worded", sa.column("word"), sa.column("system_id"))
    known: set[str] = set()
    last = ""
    while rows := connection.execute(
        sa.select(systems.c.id, systems.c.found_by)
        .where(systems.c.id > last)
        .order_by(systems.c.id)
        .limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        cut = {row.id: _words_of(row.found_by) for row in rows}
        fresh = sorted(set[str]().union(*cut.values()) - known)
        if fresh:
            ends = [{"piece": end, "word": each} for each in fresh for end in _ends_of(each)]
            connection.execute(sa.insert(words), ends)
            known.update(fresh)
        pairs = [{"word": word, "system_id": each} for each in cut for word in sorted(cut[each])]
        if pairs:
            connection.execute(sa.insert(worded), pairs)


def _words_of(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.update(word[first : first + 100] for first in range(0, max(1, len(word) - 50), 50))
    return frozenset(found)


def _ends_of(word: str) -> list[str]:
    return sorted({word[first : first + 50] for first in range(len(word))})
