"""The wall: a change is committed with its record or not at all."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Delete, Insert, Update, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from muniment.db import Database, Note, UnrecordedChangeError, Work
from muniment.db.work import Changes, Receipt, row_key
from muniment.testing import FixedClock
from tests.db.orchard import (
    GARDENER,
    entries_of,
    grafts,
    is_gapless,
    note,
    rows_of,
    states_recorded,
    tend,
    trees,
    weather,
)

NEW_TREE = insert(trees).values(id="t9", name="ash")
TALLER = update(trees).where(trees.c.id == "t1").values(height=7)
FELL = delete(trees).where(trees.c.id == "t1")


def make_taller(work: Work) -> None:
    """Change a tree."""
    work.write(TALLER)


def see_rain(work: Work) -> None:
    """Change what is exempt."""
    work.write(insert(weather).values(day=1))


def stumble(_work: Work) -> None:
    """Fail for a reason of one's own."""
    raise RuntimeError


def upsert(database: Database) -> Any:
    """Give the dialect's own INSERT, which knows ON CONFLICT."""
    return (sqlite if database.dialect == "sqlite" else postgresql).insert(trees)


def assert_untouched(database: Database) -> None:
    """See that the trees and the record are as the fixture left them."""
    assert [(row[0], row[1], row[2]) for row in rows_of(database, trees)] == [
        ("t1", "oak", None),
        ("t2", "elm", None),
    ]
    assert rows_of(database, grafts) == []
    assert [entry["seq"] for entry in entries_of(database)] == [1]


@pytest.mark.requirement("LOG-12", "LOG-15")
@pytest.mark.parametrize("statement", [NEW_TREE, TALLER, FELL], ids=["insert", "update", "delete"])
def test_a_change_without_a_record_leaves_no_trace(
    orchard: Database, statement: Insert | Update | Delete
) -> None:
    """Whoever forgets to record changes nothing, and is told which table it was."""
    with pytest.raises(UnrecordedChangeError, match="test_trees changed without a ledger record"):
        tend(orchard, lambda work: work.write(statement))
    assert_untouched(orchard)


@pytest.mark.requirement("LOG-15")
def test_a_record_that_does_not_cover_the_table_is_not_enough(orchard: Database) -> None:
    """A record about something else does not let a change through, nor stand alone."""
    with pytest.raises(UnrecordedChangeError, match=r"^test_trees changed"):
        tend(orchard, make_taller, lambda work: note(work, ("test_grafts",)))
    assert_untouched(orchard)


@pytest.mark.requirement("LOG-15")
def test_every_changed_table_must_be_covered(orchard: Database) -> None:
    """Of two changed tables with one covered, neither changes; with both covered, both do."""

    def change(work: Work) -> None:
        work.write(TALLER)
        work.write(insert(grafts).values(tree="t1", stock="t2", year=1))

    with pytest.raises(UnrecordedChangeError, match="test_grafts"):
        tend(orchard, change, note)
    assert_untouched(orchard)
    tend(orchard, change, lambda work: note(work, ("test_trees", "test_grafts")))
    assert list(entries_of(orchard)[1]["changes"]) == ["test_grafts", "test_trees"]


@pytest.mark.requirement("LOG-15")
def test_the_first_record_that_covers_a_table_carries_its_rows(orchard: Database) -> None:
    """Each changed row stands in exactly one record, the first that answers for its table."""
    with orchard.work(GARDENER) as work:
        work.write(TALLER)
        work.write(insert(grafts).values(tree="t1", stock="t2"))
        note(work, ("test_weather",), kind="orchard.watched")
        note(work, ("test_grafts",), kind="orchard.grafted")
        note(work, ("test_trees", "test_grafts"), kind="orchard.tended")
    told = {entry["kind"]: entry.get("changes", {}) for entry in entries_of(orchard)[1:]}
    assert {kind: {t: list(rows) for t, rows in each.items()} for kind, each in told.items()} == {
        "orchard.watched": {},
        "orchard.grafted": {"test_grafts": ["t1|t2"]},
        "orchard.tended": {"test_trees": ["t1"]},
    }


