"""The facts of an ordinary act fit the schema, for every action."""

from __future__ import annotations

import cedarpy
import pytest

from muniment.core.errors import InvalidError
from muniment.policy import ACTIONS, Effect, Engine, usual
from tests.policy.judging import bundle, schema


@pytest.mark.parametrize("action", ACTIONS)
def test_usual_facts_fit_the_schema(action: str) -> None:
    """Cedar itself, given the schema, accepts the facts of each action."""
    facts = usual(action)
    things = [facts.principal, facts.resource, *facts.others]
    answer = cedarpy.is_authorized(
        {
            "principal": f'Muniment::{facts.principal.type}::"{facts.principal.id}"',
            "action": f'Muniment::Action::"{action}"',
            "resource": f'Muniment::{facts.resource.type}::"{facts.resource.id}"',
            "context": dict(facts.context),
        },
        "permit (principal, action, resource);",
        [
            {
                "uid": {"type": f"Muniment::{each.type}", "id": each.id},
                "attrs": dict(each.attributes),
                "parents": [],
            }
            for each in things
        ],
        schema=schema(),
    )
    assert answer.decision is cedarpy.Decision.Allow, answer.diagnostics.errors


def test_one_thing_is_changed_at_a_time() -> None:
    """What is given changes that part and leaves the rest; None takes a fact away."""
    facts = usual(
        "use_tool",
        principal="Agent",
        roles=("r",),
        teams=("t",),
        given={"context": {"text": {"types": ["X"]}, "amount": 5, "at": None}},
    )
    assert facts.context["text"]["inspected"] is True
    assert facts.context["text"]["types"] == ["X"]
    assert "at" not in facts.context
    assert facts.principal.parents == (("Role", "r"), ("Team", "t"))
    assert usual("use_tool").context["text"]["types"] == []
    tools = "permit (principal, action, resource is Muniment::Tool);"
    allowed = bundle(f'@id("a") @reason("r") {tools}')
    assert Engine(allowed).decide(facts).effect is Effect.ALLOW


@pytest.mark.parametrize(("action", "who"), [("fly", ""), ("release", "Agent")])
def test_what_nobody_does_is_refused(action: str, who: str) -> None:
    """An unknown action, and a principal that does not do it, are told."""
    with pytest.raises(InvalidError):
        usual(action, principal=who)
