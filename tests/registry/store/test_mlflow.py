"""Tests of what is kept of MLflow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import registry
from muniment.core.errors import ConflictError
from muniment.ledger import record
from muniment.ledger.kinds.registry_files import MlflowSynced
from muniment.registry.store import mlflow
from tests.registry.yard import Yard


def test_of_two_looks_at_once_the_first_wins(yard: Yard) -> None:
    """The second is told to look again, and nothing of it stays."""
    yard.approved()
    with yard.by("ben") as work:
        link = registry.link_mlflow(work, yard.system.key, "model/main", "score", {})
    kind = MlflowSynced(yard.system.id, link.id, (), (), "sha256:" + "0" * 64)
    with yard.by("ben") as work:
        saved = mlflow.save_link(work, replace(link, aliases={"champion": "1"}))
        record(work, kind)
    with pytest.raises(ConflictError), yard.by("ben") as work:
        mlflow.save_link(work, replace(link, aliases={"champion": "2"}))
    with yard.looking() as work:
        assert mlflow.link_of(work, "score") == saved
        assert mlflow.links(work) == (saved,)
        assert mlflow.seen_of(work, link.id) == {}
