"""Changes that are prepared once: the same change, behind the same wall."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from muniment.db import Database, Repeated, UnrecordedChangeError, Work
from tests.db.orchard import GARDENER, note, rows_of, tend, trees, weather

RAIN = Repeated(lambda _dialect: insert(weather), ("day",))
CHANGE = Repeated(
    lambda _dialect: update(weather).where(weather.c.day == bindparam("of")), ("rain",)
)


def test_many_rows_are_written_as_the_ordinary_way_writes_them(orchard: Database) -> None:
    """Rows that are written all at once stand as those written one by one, and are changed so."""
    rows = [{"day": day, "rain": 0} for day in range(4)]
    named = Repeated(lambda _dialect: insert(weather), ("day", "rain"))
    with orchard.work(GARDENER) as work:
        work.write_all(named, rows[:2])
        for row in rows[2:]:
            work.write(insert(weather), row)
        work.write_all(CHANGE, [{"of": 1, "rain": 5}, {"of": 2, "rain": 6}])
        work.write_all(named, [])
    with orchard.look(GARDENER) as work:
        found = work.read(select(weather.c.day, weather.c.rain).order_by(weather.c.day)).all()
    assert [tuple(row) for row in found] == [(0, 0), (1, 5), (2, 6), (3, 0)]


@pytest.mark.parametrize(
    "statement",
    [insert(trees), update(trees).where(trees.c.id == bindparam("of")), delete(trees)],
    ids=["insert", "update", "delete"],
)
def test_what_needs_a_record_cannot_be_prepared(orchard: Database, statement: Any) -> None:
    """A recorded table changes on the ordinary way only, where its change is noted."""
    change = Repeated(lambda _dialect: statement, ("name",))
    with (
        pytest.raises(UnrecordedChangeError, match="with a record only"),
        orchard.work(GARDENER) as work,
    ):
        work.write_all(change, [{"of": "t1", "name": "oak"}])
    with (
        pytest.raises(UnrecordedChangeError, match="with a record only"),
        orchard.straight() as straight,
    ):
        straight.write(change, {"of": "t1", "name": "oak"})


def test_a_failure_ends_the_unit_of_work(orchard: Database) -> None:
    """As on the ordinary way, nothing more is written once a statement failed."""

    def rain_on(work: Work) -> None:
        with pytest.raises(IntegrityError):
            work.write_all(RAIN, [{"day": 1}, {"day": 1}])
        work.write_all(RAIN, [{"day": 2}])

    with pytest.raises(UnrecordedChangeError, match="a statement failed"):
        tend(orchard, rain_on)
    assert days(orchard) == []


def test_nothing_is_written_by_who_may_only_read(orchard: Database) -> None:
    """A look changes nothing by this way either."""
    with (
        orchard.look(GARDENER) as work,
        pytest.raises(UnrecordedChangeError, match="may only read"),
    ):
        work.write_all(RAIN, [{"day": 1}])


def test_the_wall_stands_beside_it(orchard: Database) -> None:
    """Rows written this way do not cover a change that needs its record."""

    def rain_and_plant(work: Work) -> None:
        work.write_all(RAIN, [{"day": 1}])
        work.write(insert(trees).values(id="t9", name="ash"))

    with pytest.raises(UnrecordedChangeError, match="without a ledger record"):
        tend(orchard, rain_and_plant)
    assert days(orchard) == []
    tend(orchard, rain_and_plant, note)
    assert days(orchard) == [1]
    assert "t9" in {row[0] for row in rows_of(orchard, trees)}


def days(database: Database) -> list[int]:
    """List the days on which it rained."""
    asked: Select[Any] = select(weather.c.day).order_by(weather.c.day)
    with database.look(GARDENER) as work:
        return [row.day for row in work.read(asked)]
