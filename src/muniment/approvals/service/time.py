"""What time does to a request: it reminds, is passed up, and ends; the end is never a yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from muniment import access, ledger
from muniment.access import Scope
from muniment.approvals import rules, store
from muniment.approvals.models import Request, State
from muniment.approvals.service import who
from muniment.approvals.service.asking import require_text, roles_asked
from muniment.core.clock import stamp
from muniment.core.errors import ConflictError
from muniment.db import Work
from muniment.ledger.kinds.approvals import Escalated, Expired, Reminded

_AT_ONCE: Final = 200


def escalate(work: Work, request_id: str, *, reason: str) -> Request:
    """Pass a request up now: holders of the rule's higher role may answer too."""
    request = store.hold(work, request_id)
    access.require(work, "approvals.decide", Scope.read(request.matter.scope))
    return _escalate(work, request, require_text(reason, "reason"))


def run_due(work: Work) -> int:
    """End what has run out and pass up what waited too long; give how many moved."""
    ripe = store.due(work, work.now, limit=_AT_ONCE)
    for request in ripe:
        ends = request.timing.expires_at
        if ends is not None and ends <= work.now:
            _expire(work, request)
        else:
            _escalate(work, request, "nobody answered in time")
    return len(ripe)


def remind(work: Work) -> int:
    """Remind of what waits, each as often as it asked for; give how many were reminded."""
    done = 0
    for request in store.waiting(work, limit=_AT_ONCE):
        last = request.reminded_at or request.asked_at
        if last + timedelta(seconds=request.timing.remind_every_seconds) > work.now:
            continue
        missing = rules.judge(request, store.votes(work, request.id)).missing
        store.save(work, replace(request, reminded_at=work.now))
        ledger.record(
            work,
            Reminded(
                request.id,
                missing=missing,
                author=request.author,
                roles=roles_asked(request.rule),
                scope=dict(request.matter.scope),
                standing_in=_standing_in(work, request, roles_asked(request.rule)),
            ),
        )
        done += 1
    return done


def _expire(work: Work, request: Request) -> None:
    ends = request.timing.expires_at or work.now
    store.save(work, replace(request, state=State.EXPIRED, closed_at=work.now))
    ledger.record(work, Expired(request.id, expires_at=stamp(ends), author=request.author))


def _escalate(work: Work, request: Request, reason: str) -> Request:
    if request.state is not State.OPEN:
        raise ConflictError(f"this request is {request.state.value} already", subject=request.id)
    if not request.rule.escalate_to or request.escalated_at is not None:
        raise ConflictError(
            "it cannot be passed up further", subject=request.id, remedy="Answer it, or let it end."
        )
    saved = store.save(work, replace(request, escalated_at=work.now))
    ledger.record(
        work,
        Escalated(
            request.id,
            role=request.rule.escalate_to,
            reason=reason,
            author=request.author,
            scope=dict(request.matter.scope),
            standing_in=_standing_in(work, request, (request.rule.escalate_to,)),
        ),
    )
    return saved


def _standing_in(work: Work, request: Request, roles: Sequence[str]) -> tuple[str, ...]:
    return who.standing_in_for(work, request.matter.kind, roles, request.matter.scope)
