"""Which of several labels a value belongs to: the one that stands nearest to it.

In *my SSN is 536-22-1234 and my passport number is 531234567* both words are near the second
number, and it is the passport's. Labels that share a word, as *Australian passport* and *passport
number* do, are equally near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from muniment.detect.models import Finding


class Labelled(NamedTuple):
    """A finding that stands by a word nearby alone, and how many words away that ends."""

    finding: Finding
    away: int


def outdone(labelled: Sequence[Labelled]) -> list[Finding]:
    """Give those of which another, over the same characters, has its word nearer."""
    by_place: dict[tuple[int, int], list[Labelled]] = {}
    for each in labelled:
        by_place.setdefault((each.finding.start, each.finding.end), []).append(each)
    found: list[Finding] = []
    for some in by_place.values():
        if len(some) > 1:
            nearest = min(map(_reach, some))
            found += [each.finding for each in some if each.away > nearest]
    return found


def _reach(each: Labelled) -> int:
    """Say how many words away a label begins."""
    return each.away + sum(word.count(" ") for word in each.finding.why.context)
