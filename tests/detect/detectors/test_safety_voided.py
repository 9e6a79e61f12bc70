"""The examples of `safety_voided`: positives, near misses and negatives."""

from __future__ import annotations

from muniment.detect.detectors import safety_voided
from tests.detect.tables import mistakes_of


def test_every_example_of_safety_voided_is_judged_right() -> None:
    """What the tables of these types list is found, and nothing else of the type."""
    assert mistakes_of(safety_voided) == []
