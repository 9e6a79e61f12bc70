"""The systems of the company."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.registry import SystemState
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_three_systems_are_live_and_one_waits(shown: Shown) -> None:
    """Each names who answers for it, and says by its own name that it is made up."""
    with shown.looking() as work:
        systems = registry.find_systems(work, registry.SystemQuery()).rows
    states = {each.key: each.state for each in systems}
    assert [states[key] for key in ("support-assistant", "credit-score", "code-agent")] == [
        SystemState.LIVE
    ] * 3
    assert states["invoice-reader"] is SystemState.PROPOSED
    assert all(each.profile.name.endswith("(demo)") for each in systems)
