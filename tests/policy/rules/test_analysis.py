"""What trying every case says of a set of rules."""

from __future__ import annotations

import pytest

from muniment.policy.rules.analysis import PRINCIPALS, Place, analyse, can_ever
from tests.policy.judging import bundle, rule

CALLS = [Place("call", each, "Model") for each in ("Application", "Agent")]
CHANGES = [Place("change", each, "Area") for each in PRINCIPALS]
AUDITOR = ("Role", "auditor")


def group_rule(named: str, effect: str, group: str, action: str = "", unless: str = "") -> str:
    """Write a rule for a role."""
    where = f'action == Muniment::Action::"{action}"' if action else "action"
    but = f" unless {{ {unless} }}" if unless else ""
    return (
        f'@id("{named}") @reason("r") {effect} (principal in Muniment::Role::"{group}", '
        f"{where}, resource){but};"
    )


def test_rules_that_are_meant() -> None:
    """Rules that each say something in some case have no flaw, and every case was tried."""
    found = analyse(
        bundle(
            rule("allow", effect="permit", when='context.system.tier == "low"'),
            rule("mask", when='context.text.types.contains("A")', remedy="mask"),
            rule("stop", when="context.tokens > 4000"),
        ),
        CALLS,
    )
    assert (found.flaws, found.whole, found.verdict) == ((), True, "met")


def test_a_rule_that_never_speaks() -> None:
    """A condition that cannot hold is told."""
    found = analyse(
        bundle(
            rule("allow", effect="permit"),
            rule("never", when="context.tokens > 10 && context.tokens < 5"),
        ),
        CALLS,
    )
    assert [(each.kind, each.rule) for each in found.flaws] == [("unreachable", "never")]
    assert found.verdict == "not_met"


def test_a_permit_behind_a_forbid() -> None:
    """A permit which always meets a final forbid is told, with the forbid."""
    found = analyse(
        bundle(
            rule("us", effect="permit", when='context.place.region == "us"'),
            rule("abroad", when='context.place.region != "eu"'),
        ),
        CALLS,
    )
    assert [(each.kind, each.rule, each.other) for each in found.flaws] == [
        ("shadowed", "us", "abroad")
    ]


def test_a_forbid_with_a_remedy_does_not_shadow() -> None:
    """What can be cured does not stand before a permit for good."""
    found = analyse(
        bundle(
            rule("us", effect="permit", when='context.place.region == "us"'),
            rule("abroad", when='context.place.region != "eu"', remedy="hold:security"),
        ),
        CALLS,
    )
    assert found.flaws == ()


def test_two_rules_that_contradict_each_other() -> None:
    """A permit and a forbid for exactly the same cases are told once, as a contradiction."""
    found = analyse(
        bundle(
            rule("yes", effect="permit", when='context.place.region == "us"'),
            rule("no", when='"us" == context.place.region'),
        ),
        CALLS,
    )
    assert [(each.kind, each.rule, each.other) for each in found.flaws] == [
        ("contradiction", "yes", "no")
    ]


@pytest.mark.parametrize(
    "when",
    [
        "context.tokens + 1 > 10",
        "context.tokens > context.cost",
        'context.place.purpose like "a*" || context.place.purpose like "b*"',
        " || ".join(f'context.text.types.contains("T{number}")' for number in range(6)),
    ],
)
def test_where_not_every_case_is_tried(when: str) -> None:
    """Where a rule computes, or cases are too many, finding nothing is *could not tell*."""
    found = analyse(bundle(rule("allow", effect="permit"), rule("stop", when=when)), CALLS)
    assert (found.whole, found.flaws, found.verdict) == (False, (), "could_not_tell")


def test_too_many_cases_are_sampled_within_the_bound() -> None:
    """No more cases are tried than asked for, and the answer does not claim more."""
    wide = " || ".join(
        f"context.{name} == {number}"
        for number, name in enumerate(("tokens", "cost", "at", "hour"))
    )
    found = analyse(bundle(rule("allow", effect="permit"), rule("stop", when=wide)), CALLS, most=20)
    assert found.cases <= 20 + len(CALLS)
    assert found.verdict == "could_not_tell"


@pytest.mark.requirement("ACC-04")
def test_can_an_auditor_ever_change_something() -> None:
    """A role held beside another is found; where rules exclude it, no is said of every case."""
    view = group_rule("view", "permit", "auditor", "view")
    open_door = bundle(view, group_rule("admin", "permit", "admin"))
    found = can_ever(open_door, CHANGES, group=AUDITOR)
    assert found.possible == "yes"
    assert found.example is not None
    assert set(found.example.principal.parents) == {("Role", "admin"), AUDITOR}
    shut = bundle(
        view,
        group_rule("admin", "permit", "admin"),
        group_rule("auditors-read", "forbid", "auditor", "change"),
    )
    assert can_ever(shut, CHANGES, group=AUDITOR).possible == "no"


def test_a_question_that_cannot_be_answered() -> None:
    """If not every case was tried and none allows, it is not known."""
    rules = bundle(
        '@id("odd") @reason("r") permit (principal, action == Muniment::Action::"change", resource)'
        " when { context.at + 1 < 0 && context.own };"
    )
    assert can_ever(rules, CHANGES, group=AUDITOR).possible == "could_not_tell"
