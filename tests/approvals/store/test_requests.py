"""Requests in the database: kept whole, moved by compare-and-set, found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import ledger
from muniment.approvals import Need, Query, Request, Rule, State, Timing
from muniment.approvals.store import (
    add,
    add_version,
    due,
    find,
    get,
    latest_for,
    open_about,
    save,
    versions,
    waiting,
)
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Database, Work
from muniment.ledger.kinds.approvals import Asked
from tests.approvals.making import a_request
from tests.conftest import PERSON


def covered(work: Work, request: Request) -> None:
    """Record that the request was asked, which covers its tables."""
    ledger.record(work, Asked(request.id, "m", "a", "d", "s", "r", "per_ada", "", single_use=False))


def kept(database: Database, number: int = 1, **changes: object) -> Request:
    """Put a request into the database."""
    with database.work(PERSON) as work:
        fresh = replace(a_request(), id=f"apr_{number}", **changes)  # type: ignore[arg-type]
        add(work, fresh)
        covered(work, fresh)
        return fresh


def test_a_request_comes_back_whole(database: Database) -> None:
    """Everything of a request, its rule, timing, checks and document, is read as it was written."""
    rule = Rule((Need(2, "security"), Need()), strong=True, escalate_to="owner", override_role="x")
    at = a_request().asked_at
    timing = Timing(at + timedelta(hours=4), at + timedelta(hours=1), 600)
    put = kept(database, rule=rule, timing=timing, single_use=True)
    with database.look(PERSON) as work:
        assert get(work, "apr_1") == put


def test_an_unknown_request(database: Database) -> None:
    """Asking for what is not there says so."""
    with database.look(PERSON) as work, pytest.raises(NotFoundError):
        get(work, "apr_none")


def test_two_who_move_it_at_once(database: Database) -> None:
    """Only the first of two who read the same state writes; the other is told to look again."""
    put = kept(database)
    with database.work(PERSON) as work:
        saved = save(work, replace(put, state=State.DENIED))
        covered(work, put)
    assert saved.revision == put.revision + 1
    with pytest.raises(ConflictError, match="same moment"), database.work(PERSON) as work:
        save(work, replace(put, state=State.APPROVED))
    with database.look(PERSON) as work:
        assert get(work, "apr_1").state is State.DENIED


def test_versions_are_kept_for_ever(database: Database) -> None:
    """A new version becomes the current one, and the older ones can still be read."""
    put = kept(database)
    document = {"model": "sha256:bb"}
    newer = replace(put.version, number=2, document=document)
    moved = replace(put, version=newer, matter=replace(put.matter, document=document))
    with database.work(PERSON) as work:
        add_version(work, moved)
        save(work, moved)
        covered(work, put)
    with database.look(PERSON) as work:
        assert get(work, "apr_1").matter.document == document
        assert versions(work, "apr_1") == (put.version, newer)


def test_lists_are_paged_and_narrowed(database: Database) -> None:
    """A list gives the newest first, page by page, and only what was asked for."""
    for number in range(5):
        kept(database, number, author=f"per_{number % 2}")
    with database.look(PERSON) as work:
        first = find(work, Query(), limit=2)
        assert [each.id for each in first.rows] == ["apr_4", "apr_3"]
        second = find(work, Query(), limit=2, cursor=first.next_cursor)
        assert [each.id for each in second.rows] == ["apr_2", "apr_1"]
        last = find(work, Query(), limit=2, cursor=second.next_cursor)
        assert ([each.id for each in last.rows], last.next_cursor) == (["apr_0"], None)
        ones = find(work, Query(author="per_1", matter="registry.deploy"))
        assert [each.id for each in ones.rows] == ["apr_3", "apr_1"]
        assert find(work, Query(about=("system", "sys_2"))).rows == ()
        assert find(work, Query(state=State.DENIED)).rows == ()


def test_what_stands_about_a_subject(database: Database) -> None:
    """The open request about a subject is found, and the newest with exactly a digest."""
    put = kept(database)
    with database.look(PERSON) as work:
        assert open_about(work, "registry.deploy", ("system", "sys_1")) == put
        assert open_about(work, "registry.deploy", ("system", "sys_2")) is None
        exactly = put.version.digest
        assert latest_for(work, "registry.deploy", ("system", "sys_1"), exactly) == put
        assert latest_for(work, "registry.deploy", ("system", "sys_1"), "sha256:0") is None


def test_what_time_moves(database: Database) -> None:
    """What has run out or waits for escalation is due; what reminds waits."""
    at = a_request().asked_at
    hour = timedelta(hours=1)
    kept(database, 1, timing=Timing(expires_at=at + hour))
    kept(database, 2, timing=Timing(escalates_at=at + hour))
    kept(database, 3, timing=Timing(escalates_at=at + hour), escalated_at=at)
    kept(database, 4, timing=Timing(remind_every_seconds=60))
    with database.look(PERSON) as work:
        assert [each.id for each in due(work, at, limit=9)] == []
        assert [each.id for each in due(work, at + hour, limit=9)] == ["apr_1", "apr_2"]
        assert [each.id for each in waiting(work, limit=9)] == ["apr_4"]
