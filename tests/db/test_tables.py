"""Declaring tables: watched unless a reason is given, and never changed by a cascade."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String

from muniment.db import exempt_table, metadata, recorded_table
from muniment.db.tables import exempt_reason, exempt_tables
from tests.db.orchard import trees, weather


def test_a_table_is_watched_unless_it_says_why_not() -> None:
    """Only a stated reason exempts a table."""
    assert exempt_reason(trees) is None
    assert exempt_reason(weather) == "nobody answers for the weather"


def test_the_exempt_tables_are_listed_with_their_reasons() -> None:
    """Whoever reviews the wall reads one list."""
    listed = exempt_tables()
    assert set(listed) <= set(metadata.tables)
    assert listed["ledger_pending"] == "it is the record itself"
    assert all(listed.values())


@pytest.mark.parametrize("rule", [{"ondelete": "CASCADE"}, {"onupdate": "SET NULL"}])
def test_a_cascade_is_refused(rule: dict[str, str]) -> None:
    """A row that the database itself would change is a change without a record."""
    for declared in (
        [Column("tree", String, ForeignKey("parent.id", **rule))],  # type: ignore[arg-type]  # by name
        [Column("tree", String), ForeignKeyConstraint(["tree"], ["parent.id"], **rule)],  # type: ignore[arg-type]  # by name
    ):
        with pytest.raises(TypeError, match="a cascade would change rows without a record"):
            recorded_table(
                "child", Column("id", Integer, primary_key=True), *declared, into=MetaData()
            )


def test_a_table_needs_a_key() -> None:
    """Rows that cannot be named cannot be recorded."""
    with pytest.raises(TypeError, match="without a primary key"):
        recorded_table("bare", Column("name", String), into=MetaData())
    with pytest.raises(TypeError, match="without a primary key"):
        exempt_table("bare", Column("name", String), reason="none", into=MetaData())
