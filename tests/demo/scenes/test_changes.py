"""What was changed in the systems."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.registry import Cause, ChangeQuery, ChangeState, DeploymentQuery
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_changes_end_in_every_way(shown: Shown) -> None:
    """Some are done, one was taken back from its canary, one denied, one waits, one is released."""
    with shown.looking() as work:
        changes = registry.find_changes(work, ChangeQuery()).rows
    states = {each.state for each in changes}
    assert {
        ChangeState.DONE,
        ChangeState.ROLLED_BACK,
        ChangeState.DENIED,
        ChangeState.WAITING,
        ChangeState.RELEASING,
    } <= states


def test_a_canary_shares_the_traffic_and_a_rollback_is_on_record(shown: Shown) -> None:
    """Of what served, one interval was a rollback, and one shares production just now."""
    with shown.looking() as work:
        rows = registry.find_deployments(work, DeploymentQuery(), limit=100).rows
        now = registry.serving_now(work, "support-assistant")
    assert Cause.ROLLBACK in {each.cause for each in rows}
    assert any(len(each.shares) == 2 for each in now)
