"""The index of calls on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from muniment.core.actor import system_actor
from muniment.core.errors import InvalidError
from muniment.db import Database, Work
from muniment.exchanges import State, Wanted
from muniment.exchanges.rules import row_begun, row_refused
from muniment.exchanges.store import calls
from tests.exchanges.making import NOON
from tests.exchanges.rules.test_indexing import BODY

ACTOR = system_actor("test")


def begin(work: Work, number: int, **more: Any) -> None:
    """Take a call in."""
    body = {**BODY, "exchange": f"exc_{number}", **more}
    calls.begin(work, row_begun(body, "svc_1", NOON + timedelta(minutes=number), number))


def test_calls_are_found_page_by_page(database: Database) -> None:
    """The newest come first, each once, and a strange cursor is refused."""
    with database.work(ACTOR) as work:
        for number in range(5):
            begin(work, number)
        seen, cursor = [], ""
        while True:
            page = calls.find(work, Wanted(), limit=2, cursor=cursor)
            seen += [each.id for each in page.rows]
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        assert seen == [f"exc_{number}" for number in (4, 3, 2, 1, 0)]
        with pytest.raises(InvalidError):
            calls.find(work, Wanted(), limit=2, cursor="x")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(state="refused"), "ix_exchanges_state_first_entry"),
        (Wanted(subject="sub_9"), "ix_exchanges_subject_first_entry"),
        (Wanted(uninspected=True), "ix_exchanges_uninspected_first_entry"),
        (Wanted(prompt="sha256:99"), "ix_exchanges_prompt_first_entry"),
    ],
)
def test_what_few_calls_have_is_found_by_its_index(
    database: Database, wanted: Wanted, index: str
) -> None:
    """An index that holds only such calls is used for them, on either database."""
    asked: list[tuple[str, Any]] = []
    with database.inspect() as connection:
        event.listen(
            connection, "before_cursor_execute", lambda *given: asked.append((given[2], given[3]))
        )
        work = Work(connection, ACTOR, database.clock, database.ids, NOON, writable=False)
        calls.find(work, wanted, limit=2)
    (sql, values), explain = asked[-1], "EXPLAIN QUERY PLAN "
    with database.machine() as connection:
        if database.dialect == "postgresql":
            explain = "EXPLAIN "
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
        plan = str(connection.exec_driver_sql(explain + sql, values).all())
    assert index in plan, plan


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(system="sys_2"), [1]),
        (Wanted(state="refused"), [2]),
        (Wanted(model="n"), [1]),
        (Wanted(key="key_9"), [0]),
        (Wanted(subject="sub_9"), [1]),
        (Wanted(effect="deny"), [2]),
        (Wanted(prompt="sha256:99"), [0]),
        (Wanted(since=NOON + timedelta(minutes=1)), [2, 1]),
        (Wanted(until=NOON + timedelta(minutes=1)), [0]),
        (Wanted(system="sys_1", state="open"), [0]),
        (Wanted(system="sys_3"), []),
    ],
)
def test_each_filter_filters(database: Database, wanted: Wanted, found: list[int]) -> None:
    """Whatever can be asked for is found by it, and nothing else."""
    with database.work(ACTOR) as work:
        begin(work, 0, key="key_9", prompt="sha256:99")
        begin(work, 1, system="sys_2", model="n", subject="sub_9")
        body = {**BODY, "exchange": "exc_2", "status": 403, "effect": "deny", "code": "blocked"}
        calls.begin(work, row_refused(body, "svc_1", NOON + timedelta(minutes=2), 2))
        page = calls.find(work, wanted, limit=10)
    assert [each.id for each in page.rows] == [f"exc_{number}" for number in found]


def test_a_call_is_taken_in_once(database: Database) -> None:
    """The follower may see an entry twice; the row that changed meanwhile stays."""
    with database.work(ACTOR) as work:
        begin(work, 0)
        assert calls.end(work, "exc_0", {"state": "answered"})
        begin(work, 0)
        found = calls.get(work, "exc_0")
        assert found is not None
        assert found.state is State.ANSWERED
        assert calls.get(work, "exc_9") is None
        assert not calls.end(work, "exc_9", {"state": "answered"})


def test_open_calls_and_counts(database: Database) -> None:
    """Only calls that are open for long are closed; every state has a number."""
    with database.work(ACTOR) as work:
        for number in range(3):
            begin(work, number)
        calls.end(work, "exc_1", {"state": "answered"})
        old = calls.open_before(work, NOON + timedelta(minutes=2), limit=9)
        assert [each.id for each in old] == ["exc_0"]
        counted = calls.counted(work, NOON)
    assert counted[0] == {**dict.fromkeys(State, 0), State.OPEN: 2, State.ANSWERED: 1}


def test_how_far_the_log_was_read(database: Database) -> None:
    """Nothing at first; then the moment that was noted last, to the microsecond."""
    with database.work(ACTOR) as work:
        assert calls.read_until(work) is None
        for later in (0, 1):
            at = NOON + timedelta(hours=later, microseconds=later)
            calls.note_read(work, at)
            assert calls.read_until(work) == at


def test_a_subject_has_one_name_until_it_is_forgotten(database: Database) -> None:
    """Who comes second gets the name that is there; a forgotten one is gone."""
    with database.work(ACTOR) as work:
        assert calls.add_subject(work, "look", "sub_1")
        assert not calls.add_subject(work, "look", "sub_2")
        assert calls.subject(work, "look") == "sub_1"
        assert calls.forget_subject(work, "sub_1")
        assert not calls.forget_subject(work, "sub_1")
        assert calls.subject(work, "look") is None
