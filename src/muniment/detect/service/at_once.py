"""Changes a whole text of which it is known what is in it, as a stream would in one step."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.detect.models import Action, Change, Finding, Policy, Protected, Ruling
from muniment.detect.rules.actions import Means, place, rule_about
from muniment.detect.rules.pairs import LITERAL_SHAPE, Pairs

PASSES = Ruling()


def unchanged(text: str, build: str, policy: Policy, means: Means) -> Protected:
    """Tell of a text in which nothing is; it goes on as it is."""
    return Protected(
        text=text,
        map=means.pairs.as_map(),
        findings=(),
        changes=(),
        verdict=PASSES,
        inspected=True,
        build=build,
        policy=policy.digest,
    )


def changed(
    text: str, found: Sequence[Finding], build: str, policy: Policy, means: Means
) -> Protected:
    """Change what was found in a text, and give what may go on."""
    ordered = in_order(found)
    ruling = PASSES if policy.passes else rule_about(ordered, policy, PASSES)
    changes: list[Change] = []
    passes = ruling.passes
    return Protected(
        text=told(text, ordered, policy, means, changes) if passes else "",
        map=means.pairs.as_map() if passes else {},
        findings=ordered,
        changes=tuple(changes),
        verdict=ruling,
        inspected=True,
        build=build,
        policy=policy.digest,
    )


def in_order(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give findings in the order of their places."""
    return tuple(sorted(found, key=_place)) if len(found) > 1 else tuple(found)


def _place(each: Finding) -> tuple[int, int]:
    return each.start, -each.end


def told(
    text: str,
    ordered: Sequence[Finding],
    policy: Policy,
    means: Means,
    changes: list[Change] | None = None,
) -> str:
    """Give a text with what was found in it changed, and note each change where that is asked."""
    out: list[str] = []
    at = sent = 0
    # Where masks are put in, what only looks like one is minded, so that turning back is exact.
    pairs = means.pairs if policy.masks and "[" in text else None
    for each in ordered:
        rule = policy.rule_for(each)
        action, begin = rule.action, max(each.start, at)
        if not action.changes_text:
            if changes is not None and action is not Action.ALLOW:
                start = sent + begin - at
                changes.append(Change(each, action, "", start, start + each.end - each.start))
            continue
        if each.end <= begin:
            continue
        sent += _send(out, text[at:begin], pairs)
        placed = place(text[begin : each.end], each, rule, means)
        out.append(placed)
        if changes is not None:
            size = len(placed) or each.end - each.start
            changes.append(Change(each, action, placed, sent, sent + size))
        sent += len(placed)
        at = each.end
    _send(out, text[at:], pairs)
    return "".join(out)


def _send(out: list[str], part: str, pairs: Pairs | None) -> int:
    """Send a part on, and say how long it has become."""
    if pairs is not None and "[" in part:
        part = LITERAL_SHAPE.sub(
            lambda found: pairs.pass_literal(found.group(), found[1].replace("\\", "")), part
        )
    out.append(part)
    return len(part)
