"""The memory of groups, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import ledger
from muniment.core.errors import NotFoundError
from muniment.db import Database
from muniment.ledger.kinds.notices import Told
from muniment.notices import Group, Severity, Telling, store
from tests.notices.desk import ROOT


def put(database: Database, number: int, *people: str) -> Group:
    """Open a group and tell people of it."""
    with database.work(ROOT) as work:
        group = Group(
            f"ntc_{number:03}",
            "mine",
            "access.granted",
            Severity.INFO,
            ("grant", f"grt_{number}"),
            "Said",
            "/x",
            ("security",),
            number,
            work.now,
            work.now + timedelta(seconds=number),
        )
        store.groups.add(work, group)
        for person in people:
            store.groups.tell(work, Telling(work.new_id("tel"), group.id, person, "test", work.now))
        ledger.record(work, Told(group.id, "mine", "k", "s", "info", number, people, ()))
    return group


def test_a_group_reads_back_and_is_found_by_its_key(database: Database) -> None:
    """What was written is read; the newest of a key is found, and nothing of another key."""
    group = put(database, 1, "per_1")
    with database.work(ROOT) as work:
        store.groups.count_one(work, group.id)
        found = store.groups.latest(work, "mine", group.subject, Severity.INFO)
        assert found is not None
        assert (found.count, found.roles, found.entry) == (2, ("security",), 1)
        assert store.groups.latest(work, "mine", group.subject, Severity.LOOK) is None
        assert not store.groups.tell(
            work, Telling(work.new_id("tel"), group.id, "per_1", "test", work.now)
        )
    with pytest.raises(NotFoundError), database.look(ROOT) as work:
        store.groups.get(work, "ntc_none")


def test_an_inbox_is_paged(database: Database) -> None:
    """Pages follow each other without gaps or repeats, newest first."""
    for number in range(5):
        put(database, number, "per_1")
    seen: list[str] = []
    cursor: str | None = None
    with database.look(ROOT) as work:
        while True:
            page = store.groups.inbox(work, "per_1", limit=2, cursor=cursor)
            seen += [group.id for group, _ in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        whole = store.groups.all_told(work, limit=3)
        rest = store.groups.all_told(work, limit=3, cursor=whole.next_cursor)
    assert len(seen) == len(set(seen)) == 5
    assert [each.id for each in (*whole.rows, *rest.rows)] == sorted(seen, reverse=True)


def test_ripe_groups_are_those_whose_window_ended(database: Database) -> None:
    """Neither what gathers still, nor what was sent or settled."""
    for number in range(4):
        put(database, number)
    with database.work(ROOT) as work:
        assert len(store.groups.ripe(work, work.now + timedelta(seconds=2), limit=9)) == 3
        store.groups.mark(work, ["ntc_000"], sent_at=work.now)
        store.groups.mark(work, ["ntc_001"], settled_at=work.now)
        assert store.groups.mark(work, []) == 0
        left = store.groups.ripe(work, work.now + timedelta(seconds=2), limit=9)
        assert [each.id for each in left] == ["ntc_002"]
        ledger.record(work, Told("ntc_000", "mine", "k", "s", "info", 0, (), ()))
