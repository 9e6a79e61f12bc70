"""A change that looks away is recognised in every form."""

from __future__ import annotations

import pytest

from muniment.detect import Allowed, Configuration, Term, TermKind
from muniment.detect.rules.calibrating import loosened

BASE = Configuration(
    thresholds=(("PERSON", 0.6),),
    also=("CVV",),
    terms=(Term("t", TermKind.EXACT, "falcon"),),
    allowed=(Allowed("a"),),
)


def changed(**fields: object) -> Configuration:
    """Give the base with some fields changed."""
    given = {
        name: getattr(BASE, name)
        for name in ("thresholds", "also", "terms", "allowed", "layers", "without", "types")
    }
    return Configuration(**{**given, "threshold": BASE.threshold, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"allowed": (Allowed("a"), Allowed("b"))},
        {"threshold": 0.9},
        {"thresholds": (("PERSON", 0.9),)},
        {"thresholds": (("PERSON", 0.6), ("IP_ADDRESS", 0.9))},
        {"without": ("IP_ADDRESS",)},
        {"types": ("PERSON",)},
        {"also": ()},
        {"layers": ()},
        {"terms": ()},
    ],
)
def test_every_way_to_find_less_is_seen(fields: dict[str, object]) -> None:
    """Allow-lists, thresholds, types, layers and terms."""
    assert loosened(BASE, changed(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"allowed": ()},
        {"threshold": 0.1},
        {"also": ("CVV", "X")},
        {"terms": (*BASE.terms, Term("u", TermKind.EXACT, "eagle"))},
    ],
)
def test_finding_more_is_not_loose(fields: dict[str, object]) -> None:
    """A stricter change needs no end."""
    assert loosened(BASE, changed(**fields)) == ()
