"""Many rows are added by few statements, as if each had been added by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from muniment.db.many import Many

SQL = "INSERT INTO words (id, word) VALUES (?, ?) ON CONFLICT DO NOTHING"


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["one", "two"])), max_size=400))
def test_rows_stand_as_if_each_had_been_added_by_itself(rows: list[tuple[int, str]]) -> None:
    """However many there are, the first of a key stays, and those that were added are counted."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)")
        added = Many(SQL, 2).add(connection.cursor(), rows)
        kept = connection.execute("SELECT id, word FROM words").fetchall()
    expected: dict[int, str] = {}
    for key, word in rows:
        expected.setdefault(key, word)
    assert dict(kept) == expected
    assert added == len(expected)


def test_a_row_of_many_columns_is_added_too() -> None:
    """What fits into no statement twice goes by itself; so does what has values of its own."""
    names = [f"c{number}" for number in range(500)]
    values = tuple(range(500))
    wide = f"INSERT INTO wide VALUES ({', '.join('?' * 500)})"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE wide ({', '.join(names)})")
        connection.execute("CREATE TABLE words (id, word)")
        cursor = connection.cursor()
        assert Many(wide, 500).add(cursor, [values] * 3) == 3
        assert Many("INSERT INTO words VALUES (?, upper(?))", 2).add(cursor, [(1, "a")] * 70) == 70
        assert connection.execute("SELECT DISTINCT word FROM words").fetchall() == [("A",)]
        assert connection.execute("SELECT count(*) FROM wide").fetchone() == (3,)
