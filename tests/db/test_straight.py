"""The short way to the database: all of it or nothing, and told as on the ordinary way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError

from muniment.core.errors import UnavailableError
from muniment.db import Database, Repeated
from muniment.settings import Settings
from tests.db.orchard import GARDENER, lay_out, weather

RAIN = Repeated(lambda _dialect: insert(weather), ("day",))


def test_the_short_way_is_all_or_nothing(orchard: Database) -> None:
    """A failure in the middle leaves nothing, and the next who comes is not disturbed by it."""
    with pytest.raises(IntegrityError):
        rain(orchard, 1, 1)
    with pytest.raises(LookupError):
        rain(orchard, 2, then=stumble)
    rain(orchard, 3)
    assert days(orchard) == [3]


def test_who_waits_for_records_is_told_of_those_that_came_the_short_way(orchard: Database) -> None:
    """The sealer is woken after the commit, and never by what was rolled back."""
    told: list[int] = []
    orchard.after_commit.append(lambda: told.append(len(days(orchard))))
    rain(orchard, 1)
    with pytest.raises(LookupError):
        rain(orchard, 2, then=stumble)
    assert told == [1]


def test_a_lost_connection_is_told_and_the_next_commit_has_another(
    postgres_database: tuple[Settings, Database],
) -> None:
    """PostgreSQL ends our connection: who was writing learns it, who comes next does not."""
    _, database = postgres_database
    lay_out(database)

    def cut() -> None:
        with database.machine() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(UnavailableError, match=r"does not answer|broke"):
        rain(database, 1, then=cut)
    rain(database, 2)
    assert days(database) == [2]


def stumble() -> None:
    """Fail for a reason of one's own."""
    raise LookupError


def rain(database: Database, *on: int, then: Callable[[], object] | None = None) -> None:
    """Write of some days that it rained, by the short way."""
    with database.straight() as straight:
        for day in on:
            straight.write(RAIN, {"day": day})
        if then is not None:
            then()


def days(database: Database) -> list[int]:
    """List the days on which it rained."""
    asked: Select[Any] = select(weather.c.day).order_by(weather.c.day)
    with database.look(GARDENER) as work:
        return [row.day for row in work.read(asked)]
