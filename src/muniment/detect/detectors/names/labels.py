"""The types of names, and the labels of words: no name, or the beginning or inside of a type."""

from __future__ import annotations

TYPES = ("PERSON", "ORGANIZATION", "LOCATION", "STREET_ADDRESS", "JOB_TITLE", "NRP")
LABELS = 1 + 2 * len(TYPES)
NO_NAME = 0


def begin_of(kind: str) -> int:
    """Give the label of a type's first word."""
    return 1 + 2 * TYPES.index(kind)


def inside_of(kind: str) -> int:
    """Give the label of a type's later words."""
    return 2 + 2 * TYPES.index(kind)
