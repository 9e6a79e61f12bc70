"""Which of several findings over the same characters is the one that is reported.

The better score wins, then the longer, then the one with a passed check, then the first by name;
so the answer never depends on the order in which detectors ran. A name was learned and not checked,
so it gives way to a pattern that is nearly as sure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from muniment.detect.models import Family, Finding, Validation

_GUESSED: Final = 0.15
_start: Final = attrgetter("start")
_place: Final = attrgetter("start", "end")


def resolve(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Part findings into those that stand, in order of place, and those that others cover."""
    ordered = sorted(findings, key=_start)
    if _are_apart(ordered):
        return ordered, []
    ordered.sort(key=_place)
    kept: list[Finding] = []
    covered: list[Finding] = []
    cluster: list[Finding] = []
    reach = -1
    for each in ordered:
        if each.start >= reach:
            if len(cluster) > 1:
                _settle(cluster, kept, covered)
            else:
                kept += cluster
            cluster = []
        cluster.append(each)
        reach = max(reach, each.end)
    _settle(cluster, kept, covered)
    return kept, covered


def _are_apart(ordered: list[Finding]) -> bool:
    reach = -1
    for each in ordered:
        if each.start < reach:
            return False
        reach = each.end
    return True


def rank(each: Finding) -> tuple[float, int, bool, str, str]:
    """Give what decides between two findings; the smaller is the better."""
    sure = each.validation is Validation.PASSED
    worth = each.score - (_GUESSED if each.family is Family.NAMES else 0.0)
    return -round(worth, 3), each.start - each.end, not sure, each.type, each.why.pattern


def _settle(cluster: list[Finding], kept: list[Finding], covered: list[Finding]) -> None:
    if len(cluster) <= 1:
        kept.extend(cluster)
        return
    standing: list[Finding] = []
    starts: list[int] = []
    for each in sorted(cluster, key=rank):
        place = bisect_left(starts, each.start)
        before = place > 0 and standing[place - 1].end > each.start
        behind = place < len(starts) and starts[place] < each.end
        if before or behind:
            covered.append(each)
        else:
            standing.insert(place, each)
            starts.insert(place, each.start)
    kept.extend(standing)
