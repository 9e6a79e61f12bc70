"""Facts, rules and the published schema for tests of policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cedarpy

from muniment.policy import Bundle, Facts, Source, Thing, read_bundle

SCHEMA = Path(__file__).parents[2] / "src/muniment/policy/rules/schema.cedarschema"


def schema() -> str:
    """Read the published schema."""
    return SCHEMA.read_text()


def bundle(*rules: str) -> Bundle:
    """Read rules that are right."""
    found, problems = read_bundle([Source("test.cedar", "\n".join(rules))], schema())
    assert problems == ()
    assert found is not None
    return found


def rule(
    named: str,
    *,
    when: str = "true",
    effect: str = "forbid",
    remedy: str = "",
    action: str = "call",
) -> str:
    """Write a rule."""
    cure = f'@remedy("{remedy}") ' if remedy else ""
    return (
        f'@id("{named}") @control("C1.1") @reason("because of {named}") {cure}'
        f'{effect} (principal, action == Muniment::Action::"{action}", resource) when {{ {when} }};'
    )


ALLOW = rule("allow", effect="permit")


def facts(
    *types: str,
    who: str = "app_1",
    roles: tuple[str, ...] = ("caller",),
    tier: str = "high",
    system: str = "sys_1",
    model: dict[str, Any] | None = None,
    **context: object,
) -> Facts:
    """Make the facts of a call whose prompt holds findings of these types."""
    return Facts(
        principal=Thing(
            "Application", who, {"owner": "per_1"}, tuple(("Role", each) for each in roles)
        ),
        action="call",
        resource=Thing(
            "Model",
            "mod_1",
            {
                "registered": True,
                "approved": True,
                "provider": "acme",
                "region": "eu",
                "restricted": False,
                "training_allowed": False,
                **(model or {}),
            },
        ),
        context={
            "system": {"__entity": {"type": "Muniment::System", "id": system}},
            "place": {"environment": "production", "region": "eu", "purpose": "support"},
            "text": {
                "inspected": True,
                "types": sorted(types),
                "families": ["pii"] if types else [],
                "signals": [],
                "protected": [],
                "held": [],
            },
            "tokens": 120,
            "cost": 900,
            "at": 1_795_000_000,
            "hour": 14,
            "subject_known": True,
            **context,
        },
        others=(
            Thing(
                "System",
                system,
                {
                    "registered": True,
                    "state": "live",
                    "tier": tier,
                    "eu_class": "limited",
                    "autonomy": "assists",
                    "data_classes": ["pii"],
                    "regions": ["eu"],
                    "owner": "per_1",
                },
            ),
        ),
    )


def by_cedar_alone(rules: Bundle, given: Facts) -> tuple[bool, frozenset[str], bool]:
    """Judge by Cedar with every rule and every fact: allowed, which rules spoke, any error."""
    things = [given.principal, given.resource, *given.others]
    entities = [
        {
            "uid": {"type": f"Muniment::{each.type}", "id": each.id},
            "attrs": dict(each.attributes),
            "parents": [{"type": f"Muniment::{kind}", "id": named} for kind, named in each.parents],
        }
        for each in things
    ]
    request = {
        "principal": {"type": f"Muniment::{given.principal.type}", "id": given.principal.id},
        "action": {"type": "Muniment::Action", "id": given.action},
        "resource": {"type": f"Muniment::{given.resource.type}", "id": given.resource.id},
        "context": json.dumps(given.context),
    }
    answer = cedarpy.is_authorized(
        request, "\n".join(each.text for each in rules.rules), json.dumps(entities)
    )
    spoke = frozenset(
        rules.rules[int(each.removeprefix("policy"))].id for each in answer.diagnostics.reasons
    )
    return answer.allowed, spoke, bool(answer.diagnostics.errors)
