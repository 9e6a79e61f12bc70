"""Column types: the same value on both databases, sorted as it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, insert, select
from sqlalchemy.exc import StatementError

from muniment.db import CanonicalJson, Database, UtcTime, exempt_table
from tests.db.orchard import GARDENER

BOX = MetaData()
box = exempt_table(
    "test_box",
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime),
    Column("value", CanonicalJson),
    reason="values of a test",
    into=BOX,
)


@pytest.fixture
def boxes(database: Database) -> Database:
    """A database with a table of values."""
    with database.machine() as connection:
        BOX.create_all(connection)
    return database


def kept(database: Database, **values: Any) -> Any:
    """Store a row and read it back."""
    with database.work(GARDENER) as work:
        work.write(insert(box).values(id=1, **values))
    with database.look(GARDENER) as work:
        return work.read(select(box)).one()


def test_times_are_kept_in_utc_to_the_microsecond(boxes: Database) -> None:
    """A time comes back as the same moment, whatever zone it was given in."""
    at = datetime(2026, 3, 1, 13, 0, 0, 1, timezone(timedelta(hours=1)))
    found = kept(boxes, at=at).at
    assert (found, found.tzinfo) == (at, UTC)


def test_times_sort_as_they_happened(boxes: Database) -> None:
    """ORDER BY and comparison agree with the clock, also across the years' digits."""
    moments = [
        datetime(999, 12, 31, tzinfo=UTC),
        datetime(1000, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 1, 1, tzinfo=UTC),
    ]
    with boxes.work(GARDENER) as work:
        work.write(insert(box), [{"id": n, "at": at} for n, at in enumerate(reversed(moments))])
    with boxes.look(GARDENER) as work:
        assert list(work.read(select(box.c.at).order_by(box.c.at)).scalars()) == moments
        later = select(box.c.at).where(box.c.at > moments[2]).order_by(box.c.at)
        assert list(work.read(later).scalars()) == moments[3:]


@pytest.mark.parametrize("value", [None, [], {}, {"b": [1, True, None], "a": "bücher ☃"}, "x", 0])
def test_json_is_kept_as_it_was(boxes: Database, value: Any) -> None:
    """Any canonical value comes back equal; nothing stays nothing."""
    assert kept(boxes, value=value).value == value


@pytest.mark.parametrize(
    "values",
    [
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"value": 1.5},
        {"value": "\ud800"},
        {"value": {"bücher": 1}},
    ],
)
def test_what_has_no_one_form_is_not_stored(boxes: Database, values: dict[str, Any]) -> None:
    """A time without a zone and JSON that is not canonical are refused on both databases."""
    with pytest.raises(
        (StatementError, ValueError, Exception), match=r"zone|canonical|surrogate|ASCII"
    ):
        kept(boxes, **values)
