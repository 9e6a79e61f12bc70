"""The examples of `secrets_blocks`: positives, near misses and negatives."""

from __future__ import annotations

from muniment.detect.detectors import secrets_blocks
from tests.detect.tables import mistakes_of


def test_every_example_of_secrets_blocks_is_judged_right() -> None:
    """What the tables of these types list is found, and nothing else of the type."""
    assert mistakes_of(secrets_blocks) == []
