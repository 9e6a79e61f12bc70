"""What is due stands on the first page until it was done."""

from __future__ import annotations

from datetime import timedelta

from muniment import access
from muniment.access import PersonId
from muniment.web.overview import due
from tests.exchanges.calling import Calling
from tests.web.overview.looking import overview


def test_a_review_is_due_until_it_is_closed_and_said_when_late(calls: Calling) -> None:
    """An open review stands with its day; past it, the first line says so, and leads there."""
    people = [calls.who(role) for role in ("operator", "owner")]
    with calls.house.database.work(calls.who("compliance").actor) as work:
        opened = access.open_review(
            work,
            name="Access, this quarter",
            reviewers=[PersonId(each.id) for each in people],
            due_at=work.now + timedelta(days=9),
        )
    with calls.house.database.look(calls.who("compliance").actor) as work:
        told = due.of_access(work)
    assert [(each.title, each.href) for each in told.due] == [
        ("Access, this quarter", f"/console/access/reviews/{opened.id}")
    ]
    assert told.said == ()
    shown = overview(calls, "compliance").body.decode()
    assert f'href="/console/access/reviews/{opened.id}"' in shown
    assert "Access, this quarter" not in overview(calls, "nobody").body.decode()
    with calls.house.database.look(calls.who("operator").actor) as work:
        assert due.of_systems(work).due == ()
