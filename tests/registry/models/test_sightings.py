"""What was seen says in a word what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

from muniment.registry import Sighting, SightingSort, SightingStanding, SightingState
from tests.registry.making import AT


def test_a_finding_is_the_worst_that_is_so() -> None:
    """Unknown before changed, changed before elsewhere; what serves there has none."""
    seen = Sighting(
        "sgt_1",
        "sys_1",
        "production",
        SightingSort.MODEL,
        "big",
        "",
        "big-1",
        SightingStanding.SERVES,
        SightingState.OPEN,
        AT,
    )
    assert seen.finding == ""
    assert replace(seen, reported_before="big-0").finding == "provider_changed"
    assert replace(seen, standing=SightingStanding.ELSEWHERE).finding == "not_serving"
    unknown = replace(seen, standing=SightingStanding.UNKNOWN, reported_before="big-0")
    assert unknown.finding == "unregistered"
    assert replace(seen, name="", digest="sha256:1").what == "sha256:1"
