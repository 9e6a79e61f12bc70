"""Where rules can speak is what the schema says."""

from __future__ import annotations

import re

from muniment.policy.rules import ACTIONS, places_of, places_where
from tests.policy.judging import ALLOW, bundle, rule, schema


def test_the_table_of_actions_is_the_schemas() -> None:
    """Every action of the schema stands in the table with its principals and resource."""
    found = {}
    pattern = r"action ([\w, ]+) appliesTo \{\s*principal: \[([^\]]+)\],\s*resource: \[(\w+)\]"
    for names, principals, resource in re.findall(pattern, schema()):
        for name in names.split(","):
            found[name.strip()] = (resource, {each.strip() for each in principals.split(",")})
    assert {name: (kind, set(who)) for name, (kind, who) in ACTIONS.items()} == found


def test_only_places_with_rules_are_looked_at() -> None:
    """A bundle about calls is looked at for calls, by each who can call."""
    found = places_of(bundle(ALLOW, rule("r", action="release")))
    assert {(each.action, each.principal) for each in found} == {
        *(("call", who) for who in ("Person", "Application", "Agent", "Pipeline")),
        ("release", "Person"),
        ("release", "Pipeline"),
    }
    assert len(places_where("change")) == 4
