"""A glance tells by one number whether something moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from muniment.core.errors import MunimentError
from muniment.db import Database, MustWaitError, at_once
from muniment.db.engine import SQLITE_FILE
from muniment.settings import Settings
from tests.db.orchard import GARDENER, weather

ASKED = select(weather.c.rain).where(weather.c.day == 1)


def test_a_glance_sees_each_change_as_soon_as_it_is_durable(orchard: Database) -> None:
    """It tells what an ordinary look tells; nothing and no row are nought."""
    assert orchard.glance(ASKED) == 0
    with orchard.work(GARDENER) as work:
        work.write(insert(weather).values(day=1))
    assert orchard.glance(ASKED) == 0
    for rain in (7, 8):
        with orchard.work(GARDENER) as work:
            work.write(update(weather).where(weather.c.day == 1).values(rain=rain))
        assert orchard.glance(ASKED) == rain


def test_a_glance_is_for_those_who_may_wait(orchard: Database) -> None:
    """It asks the database, so nobody who must go on at once does it."""
    with pytest.raises(MustWaitError):
        at_once(orchard.glance, ASKED)


def test_a_glance_holds_nothing_open(orchard: Database, settings: Settings) -> None:
    """SQLite's log can be copied back afterwards, to its end."""
    assert orchard.glance(ASKED) == 0
    if orchard.dialect == "sqlite":
        with closing(sqlite3.connect(settings.data.dir / SQLITE_FILE, timeout=0)) as other:
            assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_what_goes_wrong_at_a_glance_has_the_words_it_always_has(orchard: Database) -> None:
    """The error is the one that an ordinary look raises."""
    orchard.glance(ASKED)
    with orchard.machine() as connection:
        connection.exec_driver_sql("ALTER TABLE test_weather RENAME TO test_gone")
    kinds = []
    for ask in (partial(orchard.glance, ASKED), partial(_look, orchard)):
        with pytest.raises((SQLAlchemyError, MunimentError)) as told:
            ask()
        kinds.append((type(told.value), str(told.value)))
    assert kinds[0] == kinds[1]


def _look(database: Database) -> object:
    with database.look(GARDENER) as work:
        return work.read(ASKED).scalar_one_or_none()
