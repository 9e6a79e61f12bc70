"""What would have changed: decisions that were kept, made again by other rules, and grouped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from muniment.policy.models import (
    Decision,
    Effect,
    Facts,
    Moved,
    Recorded,
    Simulation,
    decision_value,
)
from muniment.policy.rules.engine import Engine

MOST_EXAMPLES: Final = 5
_Key = tuple[str, str, Effect, Effect, tuple[str, ...]]


def simulate(
    engine: Engine,
    kept: Iterable[tuple[Recorded, Facts | None]],
    *,
    since: datetime,
    until: datetime,
    decisions: int,
) -> Simulation:
    """Make kept decisions again by these rules; group those that would have come out otherwise."""
    groups: dict[_Key, list[str]] = defaultdict(list)
    tried = unreadable = 0
    for recorded, facts in kept:
        if facts is None:
            unreadable += 1
            continue
        tried += 1
        would = engine.decide(facts)
        if _differs(recorded, would):
            key = (
                recorded.action,
                recorded.resource_type,
                recorded.effect,
                would.effect,
                _by(recorded, would),
            )
            groups[key].append(recorded.id)
    moved = [
        Moved(*key, len(found), tuple(_spread(found))) for key, found in sorted(groups.items())
    ]
    moved.sort(key=lambda each: -each.count)
    changed = sum(each.count for each in moved)
    return Simulation(
        engine.bundle.digest, since, until, decisions, tried, changed, tuple(moved), unreadable
    )


def same_decision(recorded: Recorded, again: Decision) -> bool:
    """Tell whether a decision made again is the kept one, in every part."""
    return decision_value(again) == dict(recorded.decision)


def _differs(recorded: Recorded, would: Decision) -> bool:
    """Compare what comes of it; who said it with which reason may change freely."""
    cures = sorted(str(each) for each in would.remedies)
    return would.effect is not recorded.effect or cures != sorted(recorded.decision["remedies"])


def _by(recorded: Recorded, would: Decision) -> tuple[str, ...]:
    """Name the rules that speak in only one of the two decisions; they make the difference."""
    before = {each["rule"] for each in recorded.decision["reasons"]}
    after = {each.rule for each in would.reasons}
    return tuple(sorted(before ^ after))


def _spread(found: list[str]) -> list[str]:
    """Take examples from the whole length of a list, the first and the last among them."""
    if len(found) <= MOST_EXAMPLES:
        return found
    last = len(found) - 1
    return [found[last * place // (MOST_EXAMPLES - 1)] for place in range(MOST_EXAMPLES)]
