"""What a limit may be, which limits a call meets, and what it claims of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from muniment.core.errors import InvalidError
from muniment.exchanges.models import (
    Claim,
    Limit,
    Measure,
    Outcome,
    Reached,
    ScopeKind,
    Window,
)

_MOST: Final = 1 << 53
_LONGEST_NAME: Final = 80
_LONGEST_REASON: Final = 500
_BEGINS: Final = {ScopeKind.KEY: "key_", ScopeKind.TEAM: "team_", ScopeKind.SYSTEM: "sys_"}


def sound_limit(limit: Limit) -> Limit:
    """Check a limit that somebody wants to set."""
    if not 0 <= limit.amount < _MOST:
        raise InvalidError(
            f"{limit.amount} is no amount", field="amount", remedy="Give 0 (nothing) or more."
        )
    if not 1 <= limit.warn_percent <= 100:
        raise InvalidError(
            f"{limit.warn_percent} is no share",
            field="warn_percent",
            remedy="Give 1 to 100 per cent; 100 warns only when all is used.",
        )
    if (limit.measure is Measure.CONCURRENCY) != (limit.window is Window.NOW):
        raise InvalidError(
            "what runs at the same time is counted now, and everything else in a window of time",
            field="window",
            remedy="Use concurrency with now, or another measure with minute, hour, day or month.",
        )
    named = limit.scope_id
    if (limit.scope is ScopeKind.EVERYTHING) == bool(named):
        raise InvalidError(
            "a limit of everything names nothing, and every other names what it is of",
            field="scope_id",
            remedy="Give the id of the key, team, system or dataset, or none for everything.",
        )
    begins = _BEGINS.get(limit.scope, "")
    sound = len(named) <= _LONGEST_NAME and named.isprintable() and named.startswith(begins)
    if not sound:
        like = f"Copy it from its page; it looks like {begins}…." if begins else "Give its name."
        raise InvalidError(
            f"{named[:60]!r} is no id of a {limit.scope.value}, so this would count nothing",
            field="scope_id",
            remedy=like,
        )
    if not limit.reason.strip() or len(limit.reason) > _LONGEST_REASON:
        raise InvalidError(
            "a limit needs a reason",
            field="reason",
            remedy=f"Say in 1 to {_LONGEST_REASON} characters why.",
        )
    return limit


def meets(limits: Iterable[Limit], scopes: Mapping[ScopeKind, frozenset[str]]) -> tuple[Limit, ...]:
    """Choose the limits that a call of these scopes counts towards, in the order of their ids.

    One order for all callers: two that count the same limits never wait for each other in turn.
    """
    found = [
        limit
        for limit in limits
        if limit.scope is ScopeKind.EVERYTHING
        or limit.scope_id in scopes.get(limit.scope, frozenset())
    ]
    return tuple(sorted(found, key=lambda limit: limit.id))


def claimed(limit: Limit, claim: Claim) -> int:
    """Say how much of a limit a call reserves before it leaves."""
    match limit.measure:
        case Measure.REQUESTS | Measure.CONCURRENCY:
            return 1
        case Measure.TOKENS:
            return claim.tokens
        case Measure.COST:
            return claim.cost_micros


def really_used(measure: Measure, outcome: Outcome, reserved: int) -> int:
    """Say how much of what was reserved stays used once a call has ended.

    What nobody can tell stays as it was reserved: of a call whose end is not known, and of tokens
    that a provider did not count, as in a stream whose caller did not ask for it or went away.
    """
    if measure is Measure.CONCURRENCY:
        return 0
    if measure is Measure.REQUESTS or not outcome.attempts:
        return reserved
    if measure is Measure.TOKENS:
        used = outcome.input_tokens + outcome.output_tokens
        is_counted = bool(used) or outcome.reached is Reached.NONE or outcome.cost_micros >= 0
        return used if is_counted else reserved
    return outcome.cost_micros if outcome.cost_micros >= 0 else reserved


def warns(limit: Limit, before: int, after: int) -> bool:
    """Tell whether this use is the one that passes the share from which on people are warned."""
    at = -(-limit.amount * limit.warn_percent // 100)
    return before < at <= after