@pytest.mark.requirement("LOG-12", "LOG-15")
def test_the_recorded_digest_is_that_of_the_row(orchard: Database) -> None:
    """An auditor can hash a row with nothing but SHA-256 and JSON, and finds it in the record."""
    at = datetime(2026, 3, 1, 13, 0, 0, 5, timezone(timedelta(hours=1)))
    with orchard.work(GARDENER) as work:
        work.write(TALLER)
        work.write(update(trees).where(trees.c.id == "t1").values(planted_at=at, bark=b"\x00\xff"))
        work.write(delete(trees).where(trees.c.id == "t2"))
        note(work)
    row = (
        '["test_trees",{"bark":"hex:00ff","height":7,"id":"t1","name":"oak",'
        '"planted_at":"2026-03-01T12:00:00.000005Z"}]'
    )
    assert entries_of(orchard)[1]["changes"] == {
        "test_trees": {"t1": hashlib.sha256(row.encode()).hexdigest(), "t2": None}
    }


@pytest.mark.requirement("LOG-15")
def test_an_upsert_is_recorded_with_the_state_it_left(orchard: Database) -> None:
    """Whether a row was added, changed or left alone, the record says what is there now."""
    statement = upsert(orchard).on_conflict_do_update(
        index_elements=["id"], set_={"height": 3}, where=trees.c.name != "elm"
    )
    with orchard.work(GARDENER) as work:
        found = [
            work.write(statement.values(id=tree, name=name)).count
            for tree, name in (("t1", "oak"), ("t2", "elm"), ("t3", "fir"))
        ]
        assert found == [1, 0, 1]
        assert not work.insert_if_absent(trees, {"id": "t1"})
        note(work)
    assert list(entries_of(orchard)[1]["changes"]["test_trees"]) == ["t1", "t3"]
    assert [row[2] for row in rows_of(orchard, trees)] == [3, None, None]


@pytest.mark.requirement("LOG-15")
def test_nested_changes_are_recorded_as_they_end(orchard: Database) -> None:
    """A row changed again and again in one work is recorded once, in its last state."""
    with orchard.work(GARDENER) as work:
        work.write(insert(trees).values(id="t3", name="a"))
        work.write(update(trees).values(height=1))
        work.write(delete(trees).where(trees.c.id == "t3"))
        work.write(update(trees).values(height=2))
        note(work)
    recorded = entries_of(orchard)[1]["changes"]["test_trees"]
    assert recorded.pop("t3") is None
    with orchard.work(GARDENER) as work:
        work.write(update(trees).values(height=2))
        note(work)
    assert entries_of(orchard)[2]["changes"]["test_trees"] == recorded


def refused_statements() -> dict[str, Callable[[Database], tuple[Any, ...]]]:
    """Give what `Work.write` must refuse, each with the parameters it came with."""
    row = {"id": "t1", "name": "x"}
    by_name = update(trees).where(trees.c.name == bindparam("which"))
    inner = insert(trees).values(id="t9").returning(trees.c.id).cte("hidden")
    return {
        "insert or replace": lambda _: (insert(trees).prefix_with("OR REPLACE").values(row),),
        "update or replace": lambda _: (
            update(trees).prefix_with("OR REPLACE").where(trees.c.id == "t1").values(name="elm"),
        ),
        "key in values": lambda _: (TALLER.values(id="t7"),),
        "key as column": lambda _: (update(trees).values({trees.c.id: "t7"}),),
        "key in order": lambda _: (update(trees).ordered_values((trees.c.id, "t7")),),
        "key in parameters": lambda _: (by_name, [{"which": "oak", "id": "t7"}]),
        "key beside values": lambda _: (
            by_name.values(height=bindparam("tall")),
            [{"which": "oak", "tall": 1, "id": "t7"}],
        ),
        "key under another name": lambda _: (update(grafts).values(stock="t7"),),
        "key by upsert": lambda database: (
            upsert(database)
            .values(id="t9", name="oak")
            .on_conflict_do_update(index_elements=["name"], set_={"id": "t9"}),
        ),
        "another table hidden in with": lambda _: (
            update(trees).values(height=select(inner.c.id).scalar_subquery()),
        ),
        "another table hidden in values": lambda _: (
            insert(trees).values([{"id": "a", "name": select(inner.c.id).scalar_subquery()}]),
        ),
    }


@pytest.mark.requirement("LOG-12", "LOG-15")
@pytest.mark.parametrize("name", refused_statements())
def test_what_a_note_could_not_describe_is_refused(orchard: Database, name: str) -> None:
    """A change that could remove or rename rows unseen is refused, even with a record."""
    statement = refused_statements()[name](orchard)
    both = partial(note, covers=("test_trees", "test_grafts"))
    with pytest.raises(UnrecordedChangeError):
        tend(orchard, both, lambda work: work.write(*statement))
    assert_untouched(orchard)


