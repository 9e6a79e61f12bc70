"""The examples of `national_ids_europe`: positives, near misses and negatives."""

from __future__ import annotations

from muniment.detect.detectors import national_ids_europe
from tests.detect.tables import mistakes_of


def test_every_example_of_national_ids_europe_is_judged_right() -> None:
    """What the tables of these types list is found, and nothing else of the type."""
    assert mistakes_of(national_ids_europe) == []
