"""Facts that Cedar cannot read are denied, and it is said, whichever rules there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from muniment.policy import Effect, Engine, Facts, Thing
from tests.policy.judging import ALLOW, bundle, facts


def deep(levels: int) -> dict[str, Any]:
    """Give a record within a record within a record."""
    made: dict[str, Any] = {"a": 1}
    for _ in range(levels):
        made = {"a": made}
    return made


@pytest.mark.parametrize(
    "value",
    [
        *(None, 1.5, float("nan"), 1 << 63, -(1 << 63) - 1, b"x", {1: 2}, {"__entity": "x"}),
        *("half \ud800", {"__extn": {"fn": "ip", "arg": "x"}}, ["a", None], deep(40), deep(5_000)),
        {"__entity": {"type": "no name", "id": "x"}},
    ],
)
def test_what_cannot_be_read_is_denied(value: object) -> None:
    """Whether or not a rule looks at it, and the same each time."""
    engine = Engine(bundle(ALLOW))
    given = facts()
    for odd in (
        replace(given, context={**given.context, "odd": value}),
        replace(given, resource=replace(given.resource, attributes={"odd": value})),
    ):
        for found in (engine.decide(odd), engine.decide(odd)):
            assert (found.effect, found.says) == (Effect.DENY, "the facts cannot be judged")
            assert "do not fit" in found.errors[0]


@pytest.mark.parametrize(
    "value", ["é", "a__b", [], ["a"], [["a"]], deep(3), -(1 << 63), True, {"a": ["b"]}]
)
def test_what_can_be_read_is_judged(value: object) -> None:
    """Unusual is not wrong."""
    given = facts()
    odd = replace(given, context={**given.context, "odd": value})
    assert Engine(bundle(ALLOW)).decide(odd).effect is Effect.ALLOW


@pytest.mark.parametrize(
    "odd",
    [
        lambda given: replace(given, principal=Thing("No Name", "x")),
        lambda given: replace(given, principal=replace(given.principal, parents=(("Role", 1),))),
        lambda given: replace(given, resource=Thing("Model", "\ud800")),
        lambda given: replace(given, others=(*given.others, Thing("System", "sys_1"))),
        lambda given: replace(given, action="fly\ud800"),
    ],
)
def test_names_that_are_none_are_denied(odd: Any) -> None:
    """So are two facts about one thing that contradict each other."""
    assert Engine(bundle(ALLOW)).decide(odd(facts())).effect is Effect.DENY


def test_one_thing_named_twice_alike_is_fine() -> None:
    """The same system told twice is one."""
    given: Facts = facts()
    twice = replace(given, others=(*given.others, *given.others))
    assert Engine(bundle(ALLOW)).decide(twice).effect is Effect.ALLOW
