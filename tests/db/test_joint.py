"""A change and an addition as one statement: both, or nothing, behind the same wall."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Update, insert, literal_column, update
from sqlalchemy.exc import IntegrityError

from muniment.core.errors import UnavailableError
from muniment.db import Database, Joint, Repeated, UnrecordedChangeError
from muniment.settings import Settings
from tests.db.orchard import lay_out, rows_of, trees, weather

Named = Callable[[str], ColumnElement[Any]]
SUN = Repeated(lambda _dialect: insert(weather), ("day", "rain"))
TAKES = {"before": weather.c.day, "dry": weather.c.rain, "day": weather.c.day}


def dry(new: Named) -> Update:
    """Say of the day before how much it rained, if nobody has said it."""
    unsaid = update(weather).where(
        weather.c.day == new("before"), weather.c.rain < literal_column("0")
    )
    return unsaid.values(rain=new("dry"))


NEXT_DAY = Joint("next_day", TAKES, dry, weather)


def next_day(database: Database, before: int, day: int) -> bool:
    """Go on to a day."""
    return database.straight().write_joint(NEXT_DAY, {"before": before, "dry": 7, "day": day})


def first_days(database: Database, *days: int) -> None:
    """Write down days of which nobody has said how much it rained."""
    with database.straight() as straight:
        for day in days:
            straight.write(SUN, {"day": day, "rain": -1})


def test_both_are_made_or_neither(orchard: Database) -> None:
    """Where what was expected is not so nothing is done; whoever waits for records is not told."""
    told: list[int] = []
    first_days(orchard, 1)
    orchard.after_commit.append(lambda: told.append(len(rows_of(orchard, weather))))
    assert next_day(orchard, 1, 2)
    assert not next_day(orchard, 1, 3)
    assert rows_of(orchard, weather) == [(1, 7), (2, None)]
    assert told == [2]


def test_a_failure_leaves_nothing_and_disturbs_nobody(orchard: Database) -> None:
    """A row that is there already is told as ever, and takes the change with it."""
    first_days(orchard, 1, 2)
    with pytest.raises(IntegrityError):
        next_day(orchard, 1, 2)
    assert rows_of(orchard, weather) == [(1, -1), (2, -1)]
    assert next_day(orchard, 1, 3)
    assert rows_of(orchard, weather) == [(1, 7), (2, -1), (3, None)]


def test_what_needs_a_record_cannot_be_joined(orchard: Database) -> None:
    """Neither of the two may change a recorded table."""

    def grow(new: Named) -> Update:
        return update(trees).where(trees.c.height == new("dry")).values(name=None)

    for wrong in (Joint("one", TAKES, grow, weather), Joint("two", TAKES, dry, trees)):
        with pytest.raises(UnrecordedChangeError, match="with a record only"):
            orchard.straight().write_joint(wrong, {"before": 1, "dry": 7, "day": 2})


def test_a_table_can_be_rebuilt_after_a_joint_change(orchard: Database) -> None:
    """A migration rebuilds a table under its name, and the next joint change finds the new one."""
    first_days(orchard, 1)
    assert next_day(orchard, 1, 2)
    with orchard.machine() as connection:
        copy = "CREATE TABLE other (day INTEGER PRIMARY KEY, rain INTEGER)"
        connection.exec_driver_sql(copy)
        connection.exec_driver_sql("INSERT INTO other SELECT day, -1 FROM test_weather")
        connection.exec_driver_sql("DROP TABLE test_weather")
        connection.exec_driver_sql("ALTER TABLE other RENAME TO test_weather")
    assert next_day(orchard, 2, 3)
    assert rows_of(orchard, weather) == [(1, -1), (2, 7), (3, None)]


def test_a_lost_connection_is_told_and_the_next_change_has_another(
    postgres_database: tuple[Settings, Database],
) -> None:
    """PostgreSQL ends our connection while we wait for a row: we learn it, who comes next not."""
    _, database = postgres_database
    lay_out(database)
    first_days(database, 1)

    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool, database.machine() as connection:
        connection.execute(update(weather).values(rain=-1))
        waiting = pool.submit(next_day, database, 1, 2)
        while not (waiting.done() or connection.exec_driver_sql(cut).all()):
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
        with pytest.raises(UnavailableError, match=r"does not answer|broke"):
            waiting.result()
    assert next_day(database, 1, 2)
    assert rows_of(database, weather) == [(1, 7), (2, None)]
