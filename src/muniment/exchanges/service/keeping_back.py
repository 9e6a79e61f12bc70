"""Answers that are kept back until a person says yes: on record, and discarded after a no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Final

from muniment import approvals, ledger, vault
from muniment.approvals import Query, Request, State
from muniment.core.actor import Actor
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.db import Database, Work
from muniment.exchanges.models import HeldAnswer
from muniment.ledger import Entry
from muniment.ledger.kinds.exchanges import Held

HELD: Final = "gateway.tool"
ENDED: Final = (
    "approvals.decided",
    "approvals.expired",
    "approvals.overridden",
    "approvals.settled_by_rule",
    "approvals.withdrawn",
)
FETCHED_WITHIN: Final = timedelta(days=7)
_NOT_FETCHED: Final = f"nobody fetched it within {FETCHED_WITHIN.days} days"
_AT_ONCE: Final = 200
_NOT_GIVEN: Final = {
    State.DENIED: "was denied",
    State.EXPIRED: "was not answered in time",
    State.WITHDRAWN: "was withdrawn",
}


def hold(work: Work, held: HeldAnswer, content: Mapping[str, str | int]) -> None:
    """Record that an answer is kept back, with the reference of where it rests."""
    told = {each.name: getattr(held, each.name) for each in fields(held)}
    ledger.record(work, Held(**told), content=(content,))


def follow_ended(work: Work, entry: Entry) -> None:
    """Discard an answer that was kept for a yes once that can no longer come."""
    request, _votes, _comments = approvals.get(work, str(entry.body["request_id"]))
    why = _why_not(request)
    if request.matter.kind != HELD or not why:
        return
    kept_back = vault.Held.from_reference(request.version.document["answer"])
    vault.discard(work, kept_back, reason=f"{request.id} {why}")


def let_go(database: Database, actor: Actor) -> int:
    """Spend every yes that nobody came back for, and discard its answer; give how many."""
    with database.look(actor) as work:
        ripe = [each for each in _approved(work) if _is_over(work, each)]
    return sum(_let_one_go(database, actor, each) for each in ripe)


def _approved(work: Work) -> list[Request]:
    query, cursor = Query(state=State.APPROVED, matter=HELD), None
    found: list[Request] = []
    while True:
        page = approvals.list_requests(work, query, limit=_AT_ONCE, cursor=cursor)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return found


def _is_over(work: Work, request: Request) -> bool:
    return request.closed_at is not None and request.closed_at + FETCHED_WITHIN <= work.now


def _let_one_go(database: Database, actor: Actor, request: Request) -> bool:
    """Spend one yes, unless its caller came for it in the same moment."""
    try:
        with database.work(actor) as work:
            digest = request.version.digest
            spent = approvals.use(work, request.id, digest=digest, what=_NOT_FETCHED)
            kept_back = vault.Held.from_reference(spent.version.document["answer"])
            vault.discard(work, kept_back, reason=f"{request.id} was approved, but {_NOT_FETCHED}")
    except (ConflictError, ForbiddenError):
        return False
    return True


def _why_not(request: Request) -> str:
    """Say why what was kept can never be given; nothing, as long as it may be."""
    if request.state is State.APPROVED and request.version.number > 1:
        return "was approved with a change, which no answer can carry out"
    return _NOT_GIVEN.get(request.state, "")
