"""Rows read as evidence."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.db.reading import row_states
from muniment.db.work import row_digest, row_key, state_digest
from tests.db.orchard import GARDENER, ORCHARD, grafts, note, trees, weather

READER = system_actor("reader")


def test_the_digest_is_the_one_the_wall_recorded(orchard: Database) -> None:
    """Reading a row again gives the digest that was taken when it was written, on each database."""
    with orchard.work(GARDENER) as work:
        planted = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
        tree = {"id": "t3", "name": "ash é", "height": 3, "planted_at": planted, "bark": b"\0\xff"}
        (written,) = work.write(insert(trees).values(tree)).rows
        graft = {"tree": "t3", "stock": "t|1", "year": 2026}
        (grafted,) = work.write(insert(grafts).values(graft)).rows
        note(work, ("test_trees", "test_grafts"))
        expected = {
            ("test_trees", row_key(trees, written)): row_digest(trees, written),
            ("test_grafts", row_key(grafts, grafted)): row_digest(grafts, grafted),
        }
    with orchard.look(READER) as work:
        found = {(table, key): digest for table, key, digest in row_states(work, ORCHARD)}
    assert expected.items() <= found.items()
    assert len(found) == 4


def test_what_needs_no_record_is_not_read(orchard: Database) -> None:
    """Rows of an exempt table are no evidence."""
    with orchard.work(GARDENER) as work:
        work.write(insert(weather).values(day=1, rain=2))
    with orchard.look(READER) as work:
        assert {table for table, _, _ in row_states(work, ORCHARD)} == {"test_trees"}


def test_a_damaged_value_gives_another_digest(orchard: Database) -> None:
    """A time without a zone, written past the product, changes the digest and raises nothing."""
    with orchard.look(READER) as work:
        before = {key: digest for _, key, digest in row_states(work, ORCHARD)}
    with orchard.machine() as connection:
        connection.exec_driver_sql(
            "UPDATE test_trees SET planted_at = '2026-03-01 12:00' WHERE id = 't1'"
        )
    with orchard.look(READER) as work:
        after = {key: digest for _, key, digest in row_states(work, ORCHARD)}
        assert work.read(select(trees.c.name)).all()
    assert before["t1"] != after["t1"]
    assert before["t2"] == after["t2"]


def test_a_column_that_comes_later_changes_no_digest() -> None:
    """A row recorded before a column was added, empty, has the digest that was recorded then."""
    before = state_digest(trees, {"id": "t1", "name": "ash"})
    assert state_digest(trees, {"id": "t1", "name": "ash", "felled_at": None}) == before
    assert state_digest(trees, {"id": "t1", "name": "ash", "felled_at": "2026"}) != before
    assert state_digest(trees, {"id": "t1", "name": ""}) != state_digest(trees, {"id": "t1"})
