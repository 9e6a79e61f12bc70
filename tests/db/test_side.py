"""A side file: rebuilt at any time, never in the way, and clear about its own trouble."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, delete, func, insert, select

from muniment.core.errors import UnavailableError
from muniment.db.side import SideFile, side_table


def words(*more: str) -> Table:
    """Declare a table of words."""
    return side_table(
        "words",
        Column("id", Integer, primary_key=True),
        Column("word", String(20), nullable=False),
        *(Column(name, String(20)) for name in more),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file lies."""
    return tmp_path / "side.db"


@pytest.fixture
def side(path: Path) -> Iterator[SideFile]:
    """A side file that is open."""
    opened = SideFile(path, words())
    yield opened
    opened.close()


def kept(side: SideFile) -> list[str]:
    """Read every word."""
    return [row.word for row in side.read(select(side.table).order_by(side.table.c.id))]


def add(side: SideFile, *given: str) -> None:
    """Write some words."""
    side.write(insert(side.table), [{"word": word} for word in given])


def test_what_is_written_is_read_again(side: SideFile, path: Path) -> None:
    """Rows are there for every reader, also for one who opens the file later."""
    add(side, "one", "two")
    side.write(delete(side.table).where(side.table.c.word == "one"))
    again = SideFile(path, words())
    assert (kept(side), kept(again)) == (["two"], ["two"])
    again.close()


def test_two_who_open_it_first_both_succeed(path: Path) -> None:
    """Who comes while another is making the table waits, and finds it made."""
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("PRAGMA journal_mode=WAL")
    first.execute("BEGIN IMMEDIATE")
    first.execute("CREATE TABLE words (id INTEGER PRIMARY KEY, word VARCHAR(20) NOT NULL)")
    with ThreadPoolExecutor() as threads:
        second = threads.submit(SideFile, path, words())
        with pytest.raises(TimeoutError):
            second.result(0.3)
        first.execute("COMMIT")
        opened = second.result()
    add(opened, "one")
    assert kept(opened) == ["one"]
    opened.close()
    first.close()


def test_only_its_owner_may_read_the_file(side: SideFile, path: Path) -> None:
    """The file is for this user alone, whatever the folder allows."""
    add(side, "one")
    assert {each.stat().st_mode & 0o777 for each in path.parent.glob("side.db*")} == {0o600}


def test_a_write_is_whole_or_nothing(side: SideFile) -> None:
    """If one of many rows cannot be written, none of them is."""
    with pytest.raises(UnavailableError, match="the log is sound"):
        side.write(insert(side.table), [{"word": "one"}, {"word": None}])
    assert kept(side) == []


def test_a_table_of_another_shape_is_made_anew(path: Path) -> None:
    """A file of an older version is emptied, to be filled again; an equal one is kept."""
    older = SideFile(path, words())
    add(older, "one")
    older.close()
    newer = SideFile(path, words("tongue"))
    assert kept(newer) == []
    newer.write(insert(newer.table), [{"word": "eins", "tongue": "de"}])
    newer.close()
    same = SideFile(path, words("tongue"))
    assert kept(same) == ["eins"]
    same.close()


def test_several_tables_are_made_anew_together(path: Path) -> None:
    """Where one has another shape none is kept, nor their room, nor what nobody asks for."""
    size, tongues = Column("size", Integer), side_table("tongues", Column("id", Integer))
    older = SideFile(path, words(), side_table("sizes", size))
    older.write(insert(older.table), [{"word": "x" * 2_000} for _ in range(500)])
    older.close()
    before = path.stat().st_size
    newer = SideFile(path, words(), tongues)
    assert kept(newer) == []
    assert newer.ask("SELECT name FROM sqlite_master ORDER BY name") == [("tongues",), ("words",)]
    newer.write(insert(newer.table), [{"word": "one"}])
    newer.close()
    assert path.stat().st_size < before / 4
    same = SideFile(path, words(), tongues)
    assert kept(same) == ["one"]
    same.close()


def test_a_change_in_its_own_words_is_whole_or_nothing(side: SideFile) -> None:
    """What goes wrong within it is undone and told; what was asked before is answered as before."""
    with side.changing() as cursor:
        cursor.execute("INSERT INTO words (word) VALUES ('one')")

    def change() -> None:
        with side.changing() as cursor:
            cursor.execute("INSERT INTO words (word) VALUES ('two')")
            cursor.execute("INSERT INTO words (word) VALUES (NULL)")

    with pytest.raises(UnavailableError, match="the log is sound"):
        change()
    assert side.ask("SELECT word FROM words WHERE word = :word", {"word": "one"}) == [("one",)]
    assert kept(side) == ["one"]


def test_many_threads_use_it_together(side: SideFile) -> None:
    """Readers and writers of one process wait for each other instead of failing."""

    def use(number: int) -> int:
        add(side, f"word {number}")
        return int(side.read(select(func.count()).select_from(side.table))[0][0])

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(use, range(40)))
    assert max(seen) == 40
    assert len(kept(side)) == 40


def test_a_reader_sees_nothing_half_done(side: SideFile, path: Path) -> None:
    """While somebody else writes, the last whole state is read at once."""
    add(side, "one")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO words (word) VALUES ('two')")
    assert kept(side) == ["one"]
    other.execute("COMMIT")
    other.close()
    assert kept(side) == ["one", "two"]


def test_a_damaged_file_is_named_with_its_remedy(path: Path) -> None:
    """What is no database is told as the trouble of this one file, and left as it is."""
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(UnavailableError, match=r"the index side\.db cannot be used") as refused:
        SideFile(path, words())
    assert "muniment ledger reindex" in refused.value.remedy
    assert path.read_bytes().startswith(b"this is not")


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    """A file that cannot be made is told in the same words."""
    with pytest.raises(UnavailableError, match="No such file"):
        SideFile(tmp_path / "missing" / "side.db", words())


def test_damage_after_opening_is_told(side: SideFile, path: Path) -> None:
    """A file that is overwritten while it is open ends in an error, not in wrong answers."""
    add(side, "one")
    side.close()
    for each in path.parent.glob("side.db*"):
        each.write_bytes(b"\0" * 5_000)
    with pytest.raises(UnavailableError, match="cannot be used"):
        kept(side)
