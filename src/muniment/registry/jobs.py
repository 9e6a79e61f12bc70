"""What the registry follows: answers of approvals, assessments of risk, drift, traffic."""

from __future__ import annotations

from muniment.jobs import Follower
from muniment.registry.service import (
    ANSWERED,
    follow_answer,
    follow_assessment,
    follow_drift,
    follow_leaving,
    follow_predicted,
    follow_registered,
    follow_seen,
)


def followers() -> tuple[Follower, ...]:
    """List what this room follows."""
    return (
        Follower("registry.answers", ANSWERED, follow_answer),
        Follower("registry.tiers", ("risk.assessed",), follow_assessment),
        Follower("registry.drift", ("monitor.drifted",), follow_drift),
        Follower("registry.leaving", ("access.person_left",), follow_leaving),
        Follower("registry.seen", ("exchanges.seen",), follow_seen),
        Follower("registry.predicted", ("monitor.predicted",), follow_predicted),
        Follower("registry.registered", ("registry.version_added",), follow_registered),
    )
