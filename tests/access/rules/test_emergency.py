"""Break-glass: what may be taken, for how long, and who looks it over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment.access.models import Emergency, PersonId, Role
from muniment.access.rules import BUILT_IN, is_long_unreviewed, may_break, may_look_over
from muniment.testing import START

ANA = PersonId("per_ana")
HOUR = timedelta(hours=1)
OVER = Emergency("emg_1", "grt_1", ANA, START - 2 * HOUR, START - HOUR)


@pytest.mark.parametrize(
    ("role", "lasting", "mine", "reason"),
    [
        (BUILT_IN["operator"], HOUR, [], ""),
        (BUILT_IN["admin"], 8 * HOUR, [OVER], ""),
        (BUILT_IN["operator"], 9 * HOUR, [], "from a minute to 8 hours"),
        (BUILT_IN["operator"], timedelta(0), [], "from a minute"),
        (BUILT_IN["auditor"], HOUR, [], "not taken in an emergency"),
        (Role("own", "Own.", frozenset()), HOUR, [], "not taken in an emergency"),
        (BUILT_IN["operator"], HOUR, [replace(OVER, ends_at=START + HOUR)], "under way"),
        (
            BUILT_IN["operator"],
            HOUR,
            [replace(OVER, ends_at=START - timedelta(days=4))],
            "never looked over",
        ),
    ],
)
def test_glass_is_broken_for_hours_and_not_as_a_habit(
    role: Role, lasting: timedelta, mine: list[Emergency], reason: str
) -> None:
    """A built-in duty, hours at most, one at a time, and none while an old one is unreviewed."""
    verdict = may_break(role, lasting, mine, START)
    assert verdict.ok is not bool(reason)
    assert reason in " ".join(verdict.reasons)


@pytest.mark.parametrize(
    ("emergency", "who", "fine"),
    [
        (OVER, PersonId("per_bob"), True),
        (OVER, ANA, False),
        (OVER, None, False),
        (replace(OVER, reviewed_at=START), PersonId("per_bob"), False),
    ],
)
def test_somebody_else_looks_it_over(
    emergency: Emergency,
    who: PersonId | None,
    fine: bool,  # noqa: FBT001
) -> None:
    """Nobody judges their own emergency, and it is judged once."""
    assert may_look_over(emergency, who).ok is fine


def test_an_emergency_nobody_looked_over_is_told_after_three_days() -> None:
    """Three days after it ended it is late, unless somebody looked it over."""
    late = OVER.ends_at + timedelta(days=3, seconds=1)
    assert is_long_unreviewed(OVER, late)
    assert not is_long_unreviewed(OVER, late - timedelta(seconds=2))
    assert not is_long_unreviewed(replace(OVER, reviewed_at=START), late)
