"""A sink makes what was gathered durable, and gives each part what is its own."""

from __future__ import annotations

import pytest

from muniment.core.clock import stamp
from muniment.db import Database
from muniment.ledger.service.halves import make_all
from muniment.ledger.service.promise import Promise
from muniment.ledger.service.sink import DatabaseSink, Part, Receipts
from muniment.testing import START, FixedClock, counting_ids
from tests.ledger.service.sampled import INES, Counted


def part(count: int) -> Part:
    """Make a part of so many records."""
    records = make_all(
        [Counted("a", n) for n in range(count)],
        actor=INES,
        at=stamp(START),
        ids=counting_ids(FixedClock()),
        producer="w",
    )
    return Part(INES, None, records, Promise(), count or 1, sum(records.lengths))


def test_each_part_gets_the_receipts_of_its_own_records(database: Database) -> None:
    """In the order they came, with one place for each record."""
    sink = DatabaseSink(database, "w", str)
    for first in (1, 7):
        given = sink.commit([part(1), part(0), part(3), part(2)])
        assert [[each.seq - first for each in some] for some in given] == [
            [0],
            [],
            [1, 2, 3],
            [4, 5],
        ]


def test_receipts_are_an_ordinary_sequence(database: Database) -> None:
    """Receipts are counted, sliced and looked at from either end."""
    given = DatabaseSink(database, "w", str).commit([part(4)])[0]
    assert isinstance(given, Receipts)
    assert [each.seq for each in given] == [1, 2, 3, 4]
    assert (given[-1], given[1:3]) == (given[3], [given[1], given[2]])
    with pytest.raises(IndexError):
        given[4]


def test_no_sink_forgets_the_log(database: Database) -> None:
    """A sink cannot be made without being told how to ask whether the log has stopped."""
    with pytest.raises(TypeError, match="stopped"):
        DatabaseSink(database, "w")  # type: ignore[call-arg]  # that is what is tried
