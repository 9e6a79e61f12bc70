"""What was observed stands beside what is declared: traffic, predictions, and what differs."""

from __future__ import annotations

from muniment import ledger, registry
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.ledger.kinds.monitor import Predicted
from muniment.registry import Means, ObservedQuery
from tests.approvals.people import ROOT
from tests.registry.service.test_following import follow
from tests.registry.service.test_seeing import see
from tests.registry.yard import Yard


def predict(yard: Yard, name: str, **changed: object) -> None:
    """Let whoever keeps predictions tell which model made them."""
    with yard.database.work(ROOT) as work:
        first = work.now
    yard.later(60)
    with yard.database.work(ROOT) as work:
        body = {
            "system_id": yard.system.id,
            "environment": "production",
            "name": name,
            "digest": "",
            "predictions": 40,
            "first_at": stamp(first),
            "last_at": stamp(work.now),
            **changed,
        }
        ledger.record(work, Predicted(**body))  # type: ignore[arg-type]  # what a test changes
    follow(yard, "monitor.predicted")


def test_predictions_are_observed_too(yard: Yard) -> None:
    """A model that predicts is seen from its first to its last prediction; nonsense is not."""
    yard.approved()
    with yard.by("ben") as work:
        document = {"name": "score", "provider": "own"}
        registry.add_version(work, "credit-score", "model/main", document)
    predict(yard, "score")
    predict(yard, "score", last_at="soon")
    predict(yard, "score", last_at="2020-01-01T00:00:00Z")
    predict(yard, "score", predictions=0)
    with yard.looking() as work:
        query = ObservedQuery(yard.system.id, "production", Means.PREDICTION)
        (found,) = registry.find_observed(work, query).rows
        assert (found.name, found.by, found.count) == ("model/main 1", "prediction", 80)
        assert (found.ends_at - found.starts_at).total_seconds() == 60
        none = ObservedQuery(environment="staging")
        assert registry.find_observed(work, none).rows == ()
        moment = registry.at(work, "credit-score", found.ends_at)
    assert moment.deployment is None
    assert moment.conflicts == (
        "model/main 1 was seen as score, and is not declared to serve then",
    )


def test_an_observation_never_changes_what_is_declared(yard: Yard) -> None:
    """Traffic of another prompt is shown as a difference; the declared interval stays as it is."""
    yard.approved()
    change = yard.released("Be kind.")
    with yard.looking() as work:
        before = registry.deployments(work, "credit-score").rows
    see(yard, "prompt", "main", digest_bytes(b"Be cruel."))
    with yard.looking() as work:
        assert registry.deployments(work, "credit-score").rows == before
        moment = registry.at(work, "credit-score", work.now)
        assert moment.deployment is not None
        assert moment.deployment.whole == change.set_digest
        assert moment.conflicts == ("main was seen, and is not registered",)
        (seen,) = registry.observations(work, "credit-score", moment.at, moment.at)
        assert seen in moment.observed
