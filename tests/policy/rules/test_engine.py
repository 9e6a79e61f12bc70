"""Deciding: deny wins, remedies cure or do not, and shortcuts change no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.policy import Bundle, Effect, Engine, Facts, Remedy, RemedyKind
from tests.policy.judging import ALLOW, bundle, by_cedar_alone, facts, rule

CARD = 'context.text.types.contains("CREDIT_CARD")'
NAME = 'context.text.types.contains("PERSON")'


@pytest.mark.requirement("POL-06")
def test_a_permit_allows_and_says_why() -> None:
    """An allowed act names the rule that allowed it, its reason and its controls."""
    decision = Engine(bundle(ALLOW)).decide(facts())
    assert decision.effect is Effect.ALLOW
    assert [(each.rule, each.says, each.controls) for each in decision.reasons] == [
        ("allow", "because of allow", ("C1.1",))
    ]


def test_no_rule_means_deny() -> None:
    """Where no rule speaks, nothing is allowed, also in an empty bundle."""
    for rules in (bundle(), bundle(rule("other", effect="permit", action="answer"))):
        decision = Engine(rules).decide(facts())
        assert (decision.effect, decision.says) == (Effect.DENY, "no rule allows it")


def test_an_error_means_deny_and_says_so() -> None:
    """A rule that cannot be judged denies, even beside a permit that could."""
    rules = bundle(ALLOW, rule("sum", when="context.tokens + 9223372036854775807 > 0"))
    decision = Engine(rules).decide(facts())
    assert decision.effect is Effect.DENY
    assert "overflow" in decision.errors[0]
    assert decision.says == "a rule could not be judged"


@pytest.mark.parametrize("missing", ["text", "system"])
def test_facts_that_lack_what_a_rule_reads(missing: str) -> None:
    """A fact that should be there and is not is an error, so the act is denied."""
    rules = bundle(ALLOW, rule("card", when=f'context.system.tier == "high" && {CARD}'))
    whole = facts("CREDIT_CARD")
    context = {name: value for name, value in whole.context.items() if name != missing}
    decision = Engine(rules).decide(
        Facts(whole.principal, whole.action, whole.resource, context, whole.others)
    )
    assert decision.effect is Effect.DENY
    assert decision.errors


def test_facts_of_another_shape_are_denied() -> None:
    """Facts that are no facts of the schema deny instead of failing."""
    whole = facts()
    odd = Facts(whole.principal, "call", whole.resource, {"text": [{"a": None}]}, whole.others)
    decision = Engine(bundle(ALLOW, rule("card", when=CARD))).decide(odd)
    assert decision.effect is Effect.DENY


@pytest.mark.parametrize("cure", ["mask", "tokenise", "redact", "mask:CREDIT_CARD"])
def test_a_remedy_for_text_cures(cure: str) -> None:
    """A forbid with a remedy lets the act go on once the text is protected; its reason stays."""
    decision = Engine(bundle(ALLOW, rule("card", when=CARD, remedy=cure))).decide(
        facts("CREDIT_CARD", "PERSON")
    )
    assert decision.effect is Effect.CURE
    assert decision.remedies == (Remedy.read(cure),)
    assert [each.rule for each in decision.reasons] == ["card", "allow"]
    assert decision.rounds == 2


def test_a_forbid_without_remedy_wins_over_one_with() -> None:
    """One rule that cannot be cured denies, however many could be."""
    rules = bundle(ALLOW, rule("card", when=CARD, remedy="mask"), rule("name", when=NAME))
    decision = Engine(rules).decide(facts("CREDIT_CARD", "PERSON"))
    assert (decision.effect, decision.says) == (Effect.DENY, "a rule forbids it")
    assert {each.rule for each in decision.reasons} == {"card", "name"}


def test_a_remedy_that_does_not_cure_denies() -> None:
    """If the rule still forbids after its own remedy, the act is denied: there is no loop."""
    rules = bundle(ALLOW, rule("always", remedy="mask"))
    decision = Engine(rules).decide(facts("PERSON"))
    assert (decision.effect, decision.says) == (Effect.DENY, "the remedies do not cure it")


def test_remedies_that_call_up_others_end() -> None:
    """What a remedy makes true may call for another; after a few rounds it is denied."""
    chain = [
        rule(
            f"step-{number}",
            when=f'context.text.held.contains("{number}")'
            if number
            else "context.text.held.isEmpty()",
            remedy=f"hold:{number + 1}",
        ).replace('"0")', '"0")')
        for number in range(6)
    ]
    decision = Engine(bundle(ALLOW, *chain)).decide(facts())
    assert decision.effect is Effect.DENY
    assert decision.rounds <= 4


def test_a_route_and_a_hold_stand_beside_protection() -> None:
    """Several remedies are put together, and the strongest for text is carried out."""
    rules = bundle(
        ALLOW,
        rule("card", when=CARD, remedy="mask"),
        rule("card-more", when=CARD, remedy="redact"),
        rule("route", when="!resource.restricted", remedy="route:restricted"),
        rule("hold", when='!context.text.held.contains("security")', remedy="hold:security"),
    )
    decision = Engine(rules).decide(facts("CREDIT_CARD"))
    assert decision.effect is Effect.CURE
    assert [each.kind for each in decision.remedies] == [
        RemedyKind.REDACT,
        RemedyKind.ROUTE,
        RemedyKind.HOLD,
    ]


@pytest.mark.requirement("ACC-19")
def test_a_role_decides_and_a_stranger_does_not() -> None:
    """Two principals who differ only in a role the rules name are told apart, in either order."""
    rules = bundle(
        '@id("callers") @reason("callers may call") permit (principal in Muniment::Role::"caller",'
        ' action == Muniment::Action::"call", resource);'
    )
    engine = Engine(rules)
    for who, roles, ok in (
        ("app_1", ("caller",), True),
        ("app_2", (), False),
        ("app_1", (), False),
        ("app_2", ("caller", "other"), True),
    ):
        assert engine.decide(facts(who=who, roles=roles)).ok is ok


_CONDITIONS = st.sampled_from(
    [
        "true",
        CARD,
        NAME,
        'context.system.tier == "high"',
        "context.tokens > 100",
        "resource.restricted",
        'principal == Muniment::Application::"app_1"',
        'principal in Muniment::Role::"admin"',
        'context.system == Muniment::System::"sys_1"',
        'context.text.types == ["PERSON"]',
        'context has person && context.person == "per_9"',
        "principal is Muniment::Application && principal.owner == context.system.owner",
        'principal in [Muniment::Role::"caller", Muniment::Role::"admin"]',
        'if resource.approved then context.place.region == "eu" else false',
        'context.place.purpose like "sup*"',
        "context.tokens + 9223372036854775807 > 0",
        'context.place == {environment: "production", region: "eu", purpose: "support"}',
        "[principal].contains(principal)",
    ]
)
_RULES = st.lists(
    st.tuples(_CONDITIONS, st.sampled_from(["permit", "forbid"]), st.sampled_from(["", "mask"])),
    max_size=6,
)
_FACTS = st.builds(
    lambda types, **rest: facts(*types, **rest),
    st.frozensets(st.sampled_from(["CREDIT_CARD", "PERSON", "IP_ADDRESS"])),
    who=st.sampled_from(["app_1", "app_2"]),
    roles=st.sampled_from([(), ("caller",), ("admin",), ("caller", "admin")]),
    tier=st.sampled_from(["low", "high"]),
    system=st.sampled_from(["sys_1", "sys_2"]),
    tokens=st.sampled_from([1, 1000]),
    model=st.sampled_from([{}, {"restricted": True}, {"approved": False}]),
)


def _written(rules: list[tuple[str, str, str]]) -> Bundle:
    return bundle(
        *(
            rule(f"r{number}", when=when, effect=effect, remedy=cure if effect == "forbid" else "")
            for number, (when, effect, cure) in enumerate(rules)
        )
    )


@given(_RULES, st.lists(_FACTS, min_size=1, max_size=6))
def test_shortcuts_change_no_answer(rules: list[tuple[str, str, str]], given: list[Facts]) -> None:
    """Index, projection and memory decide as Cedar does with every rule and every fact."""
    read = _written(rules)
    engine = Engine(read)
    for each in [*given, *given]:
        allowed, spoke, failed = by_cedar_alone(read, each)
        found = engine.decide(each)
        if failed:
            assert found.effect is Effect.DENY
        elif allowed:
            assert found.effect is Effect.ALLOW
            assert {reason.rule for reason in found.reasons} == spoke
        else:
            assert found.effect is not Effect.ALLOW
            assert spoke <= {reason.rule for reason in found.reasons}


@given(_RULES, _CONDITIONS, st.sampled_from(["", "mask"]), _FACTS)
def test_deny_wins_and_another_forbid_never_opens(
    rules: list[tuple[str, str, str]], when: str, cure: str, given: Facts
) -> None:
    """A rule more that forbids never turns a no into a yes, nor a cure into a plain yes."""
    before = Engine(_written(rules)).decide(given)
    after = Engine(_written([*rules, (when, "forbid", cure)])).decide(given)
    order = [Effect.DENY, Effect.CURE, Effect.ALLOW]
    assert order.index(after.effect) <= order.index(before.effect)


@given(_RULES, _FACTS)
def test_the_same_facts_give_the_same_decision(
    rules: list[tuple[str, str, str]], given: Facts
) -> None:
    """A decision is made again from its kept facts, by another engine and without memory."""
    read = _written(rules)
    again = Facts.read(given.as_value())
    assert again.digest == given.digest
    assert Engine(read, remembered=0).decide(again) == Engine(read).decide(given)
