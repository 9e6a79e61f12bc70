"""What the registry learns from records of other rooms: answers, tiers, drift."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment import approvals, ledger
from muniment.core.clock import parse_stamp
from muniment.core.errors import InvalidError, NotFoundError
from muniment.db import Work
from muniment.jobs.follow import FollowedEntry
from muniment.ledger.kinds.registry import OwnerLeft, TierFollowed
from muniment.registry import store
from muniment.registry.models import DEPLOY, REVIEW, TIERS, SystemState
from muniment.registry.service.changes import take_answer
from muniment.registry.service.promoting import stop_canary
from muniment.registry.service.systems import take_review

_MOST_OWNED: Final = 500
ANSWERED: Final = (
    "approvals.decided",
    "approvals.overridden",
    "approvals.settled_by_rule",
    "approvals.expired",
    "approvals.withdrawn",
)


def follow_answer(work: Work, entry: FollowedEntry) -> None:
    """Take an answer to a question that the registry asked; of other questions it knows nothing.

    Whoever may ask can write any kind and subject, so what is not found here was not asked by us.
    """
    try:
        request, _, _ = approvals.get(work, str(entry.body["request_id"]))
        if request.matter.kind == REVIEW:
            take_review(work, request.matter.subject[1])
        elif request.matter.kind == DEPLOY:
            take_answer(work, request.matter.subject[1])
    except NotFoundError:
        return


def follow_assessment(work: Work, entry: FollowedEntry) -> None:
    """Learn the tier of a system; a tier that rose asks for a new review."""
    tier, until = str(entry.body["tier"]), str(entry.body["holds_until"])
    try:
        system = store.systems.hold(work, str(entry.body["system_id"]))
        holds_until = parse_stamp(until) if until else None
    except (NotFoundError, InvalidError):
        return
    if tier not in TIERS or (system.assessed_tier, system.assessed_until) == (tier, holds_until):
        return
    learned = replace(system, assessed_tier=tier, assessed_until=holds_until, updated_at=work.now)
    if system.review_due_at is not None and _rose(system.tier, learned.tier):
        learned = replace(learned, review_due_at=work.now)
    store.systems.save(work, learned, work.actor.id)
    ledger.record(work, TierFollowed(system.id, tier=tier, holds_until=until))


def follow_leaving(work: Work, entry: FollowedEntry) -> None:
    """Say of each system of somebody who left that it needs another owner."""
    person = str(entry.body["person"])
    query = store.SystemQuery(owner=person)
    for system in store.systems.find(work, query, limit=_MOST_OWNED).rows:
        if system.state is not SystemState.RETIRED:
            ledger.record(work, OwnerLeft(system.id, person))


def follow_drift(work: Work, entry: FollowedEntry) -> None:
    """Stop a canary where a measure left its bounds."""
    body = entry.body
    reason = f"{body['measure']} left its bounds"[:500]
    stop_canary(work, str(body["system_id"]), str(body["environment"]), reason=reason)


def _rose(before: str, after: str) -> bool:
    return bool(after) and (not before or TIERS.index(after) > TIERS.index(before))
