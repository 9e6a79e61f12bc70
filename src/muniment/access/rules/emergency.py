"""Break-glass: what may be taken in an emergency, for how long, and who looks it over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from muniment.access.models import Emergency, PersonId, Role, Verdict
from muniment.access.rules.permissions import AUDITOR

LONGEST_EMERGENCY: Final = timedelta(hours=8)
LOOKED_OVER_WITHIN: Final = timedelta(days=3)


def may_break(role: Role, lasting: timedelta, mine: Iterable[Emergency], at: datetime) -> Verdict:
    """Judge whether somebody may take a role now: one at a time, short, none long unreviewed."""
    mine = tuple(mine)
    if not role.built_in or role.name == AUDITOR:
        return _no(f"{role.name} is not taken in an emergency", "Take a built-in duty.")
    if not timedelta(minutes=1) <= lasting <= LONGEST_EMERGENCY:
        hours = LONGEST_EMERGENCY // timedelta(hours=1)
        return _no(f"an emergency lasts from a minute to {hours} hours", "Give a time within that.")
    if any(each.ends_at > at and each.reviewed_at is None for each in mine):
        return _no("one of theirs is under way", "End it first: revoke its grant.")
    if any(is_long_unreviewed(each, at) for each in mine):
        return _no(
            "an earlier emergency of theirs was never looked over",
            "Let security or compliance look it over first.",
        )
    return Verdict(ok=True)


def may_look_over(emergency: Emergency, reviewer: PersonId | None) -> Verdict:
    """Judge whether a person may look over an emergency: not their own, and only once."""
    if reviewer is None or reviewer == emergency.person_id:
        return _no("nobody looks over their own emergency", "Let a second person do it.")
    if emergency.reviewed_at is not None:
        return _no("it was looked over already", "")
    return Verdict(ok=True)


def is_long_unreviewed(emergency: Emergency, at: datetime) -> bool:
    """Tell whether an emergency should have been looked over by now."""
    return emergency.reviewed_at is None and at - emergency.ends_at > LOOKED_OVER_WITHIN


def _no(reason: str, remedy: str) -> Verdict:
    return Verdict(ok=False, reasons=(reason,), remedy=remedy)
