"""One linear tree of revisions, on both databases: it ends where the code is, and loses nothing.

Breaches are seeded as further revisions in a copy of the tree.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String

from muniment.core.errors import ConflictError, CorruptError, UnavailableError
from muniment.db import Database, SchemaState, metadata, migrate, recorded_table, schema_state
from muniment.db import migrate as migrate_package
from muniment.db.guards import declared_guards, standing_triggers
from muniment.db.migrate import VERSIONS, require_current, revisions
from muniment.settings import Settings
from muniment.testing import settings_for
from tests.house.schema import (
    RELEASED,
    differences,
    faulty_releases,
    lost_rows,
    make_declared,
    missing_rows,
    opened,
    released,
    sample_of,
    schema_of,
    undrawn,
)
from tests.house.source import TESTS
from tests.postgres import fresh_database as fresh_postgres

SAMPLES = TESTS / "data" / "schema"
COMMAND = "from muniment.main import run; run()"

HEAD = '''"""Seeded by a test."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change something."""
'''

FAMILY = """
    op.create_table(
        "parent",
        sa.Column("id", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_parent"),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.String(9), nullable=False),
        sa.Column("parent_id", sa.String(9), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_child"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parent.id"], name="fk_child_parent_id", ondelete="CASCADE"
        ),
    )
"""
REBUILD = """
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("{table}", recreate="always" if sqlite else "never") as batch:
        batch.add_column(sa.Column("age", sa.Integer))
"""


@pytest.fixture
def empty(settings: Settings) -> Iterator[Database]:
    """A database without any schema, once on each."""
    with opened(settings) as database:
        yield database


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the revisions that a test may add to."""
    copy = tmp_path / "migrations" / "versions"
    shutil.copytree(VERSIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sys.modules[migrate_package.__module__], "VERSIONS", copy)
    return copy


@contextmanager
def another(settings: Settings, server: str, folder: Path) -> Iterator[Database]:
    """Open a second, empty database of the same sort."""
    if not settings.database.url.reveal():
        with opened(settings_for(folder / "second")) as database:
            yield database
        return
    with fresh_postgres(server) as url, opened(settings_for(folder / "second", url)) as database:
        yield database


def seed(tree: Path, number: str, body: str) -> None:
    """Add a revision after the newest."""
    head = HEAD.format(number=number, before=revisions()[-1])
    (tree / f"{number}_seeded.py").write_text(head + body, encoding="utf-8")


def run_sql(database: Database, *statements: str) -> None:
    """Change a database behind the product's back."""
    with database.machine() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def count(database: Database, table: str) -> int:
    """Count a table's rows."""
    with database.inspect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_the_revisions_end_where_the_code_is(
    empty: Database, settings: Settings, postgres_url: str, tmp_path: Path
) -> None:
    """From nothing to head gives exactly the declared tables and guards, on both databases."""
    assert migrate(empty) == revisions()
    with empty.inspect() as connection:
        made = schema_of(connection)
        assert undrawn(connection) == []
    with another(settings, postgres_url, tmp_path) as second:
        make_declared(second)
        with second.inspect() as connection:
            wanted = schema_of(connection)
    assert differences(made, wanted) == []
    assert made["tables"]
    assert made["triggers"]


def test_a_forgotten_revision_is_found(empty: Database) -> None:
    """A table, a column, a check, a default or an index that no revision makes is told."""
    declared = MetaData(naming_convention=metadata.naming_convention)
    recorded_table(
        "cellar", Column("id", String(9), primary_key=True), Column("shelf", Integer), into=declared
    )
    run_sql(
        empty,
        "CREATE TABLE cellar (id VARCHAR(9) NOT NULL, shelf TEXT DEFAULT 'x' NOT NULL,"
        " CONSTRAINT pk_cellar PRIMARY KEY (id), CONSTRAINT ck_one CHECK (shelf <> ''))",
        "CREATE INDEX ix_more ON cellar (shelf)",
    )
    with empty.inspect() as connection:
        made = schema_of(connection)
        assert undrawn(connection, declared) != []
    run_sql(empty, "DROP TABLE cellar")
    make_declared(empty, declared)
    with empty.inspect() as connection:
        wanted = schema_of(connection)
        assert undrawn(connection, declared) == []
    told = differences(made, wanted)
    assert [each.partition(" is ")[0] for each in told] == [
        "tables.cellar.checks.ck_one",
        "tables.cellar.columns.shelf",
        "tables.cellar.indexes.ix_more",
    ]


def test_dropped_triggers_are_found(empty: Database) -> None:
    """A guard that is gone, or stands with another condition, is told by name."""
    migrate(empty)
    with empty.inspect() as connection:
        wanted = schema_of(connection)
    name = next(iter(standing := wanted["triggers"]))
    table = next(each for each in declared_guards() if each in name)
    run_sql(empty, f"DROP TRIGGER {name}" + ("" if empty.dialect == "sqlite" else f" ON {table}"))
    with empty.inspect() as connection:
        assert differences(schema_of(connection), wanted) == [f"triggers.{name} is missing"]
    changed = {**standing, name: standing[name].replace("append-only", "soft")}
    assert differences({"triggers": changed}, {"triggers": standing}) != []


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    """The second run applies nothing and leaves the schema as it is."""
    migrate(empty)
    with empty.inspect() as connection:
        before = schema_of(connection)
    assert migrate(empty) == ()
    with empty.inspect() as connection:
        assert schema_of(connection) == before


def test_two_may_migrate_at_once(settings: Settings) -> None:
    """Two starters that meet both succeed, and the schema is made once."""
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MUNIMENT_")},
        "MUNIMENT_DATA_DIR": str(settings.data.dir),
        "MUNIMENT_DATABASE_URL": settings.database.url.reveal(),
    }
    settings.data.dir.mkdir(parents=True, exist_ok=True)
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", COMMAND, "migrate"],
            cwd=settings.data.dir,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    told = [starter.communicate()[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0], told
    with opened(settings) as database:
        assert schema_state(database) is SchemaState.CURRENT
        assert migrate(database) == ()


def test_a_newer_schema_is_left_alone(empty: Database) -> None:
    """A database of a later version is neither migrated nor used, and the remedy is named."""
    migrate(empty)
    run_sql(empty, "UPDATE alembic_version SET version_num = '9999'")
    assert schema_state(empty) is SchemaState.NEWER
    with pytest.raises(ConflictError, match="newer version of Muniment"):
        migrate(empty)
    with pytest.raises(ConflictError, match="newer version of Muniment"):
        require_current(empty)


def test_rebuilding_a_table_keeps_its_children(empty: Database, tree: Path) -> None:
    """A revision that rebuilds a parent on SQLite (copy, drop, rename) loses no child row."""
    seed(tree, "9001", FAMILY)
    migrate(empty)
    run_sql(
        empty,
        "INSERT INTO parent (id) VALUES ('p1'), ('p2')",
        "INSERT INTO child (id, parent_id) VALUES ('c1', 'p1'), ('c2', 'p1')",
    )
    seed(tree, "9002", REBUILD.format(table="parent"))
    assert schema_state(empty) is SchemaState.OLD
    assert migrate(empty) == ("9002",)
    assert (count(empty, "parent"), count(empty, "child")) == (2, 2)


def test_the_trap_is_real(tmp_path: Path, tree: Path) -> None:
    """With foreign keys on, the same rebuild loses the children; that is why they are off."""
    seed(tree, "9001", FAMILY)
    with opened(settings_for(tmp_path / "data")) as database:
        migrate(database)
        run_sql(
            database,
            "INSERT INTO parent (id) VALUES ('p1')",
            "INSERT INTO child (id, parent_id) VALUES ('c1', 'p1')",
            "CREATE TABLE parent_new (id VARCHAR(9) PRIMARY KEY)",
            "INSERT INTO parent_new SELECT id FROM parent",
            "DROP TABLE parent",
            "ALTER TABLE parent_new RENAME TO parent",
        )
        assert (count(database, "parent"), count(database, "child")) == (1, 0)


def test_a_rebuild_that_drops_triggers_is_refused(tmp_path: Path, tree: Path) -> None:
    """On SQLite a rebuilt table loses its triggers; the migration notices and takes all back."""
    guarded = next(iter(declared_guards()))
    with opened(settings_for(tmp_path / "data")) as database:
        migrate(database)
        with database.inspect() as connection:
            before = standing_triggers(connection)
        seed(tree, "9001", REBUILD.format(table=guarded))
        # Where a trigger of another table looks at this one, SQLite itself refuses the rebuild.
        with pytest.raises((CorruptError, UnavailableError), match="guard_"):
            migrate(database)
        assert schema_state(database) is SchemaState.OLD
        with database.inspect() as connection:
            assert standing_triggers(connection) == before


def test_a_revision_that_loses_a_trigger_is_refused(empty: Database, tree: Path) -> None:
    """A revision after which a declared guard does not stand is rolled back, on both databases."""
    migrate(empty)
    guarded = next(iter(declared_guards()))
    name = f"guard_{guarded}_delete"
    where = "" if empty.dialect == "sqlite" else f" ON {guarded}"
    seed(tree, "9001", f'    op.execute("DROP TRIGGER {name}{where}")\n')
    with pytest.raises(CorruptError, match=f"{name}.*missing"):
        migrate(empty)
    assert schema_state(empty) is SchemaState.OLD
    with empty.inspect() as connection:
        assert name in standing_triggers(connection)


def test_a_revision_that_orphans_rows_is_refused(empty: Database, tree: Path) -> None:
    """A revision after which rows point to nothing is rolled back, on both databases."""
    seed(tree, "9001", FAMILY)
    migrate(empty)
    run_sql(
        empty,
        "INSERT INTO parent (id) VALUES ('p1')",
        "INSERT INTO child (id, parent_id) VALUES ('c1', 'p1')",
    )
    seed(tree, "9002", "    op.execute(\"UPDATE child SET parent_id = 'nobody'\")\n")
    with pytest.raises(Exception, match=r"(?i)rows that do not exist|foreign key"):
        migrate(empty)
    assert schema_state(empty) is SchemaState.OLD
    with empty.inspect() as connection:
        found = connection.exec_driver_sql("SELECT parent_id FROM child").scalars().all()
    assert found == ["p1"]


def test_every_release_can_be_brought_up(
    settings: Settings, postgres_url: str, tmp_path: Path
) -> None:
    """A database of any release comes to head with every row it had."""
    for release in released(VERSIONS):
        with another(settings, postgres_url, tmp_path / release) as database:
            assert lost_rows(database, release, sample_of(SAMPLES, release)) == []


def test_a_lossy_revision_is_found(empty: Database, tree: Path, tmp_path: Path) -> None:
    """Rows of an older schema outlive newer revisions; a revision that loses one is told."""
    rows = {"parent": [{"id": "p1"}], "child": [{"id": "c1", "parent_id": "p1"}]}
    (tmp_path / "9001.json").write_text(json.dumps(rows), encoding="utf-8")
    seed(tree, "9001", FAMILY)
    seed(tree, "9002", REBUILD.format(table="parent"))
    assert lost_rows(empty, "9001", sample_of(tmp_path, "9001")) == []
    seed(tree, "9003", '    op.execute("DELETE FROM child")\n')
    assert lost_rows(empty, "9002", {"parent": [{"id": "p2"}]}) == []
    with empty.inspect() as connection:
        assert missing_rows(connection, rows) == ["child: {'id': 'c1', 'parent_id': 'p1'}"]


def test_released_revisions_stay_as_they_are() -> None:
    """A revision that went out made somebody's database; its file is what it was."""
    assert faulty_releases(VERSIONS) == []


def test_a_changed_release_is_found(tree: Path) -> None:
    """A changed, a vanished, an unknown and a squeezed-in revision are told."""
    for number in ("9001", "9002", "9003"):
        seed(tree, number, "    pass\n")
    digest = hashlib.sha256((tree / "9001_seeded.py").read_bytes()).hexdigest()
    first = revisions()[0]
    listed = {"9001": digest, "9002": digest, "9009": digest}
    written = "".join(f'{number} = "{value}"\n' for number, value in listed.items())
    (tree.parent / RELEASED).write_text(f"[released]\n{written}", encoding="utf-8")
    told = faulty_releases(tree)
    assert "9002_seeded.py was released and must not change; add a new one" in told
    assert "9009 is listed as released, and there is no such file" in told
    assert f"{first} is older than the released 9009 and not listed" in told
    assert not any(each.startswith("9001") for each in told)
