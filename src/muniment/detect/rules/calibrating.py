"""Judges a change of configuration: whether it looks away more often, and whether it may be made.

Feedback never loosens anything by itself. A change that looks away more needs an end, and it must
not miss again what was reported as missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from muniment.core.errors import ForbiddenError, InvalidError
from muniment.detect.models import Case, CaseKind, Configuration, Figures, Finding

LONGEST_LOOSE: Final = timedelta(days=366)
_LEAST_REASON_CHARS: Final = 10
_MOST_REASON_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A change somebody asks for."""

    owner: str
    reason: str
    expires_at: datetime | None


def loosened(old: Configuration, new: Configuration) -> tuple[str, ...]:
    """Say in what ways a new configuration would find less than the old one."""
    ways = [
        (len(set(new.allowed) - set(old.allowed)), "more texts are allowed"),
        (new.threshold > old.threshold, "the threshold is higher"),
        (_higher(old, new), "thresholds of types are higher"),
        (len(set(new.without) - set(old.without)), "more types are left out"),
        (_narrower(old.types, new.types), "fewer types are looked for"),
        (len(set(old.also) - set(new.also)), "fewer types are looked for besides"),
        (len(set(old.layers) - set(new.layers)), "a layer is switched off"),
        (len(set(old.terms) - set(new.terms)), "own terms are taken away"),
    ]
    return tuple(says for is_so, says in ways if is_so)


def require_change(
    asked: Asked, ways: tuple[str, ...], before: Figures, after: Figures, now: datetime
) -> None:
    """Refuse a change without an owner and a reason, or one that looks away without an end."""
    if not asked.owner.strip() or len(asked.owner) > 120 or not asked.owner.isprintable():
        raise InvalidError(
            "somebody answers for a change", field="owner", remedy="Name a person or a team."
        )
    if not _LEAST_REASON_CHARS <= len(asked.reason.strip()) <= _MOST_REASON_CHARS:
        raise InvalidError(
            "a change has a reason",
            field="reason",
            remedy=f"Write {_LEAST_REASON_CHARS} to {_MOST_REASON_CHARS} characters.",
        )
    if asked.expires_at is not None and asked.expires_at <= now:
        raise InvalidError(
            "this change would have ended already",
            field="expires_at",
            remedy="Give a time to come.",
        )
    if ways and (asked.expires_at is None or asked.expires_at > now + LONGEST_LOOSE):
        raise InvalidError(
            "a change that finds less has an end, a year from now at the latest",
            field="expires_at",
            remedy="Give the day on which somebody looks at it again.",
            reasons=ways,
        )
    if after.missed > before.missed:
        raise ForbiddenError(
            "this change would miss again what was reported as missed",
            remedy="Narrow it, or erase the cases that no longer hold, with a reason.",
            reasons=(f"missed before: {before.missed}", f"missed after: {after.missed}"),
        )


def is_right(case: Case, findings: Iterable[Finding]) -> bool:
    """Tell whether findings of a case's text answer it: found what was missed, silent elsewhere."""
    met = any(
        each.type == case.type and each.start < case.end and case.start < each.end
        for each in findings
    )
    return met == (case.kind is CaseKind.MISSED)


def figures_of(answers: Iterable[tuple[Case, bool | None]]) -> Figures:
    """Count answers; an erased text is *could not tell*, never right."""
    counts = {"right": 0, "false_alarms": 0, "missed": 0, "unknown": 0}
    for case, right in answers:
        if right is None:
            counts["unknown"] += 1
        elif right:
            counts["right"] += 1
        else:
            counts["missed" if case.kind is CaseKind.MISSED else "false_alarms"] += 1
    return Figures(**counts)


def _higher(old: Configuration, new: Configuration) -> bool:
    before, after = dict(old.thresholds), dict(new.thresholds)
    return any(
        after.get(name, new.threshold) > before.get(name, old.threshold)
        for name in before.keys() | after.keys()
    )


def _narrower(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    if not new:
        return False
    return not old or bool(set(old) - set(new))
