"""As of: what served at a moment, as it was known at another, approved by whom, with proofs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from muniment import registry
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.registry import Moment, Share
from tests.registry.yard import Yard


def asked(yard: Yard, moment: datetime, known_at: datetime | None = None) -> Moment:
    """Ask what served in production."""
    with yard.looking() as work:
        return registry.at(work, "credit-score", moment, known_at=known_at)


@pytest.mark.requirement("REG-08", "CHG-16", "CHG-04", "REG-07", "REG-16")
def test_for_any_moment_the_exact_versions_and_their_approver_are_told(yard: Yard) -> None:
    """Before, during and after: which prompt served, what it said, and who had approved it."""
    yard.approved()
    before = yard.database.clock.now()
    first = yard.released("one")
    during = yard.database.clock.now()
    yard.later(60)
    second = yard.released("two")
    yard.later(60)
    assert asked(yard, before).deployment is None
    found = asked(yard, during)
    assert found.deployment is not None
    assert found.deployment.whole == first.set_digest
    (version,) = found.versions[first.set_digest]
    assert (version.label, version.document) == ("prompt/main", {"text": "one"})
    approval = found.approvals[first.id]
    assert approval.approved_by == (yard.id("rita"),)
    assert approval.author == yard.id("ben")
    now = asked(yard, yard.database.clock.now())
    assert now.deployment is not None
    assert now.deployment.whole == second.set_digest
    with pytest.raises(InvalidError, match="not come yet"):
        asked(yard, yard.database.clock.now() + timedelta(days=1))


def test_while_a_system_was_suspended_nobody_was_served(yard: Yard) -> None:
    """What is declared stays declared; beside it stands from when until when it was suspended."""
    yard.approved()
    yard.released("one")
    yard.later(60)
    with yard.by("olga") as work:
        registry.suspend(work, "credit-score", reason="odd answers")
    suspended = yard.database.clock.now()
    yard.later(60)
    with yard.by("olga") as work:
        registry.resume(work, "credit-score", reason="they were right")
    yard.later(60)
    then, later = asked(yard, suspended), asked(yard, yard.database.clock.now())
    assert then.deployment is not None
    assert then.suspended is not None
    assert (then.suspended.reason, then.suspended.author) == ("odd answers", yard.id("olga"))
    assert then.suspended.ends_at is not None
    assert (
        asked(yard, suspended, known_at=suspended).suspended != then.suspended
    )  # its end had not come
    assert later.suspended is None
    assert asked(yard, then.suspended.starts_at - timedelta(seconds=1)).suspended is None
    with yard.looking() as work:
        now = work.now
        whole = registry.suspensions(work, "credit-score", then.suspended.starts_at, now)
        assert registry.suspensions(work, "credit-score", then.suspended.ends_at, now) == ()
        (known,) = registry.suspensions(work, "credit-score", suspended, now, known_at=suspended)
    assert whole == (then.suspended,)
    assert known.ends_at is None


def test_a_period_is_listed_without_gaps(yard: Yard) -> None:
    """Interval by interval, from the one that served at the beginning to the last."""
    yard.approved()
    yard.released("one")
    since = yard.database.clock.now()
    yard.released("two")
    until = yard.database.clock.now() + timedelta(seconds=1)
    yard.later(60)
    with yard.looking() as work:
        found = list(registry.period(work, "credit-score", since, until))
        with pytest.raises(InvalidError):
            list(registry.period(work, "credit-score", until, since))
    told = [[each.percent for each in one.deployment.shares] for one in found if one.deployment]
    assert told == [[100], [90, 10], [100]]
    assert found[0].at == since


@pytest.mark.requirement("REG-09", "LOG-11")
def test_a_correction_never_rewrites(yard: Yard) -> None:
    """What we know now differs; what we knew then is still told when asked as of then."""
    yard.approved()
    first, second = yard.released("one"), yard.released("two")
    yard.later(3600)
    moment = yard.database.clock.now() - timedelta(minutes=30)
    known_then = yard.database.clock.now()
    found = asked(yard, moment)
    assert found.deployment is not None
    with pytest.raises(ForbiddenError), yard.by("otto") as work:
        correct(yard, work, found.deployment.id, first.set_digest, moment)
    yard.later(1)
    with yard.by("cora") as work:
        pieces = correct(yard, work, found.deployment.id, first.set_digest, moment)
    assert len(pieces) == 3
    now_told, then_told = asked(yard, moment), asked(yard, moment, known_then)
    assert now_told.deployment is not None
    assert then_told.deployment is not None
    assert now_told.deployment.whole == first.set_digest
    assert now_told.deployment.source is registry.Source.ASSERTED
    assert then_told.deployment.whole == second.set_digest
    yard.later(1)
    present = asked(yard, yard.database.clock.now())
    assert present.deployment is not None
    assert present.deployment.whole == second.set_digest
    yard.released("three")
    with yard.looking() as work:
        rows = registry.deployments(work, "credit-score").rows
    assert sum(each.corrected_at is not None for each in rows) == 1


def correct(
    yard: Yard, work: Work, deployment_id: str, set_digest: str, moment: datetime
) -> tuple[registry.Deployment, ...]:
    """State that another set served for twenty minutes."""
    return registry.correct(
        work,
        deployment_id,
        [Share(set_digest, 100)],
        starts_at=moment - timedelta(minutes=10),
        ends_at=moment + timedelta(minutes=10),
        reason="the rollout had failed",
    )


def test_a_correction_names_sets_of_this_system_and_a_past_time(yard: Yard) -> None:
    """What is not known, and what is not over, cannot be corrected."""
    yard.approved()
    change = yard.released("one")
    with yard.looking() as work:
        serving = registry.serving_now(work, "credit-score")[-1]
    yard.later(60)
    at = serving.starts_at
    with pytest.raises(NotFoundError), yard.by("cora") as work:
        registry.correct(
            work,
            serving.id,
            [Share("sha256:" + "0" * 64, 100)],
            starts_at=at,
            ends_at=at + timedelta(seconds=1),
            reason="r",
        )
    with pytest.raises(InvalidError, match="not over"), yard.by("cora") as work:
        registry.correct(
            work,
            serving.id,
            [Share(change.set_digest, 100)],
            starts_at=at,
            ends_at=at + timedelta(days=1),
            reason="r",
        )
