"""An observation is named for people: what it was of, and by what it was seen."""

from __future__ import annotations

from dataclasses import replace

from muniment.registry import Means, Observation, Source
from tests.registry.making import AT


def test_an_observation_says_what_and_by_what() -> None:
    """A version by its number, anything else as it was seen; a host by its name."""
    times = (AT, AT, 1, "entry 3")
    seen = Observation("sys_1", "production", Means.TRAFFIC, "wire", *times)
    assert (seen.name, seen.by, seen.source) == ("wire", "traffic", Source.OBSERVED)
    known = replace(seen, label="tools/main", version=2, means=Means.HEARTBEAT, witness="web-1")
    assert (known.name, known.by) == ("tools/main 2", "heartbeat of web-1")
