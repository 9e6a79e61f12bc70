"""The examples of `safety_notes`: positives, near misses and negatives."""

from __future__ import annotations

from muniment.detect.detectors import safety_notes
from tests.detect.tables import mistakes_of


def test_every_example_of_safety_notes_is_judged_right() -> None:
    """What the tables of these types list is found, and nothing else of the type."""
    assert mistakes_of(safety_notes) == []
