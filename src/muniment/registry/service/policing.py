"""Policies in force judge releases: before anybody is asked, and again at each step.

Before a change is asked about, it is judged as it will be when those whom its tier needs have said
yes; at a step it is judged as it is. Only a rule that forbids it stands against it: policies that
say nothing of releases leave the question open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from muniment import approvals, policy
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError
from muniment.db import Work
from muniment.policy import Decision, Effect, Facts, Thing
from muniment.registry.models import (
    Change,
    ChangeSort,
    Fact,
    Finding,
    PartKind,
    PartVersion,
    Step,
    System,
    Verdict,
)

_ASKING: Final = system_actor("registry")
_NAME: Final = "policy_check"


def policy_finding(
    work: Work,
    system: System,
    change: Change,
    versions: Sequence[PartVersion],
    others: Iterable[Finding],
    reported: Fact | None,
) -> Finding:
    """Say what policies in force find in a change, and what somebody reported of others."""
    if reported is not None and reported.verdict == "not_met":
        return Finding(_NAME, reported.verdict, reported.says)
    needed = sum(each.count for each in approvals.rule_for_tier(system.tier).needs)
    step = Step("production", 100)
    judged = _judged(work, _facts(system, change, step, versions, others, approvers=needed))
    if judged is not None:
        return Finding(_NAME, *judged)
    if reported is not None:
        return Finding(_NAME, reported.verdict, reported.says)
    says = "No policy in force speaks of it, and nothing was reported about exactly this set."
    return Finding(_NAME, "could_not_tell", says)


def require_allowed(
    work: Work,
    system: System,
    change: Change,
    step: Step,
    versions: Sequence[PartVersion],
    *,
    approvers: int,
) -> None:
    """Refuse a step that a policy in force forbids, or that could not be judged."""
    facts = _facts(system, change, step, versions, change.findings, approvers=approvers)
    judged = _judged(work, facts)
    if judged is not None and judged[0] != "met":
        raise ForbiddenError(
            f"policies in force do not allow {step}",
            subject=change.id,
            reasons=(judged[1],),
            remedy="Do what the rule asks for, or have the policy changed by those who may.",
        )


def _judged(work: Work, facts: Facts) -> tuple[Verdict, str] | None:
    asking = work.apart(_ASKING)
    number = policy.standing(asking).enforced
    if not number:
        return None
    return _said(policy.Engine(policy.show(asking, number).bundle).decide(facts), number)


def _said(decision: Decision, number: int) -> tuple[Verdict, str] | None:
    against = [each for each in decision.reasons if each.effect == "forbid"]
    if decision.errors:
        return "could_not_tell", f"A rule could not be judged: {decision.errors[0]}"[:400]
    if decision.effect is Effect.ALLOW:
        return "met", f"Version {number} of the policies allows it."
    if not against:
        return None
    said = "; ".join(f"{each.rule}: {each.says}" for each in against)
    return "not_met", f"Version {number} of the policies forbids it: {said}"[:400]


def _facts(
    system: System,
    change: Change,
    step: Step,
    versions: Sequence[PartVersion],
    findings: Iterable[Finding],
    *,
    approvers: int,
) -> Facts:
    by_verdict: dict[str, list[str]] = {"met": [], "not_met": [], "could_not_tell": []}
    for each in findings:
        if each.name != _NAME:
            by_verdict[each.verdict].append(each.name)
    return Facts(
        principal=Thing("Pipeline", "registry", {"owner": system.profile.owner}),
        action="release",
        resource=_thing(system),
        context={
            "place": {"environment": step.environment, "region": "", "purpose": ""},
            "checks": sorted(set(by_verdict["met"])),
            "failed": sorted(set(by_verdict["not_met"])),
            "missing": sorted(set(by_verdict["could_not_tell"])),
            "approvers": approvers,
            "independent": True,
            "frozen": False,
            "emergency": change.sort is ChangeSort.EMERGENCY,
            "share": step.percent,
            **_named(versions),
        },
    )


def _thing(system: System) -> Thing:
    profile = system.profile
    return Thing(
        "System",
        system.id,
        {
            "registered": True,
            "state": system.state.value,
            "tier": system.tier,
            "eu_class": profile.eu_class,
            "autonomy": profile.autonomy.in_rules,
            "data_classes": sorted(set(profile.data_classes)),
            "regions": sorted(set(profile.regions)),
            "owner": profile.owner,
        },
    )


def _named(versions: Sequence[PartVersion]) -> dict[str, list[str]]:
    models = [each.document for each in versions if each.kind is PartKind.MODEL]
    allowed = [
        tool
        for each in versions
        if each.kind is PartKind.TOOLS
        for tool in each.document.get("allowed", ())
    ]
    return {
        "models": _words(each.get("name") for each in models),
        "providers": _words(each.get("provider") for each in models),
        "tools": _words(each.get("name") if isinstance(each, dict) else each for each in allowed),
    }


def _words(values: Iterable[Any]) -> list[str]:
    return sorted({str(each) for each in values if each})
