"""The chores of the registry: MLflow is looked at again and again, if that is wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import jobs, registry
from muniment.jobs import Runner
from muniment.registry import Mlflow
from muniment.registry.jobs import chores
from tests.approvals.people import ROOT
from tests.registry.mlflow_told import mlflow_told
from tests.registry.yard import Yard


@pytest.mark.slow
def test_mlflow_is_looked_at_by_the_worker(yard: Yard) -> None:
    """Off unless an interval and a server are named; then what is new there comes by itself."""
    yard.approved()
    with mlflow_told(yard.settings) as (told, mlflow):
        assert chores(yard.database, mlflow) == ()
        ours = replace(mlflow.settings, mlflow_sync_seconds=60)
        assert chores(yard.database, Mlflow(replace(ours, mlflow_url=""), mlflow.fetcher)) == ()
        (chore,) = chores(yard.database, Mlflow(ours, mlflow.fetcher))
        assert (chore.name, chore.every_seconds) == ("registry.mlflow", 60)
        told.add("1")
        with yard.by("ben") as work:
            registry.link_mlflow(work, yard.system.key, "model/main", "score", {})
        with yard.database.work(ROOT) as work:
            jobs.enqueue(work, chore.name, {})
        assert Runner(yard.database, yard.settings, chores=(chore,)).run_one()
    with yard.looking() as work:
        assert len(registry.versions_of(work, yard.system.id, "model/main").rows) == 1
