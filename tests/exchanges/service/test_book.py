"""What a process knows of limits and stops, and how soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from muniment import exchanges
from muniment.core.errors import UnavailableError
from muniment.db import Database, Work
from muniment.exchanges import Book, ScopeKind, StopKind
from muniment.testing import FixedClock
from tests.approvals.people import Office
from tests.exchanges.making import limit

SCOPES = {ScopeKind.KEY: frozenset({"key_1"})}
NAMES = {StopKind.KEY: frozenset({"key_1"})}


def test_a_change_is_known_a_twentieth_of_a_second_later(office: Office, clock: FixedClock) -> None:
    """Limits and stops that were set or ended elsewhere hold here with the next look."""
    book = Book(office.database)
    assert (book.limits_for(SCOPES), book.stop_for(NAMES)) == ((), None)
    with office.by("sven") as work:
        put = exchanges.set_limit(work, limit())
        made = exchanges.stop(work, StopKind.KEY, "key_1", reason="stolen")
    assert book.stop_for(NAMES) is None
    clock.advance(0.05)
    assert book.stop_for(NAMES) == made
    assert book.limits_for(SCOPES) == (put,)
    with office.by("sven") as work:
        exchanges.resume(work, made.id, reason="found")
        exchanges.end_limit(work, put.id, reason="not dear")
    clock.advance(0.05)
    assert (book.limits_for(SCOPES), book.stop_for(NAMES)) == ((), None)


class Gone(Database):
    """A database that cannot be reached."""

    @classmethod
    def of(cls, database: Database) -> Gone:
        """Take the place of a database."""
        return cls(database.writer, database.reader, database.clock, database.ids, None)

    def glance(self, *_given: Any) -> int:
        """Refuse."""
        raise UnavailableError("the database is away")

    @contextmanager
    def snapshot(self, *_given: Any) -> Iterator[Work]:
        """Refuse."""
        raise UnavailableError("the database is away")
        yield


def test_without_the_database_it_goes_on_for_a_moment_only(
    office: Office, clock: FixedClock
) -> None:
    """What is known holds for less than a second; then nothing is let through."""
    with office.by("sven") as work:
        exchanges.stop(work, StopKind.KEY, "key_1", reason="stolen")
    book = Book(office.database)
    assert book.stop_for(NAMES) is not None
    book.database = Gone.of(office.database)
    clock.advance(0.5)
    assert book.stop_for(NAMES) is not None
    clock.advance(0.5)
    with pytest.raises(UnavailableError):
        book.stop_for(NAMES)