def ways_past() -> dict[str, Callable[[Work], object]]:
    """Give the ways by which a change could come past `Work.write`."""
    hidden = delete(trees).returning(trees.c.id).cte("hidden")
    from sqlalchemy import literal_column, text  # noqa: PLC0415 what rooms may not import

    spoken = text("DELETE FROM test_trees RETURNING id").columns(trees.c.id).cte("spoken")
    return {
        "driver": lambda work: work.connection.exec_driver_sql("DELETE FROM test_trees"),
        "text": lambda work: work.connection.execute(text("DELETE FROM test_trees")),
        "text read": lambda work: work.read(text("DELETE FROM test_trees")),
        "statement": lambda work: work.connection.execute(FELL),
        "statement read": lambda work: work.read(FELL),
        "many": lambda work: work.connection.execute(insert(trees), [{"id": "a"}, {"id": "b"}]),
        "with": lambda work: work.read(select(hidden.c.id)),
        "with in a union": lambda work: work.read(
            select(trees.c.id).union_all(select(hidden.c.id))
        ),
        "with beside": lambda work: work.read(select(literal_column("1")).add_cte(hidden)),
        "with in words": lambda work: work.read(select(spoken.c.id)),
        "ddl": lambda work: trees.drop(work.connection),
        "savepoint": lambda work: work.connection.begin_nested(),
        "early commit": lambda work: (work.write(FELL), work.connection.commit()),
    }


@pytest.mark.requirement("LOG-12", "LOG-13", "LOG-15")
@pytest.mark.parametrize("way", ways_past())
def test_nothing_comes_past_the_wall(orchard: Database, way: str) -> None:
    """Raw SQL, DML hidden in a query and DML on the bare connection are refused, record or not."""
    with pytest.raises(UnrecordedChangeError):
        tend(orchard, note, ways_past()[way])
    assert_untouched(orchard)


@pytest.mark.requirement("LOG-12", "LOG-13", "LOG-15")
def test_the_engine_itself_refuses_changes(orchard: Database) -> None:
    """Whoever opens a connection of the engine directly can read, and change nothing."""
    for opened in (orchard.writer.connect, orchard.writer.begin, orchard.reader.begin):
        with opened() as connection:
            assert len(connection.execute(select(trees)).all()) == 2
            for statement in (NEW_TREE, TALLER, FELL, insert(weather).values(day=1)):
                with pytest.raises(UnrecordedChangeError, match=r"past Work\.write"):
                    connection.execute(statement)
            with pytest.raises(UnrecordedChangeError, match="raw SQL"):
                connection.exec_driver_sql("DELETE FROM test_trees")
    assert_untouched(orchard)


