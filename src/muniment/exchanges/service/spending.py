"""Reserve before a call leaves, settle once it has ended, and set what the limits are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from muniment import access, ledger
from muniment.access import EVERYTHING, Scope
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.exchanges import rules, store
from muniment.exchanges.models import (
    Claim,
    Limit,
    Outcome,
    Overrun,
    Reserved,
    ScopeKind,
    Use,
    Window,
)
from muniment.exchanges.service.seeing import READ, systems_seen
from muniment.ledger.kinds.exchanges import LimitEnded, LimitNeared, LimitSet

_KEPT_DAYS: Final = 40


def reserve(
    work: Work, exchange: str, limits: Sequence[Limit], claim: Claim
) -> tuple[Reserved, ...] | Overrun:
    """Take a call's part of every limit it meets, or of none if one would be exceeded."""
    taken: list[Reserved] = []
    for limit in limits:
        amount, window = rules.claimed(limit, claim), rules.window_of(limit.window, work.now)
        used = store.counting.take(work, limit.id, window, amount, limit.amount)
        if used is None:
            for each in taken:
                store.counting.correct(work, each.limit, each.window, -each.amount)
            left = max(0, limit.amount - store.counting.used(work, limit.id, window))
            return Overrun(limit, left, amount, rules.next_after(limit.window, work.now))
        taken.append(Reserved(limit.id, window, amount))
        if limit.window is not Window.NOW and rules.warns(limit, used - amount, used):
            _warn(work, limit, window, used)
    if taken:
        store.counting.hold(work, exchange, taken)
    return tuple(taken)


def settle(work: Work, outcome: Outcome) -> None:
    """Put the counters right by what a call really used; a second time does nothing."""
    for part in store.counting.let_go(work, outcome.exchange):
        limit = store.setting.limit(work, part.limit)
        if limit is not None:
            used = rules.really_used(limit.measure, outcome, part.amount)
            store.counting.correct(work, part.limit, part.window, used - part.amount)


def set_limit(work: Work, wanted: Limit) -> Limit:
    """Set how much may be used; a limit of the same scope, measure and window is changed."""
    access.require(work, "exchanges.limit", place_of(wanted))
    rules.sound_limit(wanted)
    known = store.setting.same_limit(work, wanted)
    limit = replace(
        wanted,
        id=work.new_id("lim") if known is None else known.id,
        changed_by=work.actor.id,
        changed_at=work.now,
        ended_at=None,
    )
    (store.setting.add_limit if known is None else store.setting.change_limit)(work, limit)
    store.setting.beat(work)
    ledger.record(
        work,
        LimitSet(
            limit.id,
            limit.scope.value,
            limit.scope_id,
            limit.measure.value,
            limit.window.value,
            limit.amount,
            limit.warn_percent,
            limit.reason,
        ),
    )
    return limit


def end_limit(work: Work, limit_id: str, *, reason: str) -> Limit:
    """Let a limit hold no longer."""
    rules.require_reason(reason)
    limit = get_limit(work, limit_id)
    access.require(work, "exchanges.limit", place_of(limit))
    if limit.ended_at is not None:
        raise ConflictError("this limit has ended", subject=limit.id, remedy="Set it anew.")
    ended = replace(limit, ended_at=work.now, changed_by=work.actor.id, changed_at=work.now)
    store.setting.change_limit(work, ended)
    store.setting.beat(work)
    ledger.record(work, LimitEnded(limit.id, limit.scope.value, limit.scope_id, reason))
    return ended


def limit_in_use(work: Work, limit_id: str) -> Use:
    """Show one limit, ended or not, and how much of it is used in its window of now."""
    found, seen = get_limit(work, limit_id), systems_seen(work)
    if seen is not None and not _concerns(found, seen):
        access.require(work, READ, place_of(found))
    return use_of(work, found)


def use_of(work: Work, limit: Limit) -> Use:
    """Say how much is used of a limit that was just read or set."""
    window = rules.window_of(limit.window, work.now)
    return Use(limit, store.counting.used(work, limit.id, window), window)


def get_limit(work: Work, limit_id: str) -> Limit:
    """Read one limit."""
    found = store.setting.limit(work, limit_id) if limit_id.isprintable() else None
    if found is None:
        raise NotFoundError(
            "there is no such limit", subject=limit_id[:60], remedy="List them to see their ids."
        )
    return found


def limits_in_use(work: Work) -> tuple[Use, ...]:
    """Say of every limit that holds, and may be seen, how much is used in its window of now."""
    seen = systems_seen(work)
    found = []
    for limit in store.setting.limits(work):
        if seen is not None and not _concerns(limit, seen):
            continue
        found.append(use_of(work, limit))
    return tuple(found)


def forget_old(work: Work) -> int:
    """Forget counters of windows that nobody can still be counted in, and uses of old days."""
    long_ago = work.now - timedelta(days=_KEPT_DAYS)
    names = {window: rules.window_of(window, long_ago) for window in Window}
    days = store.using.forget_days(work, names[Window.DAY])
    return days + store.counting.forget_windows(work, names.items())


def place_of(limit: Limit) -> Scope:
    """Say where somebody must have the right to set this limit."""
    return Scope.of(system=limit.scope_id) if limit.scope is ScopeKind.SYSTEM else EVERYTHING


def _concerns(limit: Limit, systems: Collection[str]) -> bool:
    return limit.scope is ScopeKind.SYSTEM and limit.scope_id in systems


def _warn(work: Work, limit: Limit, window: str, used: int) -> None:
    ledger.record(
        work,
        LimitNeared(
            limit.id,
            limit.scope.value,
            limit.scope_id,
            limit.measure.value,
            window,
            used,
            limit.amount,
        ),
    )
