"""Whether tests stood before the approval, and the approval before deployment and traffic.

Only places in the log count; clocks are never asked. What was asserted afterwards proves nothing
about the time it speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence

from muniment.registry.models import Mark, Verdict


def judge_order(marks: Sequence[Mark]) -> tuple[Verdict, str]:
    """Judge the order of the entries that speak of a change."""
    tests, yes, deployed, traffic = (
        [each for each in marks if each.sort == sort]
        for sort in ("test", "approval", "deployment", "traffic")
    )
    if any(each.asserted for each in (*tests, *yes, *deployed)):
        return "could_not_tell", "A part of it was asserted later and never counts as of its time."
    if not deployed:
        return "could_not_tell", "It was not deployed yet."
    if yes and any(each.index is None for each in marks):
        return "could_not_tell", "Not every entry is sealed yet; ask again in a second."
    first = _first(deployed)
    wrong = _wrong(tests, yes, traffic, first)
    if wrong:
        return "not_met", wrong
    says = f"Tested ({_first(tests)}), then approved ({_first(yes)}), then deployed ({first})."
    return "met", says


def _wrong(tests: Sequence[Mark], yes: Sequence[Mark], traffic: Sequence[Mark], first: int) -> str:
    """Say what stands in the wrong order around a deployment, or nothing."""
    if not yes:
        return "It was deployed, and nobody had approved it."
    agreed = _first(yes)
    if agreed > first:
        return f"The approval ({agreed}) stands after the deployment ({first})."
    if not tests:
        return "No test of exactly this set stands in the log."
    if _first(tests) > agreed:
        return f"Every test stands after the approval ({agreed})."
    if traffic and _first(traffic) < first:
        return f"Traffic ({_first(traffic)}) was seen before the deployment ({first})."
    return ""


def _first(marks: Sequence[Mark]) -> int:
    return min(each.index for each in marks if each.index is not None)
