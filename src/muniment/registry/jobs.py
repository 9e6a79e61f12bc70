"""MLflow is looked at again and again; what the registry follows: answers, tiers, traffic."""

from __future__ import annotations

from muniment.db import Database
from muniment.jobs import Chore, Follower, Run
from muniment.registry.service import (
    ANSWERED,
    Mlflow,
    follow_answer,
    follow_assessment,
    follow_drift,
    follow_leaving,
    follow_predicted,
    follow_registered,
    follow_seen,
    sync_every_mlflow,
)


def chores(database: Database, mlflow: Mlflow) -> tuple[Chore, ...]:
    """List the chores of this room; MLflow is looked at only if that is wanted."""
    seconds = mlflow.settings.mlflow_sync_seconds

    def look(run: Run) -> None:
        sync_every_mlflow(database, mlflow)
        with run.work() as work:
            run.finish(work)

    wanted = bool(mlflow.settings.mlflow_url) and seconds > 0
    return (Chore("registry.mlflow", look, seconds),) if wanted else ()


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
