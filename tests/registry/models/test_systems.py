"""A system counts by the stricter of its tiers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.registry.making import a_system


@pytest.mark.parametrize(
    ("stated", "assessed", "counts"),
    [("", "", ""), ("low", "", "low"), ("low", "high", "high"), ("critical", "low", "critical")],
)
def test_the_stricter_tier_counts(stated: str, assessed: str, counts: str) -> None:
    """Nobody lowers an assessment by stating less, or the other way round."""
    system = a_system()
    profile = replace(system.profile, declared_tier=stated)
    assert replace(system, profile=profile, assessed_tier=assessed).tier == counts
