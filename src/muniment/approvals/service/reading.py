"""Reading requests: one, a list, and what waits for the very person who asks."""

from __future__ import annotations

from datetime import UTC, datetime

from muniment import access
from muniment.access import Scope
from muniment.approvals import store
from muniment.approvals.models import Comment, Request, State, Version, Vote
from muniment.approvals.service.answering import leave_of
from muniment.core.page import Page
from muniment.db import Work

_NEVER = datetime.max.replace(tzinfo=UTC)


def get(work: Work, request_id: str) -> tuple[Request, tuple[Vote, ...], tuple[Comment, ...]]:
    """Show a request with what was said."""
    request = store.get(work, request_id)
    access.require(work, "approvals.read", Scope.read(request.matter.scope))
    return request, store.votes(work, request_id), store.comments(work, request_id)


def list_requests(
    work: Work, query: store.Query, *, limit: int = 50, cursor: str | None = None
) -> Page[Request]:
    """List requests, the newest first: those whose scope the asker can read."""
    page = store.find(work, query, limit=limit, cursor=cursor)
    seen = tuple(
        each
        for each in page.rows
        if access.may(work, work.actor, "approvals.read", Scope.read(each.matter.scope)).ok
    )
    return Page(seen, page.next_cursor)


def inbox(work: Work, *, limit: int = 200) -> tuple[Request, ...]:
    """List the open requests that wait for this very person, the most urgent first."""
    from_all = store.find(work, store.Query(state=State.OPEN), limit=limit).rows
    mine = [each for each in from_all if leave_of(work, each).ok]
    return tuple(sorted(mine, key=lambda each: each.timing.expires_at or _NEVER))


def count_open(work: Work) -> int:
    """Count the open requests, as far as a thousand."""
    return store.open_count(work)


def versions(work: Work, request_id: str) -> tuple[Version, ...]:
    """List every version of a request, the first one first."""
    request = store.get(work, request_id)
    access.require(work, "approvals.read", Scope.read(request.matter.scope))
    return store.versions(work, request_id)


def overrides(work: Work, since: datetime, until: datetime) -> tuple[Vote, ...]:
    """List the overrides of a period: each is an exception, and they are counted."""
    access.require(work, "approvals.read")
    return store.overrides(work, since, until)