@pytest.mark.requirement("LOG-15")
def test_a_change_of_a_thousand_rows_is_recorded_whole(orchard: Database) -> None:
    """Rows beyond one entry's room continue in further entries that name the first."""
    rows = [{"id": f"bulk{n:04}", "name": f"tree {n}", "height": n} for n in range(1_000)]
    with orchard.work(GARDENER) as work:
        assert work.write(insert(trees), rows).count == 1_000
        first = note(work)
    entries = entries_of(orchard)
    assert is_gapless(entries)
    assert [entry["kind"] for entry in entries[2:]] == ["ledger.rows_changed"] * 3
    assert [entry["body"] for entry in entries[2:]] == [
        {"record": first, "part": part} for part in (1, 2, 3)
    ]
    recorded = states_recorded(entries[1:], "test_trees")
    assert sum(len(entry["changes"]["test_trees"]) for entry in entries[1:]) == 1_000
    # what holds nothing (bark, planted_at) is left out
    text = json.dumps(["test_trees", rows[123]], sort_keys=True, separators=(",", ":"))
    assert recorded["bulk0123"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.requirement("LOG-15")
def test_many_updates_at_once_are_each_recorded(orchard: Database) -> None:
    """An UPDATE or DELETE with a list of parameters notes every row of every one of them."""
    by_id = update(trees).where(trees.c.id == bindparam("which")).values(height=bindparam("tall"))
    with orchard.work(GARDENER) as work:
        both = [{"which": "t1", "tall": 1}, {"which": "t2", "tall": 2}]
        assert work.write(by_id, both).count == 2
        gone = delete(trees).where(trees.c.id == bindparam("which"))
        assert work.write(gone, [{"which": "t2"}, {"which": "none"}]).count == 1
        note(work)
    recorded = entries_of(orchard)[1]["changes"]["test_trees"]
    assert list(recorded) == ["t1", "t2"]
    assert recorded["t2"] is None


def test_no_parameters_change_nothing(orchard: Database) -> None:
    """An empty list of rows means no row, on watched tables and on others."""
    with orchard.work(GARDENER) as work:
        for table in (trees, weather):
            assert work.write(insert(table), []).count == 0
            assert work.write(update(table).values({list(table.c)[1]: None}), []).count == 0
            assert work.write(delete(table), []).count == 0
    assert rows_of(orchard, weather) == []
    assert_untouched(orchard)


def test_no_two_rows_share_a_name_in_the_record(orchard: Database) -> None:
    """Keys of several parts, with bars or other letters in them, stay apart and in ASCII."""
    pairs = [("a|b", "c"), ("a", "b|c"), ("a%7Cb", "c"), ("bücher", "\n"), ("", "")]
    with orchard.work(GARDENER) as work:
        work.write(insert(grafts), [{"tree": one, "stock": other} for one, other in pairs])
        note(work, ("test_grafts",))
        keys = {row_key(grafts, row) for row in work.read(select(grafts)).all()}
    assert set(entries_of(orchard)[1]["changes"]["test_grafts"]) == keys
    assert len(keys) == len(pairs)
    assert all(key.isascii() for key in keys)


def test_an_exempt_table_changes_alone(orchard: Database) -> None:
    """What is exempt for a stated reason needs no record and leaves none."""
    with orchard.work(GARDENER) as work:
        assert work.write(insert(weather), [{"day": 1}, {"day": 2}]).count == 2
        written = work.write(update(weather).values(rain=5).returning(weather.c.day))
        assert sorted(row.day for row in written.rows) == [1, 2]
        assert work.write(delete(weather).where(weather.c.day == 2)).count == 1
        assert work.insert_if_absent(weather, {"day": 3})
        assert not work.insert_if_absent(weather, {"day": 3})
    assert rows_of(orchard, weather) == [(1, 5), (3, None)]
    assert_untouched(orchard)


@pytest.mark.requirement("LOG-15")
def test_an_exception_takes_back_the_change_and_the_record(orchard: Database) -> None:
    """If anything fails within a work, neither the change nor its record stands."""
    with pytest.raises(RuntimeError):
        tend(orchard, make_taller, see_rain, note, stumble)
    assert_untouched(orchard)
    assert rows_of(orchard, weather) == []


def test_a_failed_statement_ends_the_work(orchard: Database) -> None:
    """Nobody goes on after a failed change with a part of it lost, on neither database."""

    def plant_twice(work: Work) -> None:
        with pytest.raises(IntegrityError):
            work.write(insert(trees).values(id="t1"))
        for step in (see_rain, note):
            with pytest.raises(UnrecordedChangeError, match="a statement failed"):
                step(work)

    with pytest.raises(UnrecordedChangeError, match="a statement failed"):
        tend(orchard, see_rain, plant_twice)
    assert rows_of(orchard, weather) == []
    assert_untouched(orchard)


def test_without_a_recorder_nothing_changes(orchard: Database) -> None:
    """A database that nobody gave a ledger refuses every recorded change."""
    orchard.recorder = None
    with pytest.raises(UnrecordedChangeError, match="there is no ledger"):
        tend(orchard, make_taller, note)
    assert_untouched(orchard)


def silent(_work: Work, notes: Sequence[Note], _changes: Changes) -> Sequence[Receipt]:
    """Claim to have recorded, and write nothing."""
    return [Receipt(each.id, "test", 99) for each in notes]


def short(work: Work, notes: Sequence[Note], changes: Changes) -> Sequence[Receipt]:
    """Write only the first note."""
    from muniment.ledger import Recorder  # noqa: PLC0415 beside its one use

    return Recorder("test")(work, notes[:1], changes)


@pytest.mark.requirement("LOG-15")
@pytest.mark.parametrize("recorder", [silent, short])
def test_a_recorder_that_does_not_write_is_found_out(
    orchard: Database,
    recorder: Callable[[Work, Sequence[Note], Changes], Sequence[Receipt]],
) -> None:
    """Receipts alone do not open the wall: every record must have been written."""
    orchard.recorder = recorder
    with pytest.raises(UnrecordedChangeError, match="did not write every record"):
        tend(orchard, make_taller, note, note)
    assert_untouched(orchard)


def test_a_look_changes_and_records_nothing(orchard: Database) -> None:
    """What only reads can neither write, not even an exempt table, nor put a note down."""
    with orchard.look(GARDENER) as work:
        for statement in (TALLER, insert(weather).values(day=1)):
            with pytest.raises(UnrecordedChangeError, match="may only read"):
                work.write(statement)
        with pytest.raises(UnrecordedChangeError, match="may only read"):
            note(work)
    assert_untouched(orchard)


def test_a_work_that_is_over_takes_no_note(orchard: Database) -> None:
    """A record put down too late is refused and not lost in silence."""
    with orchard.work(GARDENER) as work:
        pass
    with pytest.raises(UnrecordedChangeError, match="is over"):
        note(work)
    with pytest.raises(UnrecordedChangeError, match="is over"):
        work.write(TALLER)


def test_a_note_may_stand_alone(orchard: Database) -> None:
    """What changes no row can be recorded too; the receipt says where it is."""
    with orchard.work(GARDENER) as work:
        record_id = note(work)
    assert work.receipts == (Receipt(record_id, "test", 2),)
    entry = entries_of(orchard)[1]
    assert (entry["id"], entry["actor"]["id"]) == (record_id, "per_gardener")
    assert "changes" not in entry


def test_what_waits_for_the_commit_runs_only_after_it(orchard: Database) -> None:
    """Nobody is woken for what was rolled back, and whoever is woken sees what was committed."""
    seen: list[str] = []
    orchard.after_commit.append(lambda: seen.append("all"))
    with orchard.work(GARDENER) as work:
        work.after_commit(lambda: seen.append(f"{len(rows_of(orchard, weather))} row"))
        work.write(insert(weather).values(day=1))
        note(work)
        assert seen == []
    assert seen == ["1 row", "all"]
    with pytest.raises(RuntimeError):
        tend(orchard, lambda work: work.after_commit(lambda: seen.append("never")), stumble)
    tend(orchard, lambda work: work.write(insert(weather).values(day=2)))
    assert seen == ["1 row", "all"]


def test_a_clock_that_ran_back_is_flagged(orchard: Database, clock: FixedClock) -> None:
    """Records keep their order and say that the time of one lies before the last."""
    clock.set_back(60)
    for seconds in (0, 30, 31):
        clock.advance(seconds)
        with orchard.work(GARDENER) as work:
            note(work)
    flags = [entry.get("flags", []) for entry in entries_of(orchard)]
    assert flags == [[], ["clock_back"], ["clock_back"], []]


@pytest.mark.requirement("LOG-12")
def test_a_rollback_leaves_no_gap_in_the_sequence(orchard: Database) -> None:
    """A missing number always means a missing record, never a failed attempt."""
    for _ in range(3):
        with pytest.raises(RuntimeError):
            tend(orchard, note, note, lambda work: work.close_wall(orchard.recorder), stumble)
        tend(orchard, note, note)
    entries = entries_of(orchard)
    assert len(entries) == 7
    assert is_gapless(entries)


@pytest.mark.requirement("LOG-12", "LOG-15")
def test_the_sequence_is_gapless_under_many_threads(orchard: Database) -> None:
    """Eight threads that record at once share one sequence without gap or repeat."""
    failures: list[BaseException] = []

    def tend(thread: int) -> None:
        try:
            for turn in range(50):
                with orchard.work(GARDENER) as work:
                    work.write(insert(trees).values(id=f"{thread}-{turn}", height=turn))
                    note(work)
        except BaseException as error:  # noqa: BLE001 a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=tend, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    entries = entries_of(orchard)
    assert len(entries) == 401
    assert is_gapless(entries)
    assert len(states_recorded(entries, "test_trees")) == 402
    assert len(rows_of(orchard, trees)) == 402


def test_a_look_sees_one_state(orchard: Database) -> None:
    """Two reads of one look agree, whatever is committed between them."""
    with orchard.look(GARDENER) as work:
        before = work.read(select(trees)).all()
        with orchard.work(GARDENER) as other:
            other.write(FELL)
            note(other)
        assert work.read(select(trees)).all() == before
    assert len(rows_of(orchard, trees)) == 1


def test_a_record_says_when_in_utc(orchard: Database, clock: FixedClock) -> None:
    """The time in a record is that of its work."""
    clock.advance(1.5)
    with orchard.work(GARDENER) as work:
        note(work)
    recorded = datetime.fromisoformat(entries_of(orchard)[1]["at"])
    assert recorded == datetime(2026, 3, 1, 12, 0, 1, 500_000, UTC)
