"""What holds for every policy and every act of the schema, drawn from the schema itself."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.policy import Effect, Engine, Facts, Remedy, RemedyKind
from muniment.policy.rules import cured
from tests.policy.judging import by_cedar_alone
from tests.policy.rules.drawing import judgements, read, rules, world

OPENNESS = [Effect.DENY, Effect.CURE, Effect.ALLOW]
Drawn = tuple[list[str], Facts]
drawing = settings(
    max_examples=800,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_schema_is_read_whole() -> None:
    """The drawing knows every thing and every action there is; a new one is drawn by itself."""
    assert {"Person", "System", "Model", "Tool", "Dataset"} <= set(world().things)
    assert {"call", "answer", "use_tool", "release", "declare", "view"} <= set(world().actions)


@given(judgements())
@drawing
def test_it_decides_as_cedar_does(drawn: Drawn) -> None:
    """No shortcut changes an answer: index, narrowing, projection, memory against Cedar alone."""
    written, facts = drawn
    bundle = read(written)
    allowed, spoke, failed = by_cedar_alone(bundle, facts)
    engine = Engine(bundle)
    for found in (engine.decide(facts), engine.decide(facts), Engine(bundle).decide(facts)):
        if failed:
            assert (found.effect, bool(found.errors)) == (Effect.DENY, True)
        elif allowed:
            assert found.effect is Effect.ALLOW
            assert {each.rule for each in found.reasons} == spoke
        else:
            assert found.effect is not Effect.ALLOW
            assert spoke <= {each.rule for each in found.reasons}


@given(judgements(), st.data())
@drawing
def test_deny_wins(drawn: Drawn, data: st.DataObject) -> None:
    """One more rule that forbids never opens anything, whatever the others say."""
    written, facts = drawn
    more = data.draw(rules(facts.action, len(written), effect="forbid"))
    before = Engine(read(written)).decide(facts)
    after = Engine(read([*written, more])).decide(facts)
    assert OPENNESS.index(after.effect) <= OPENNESS.index(before.effect)


@given(judgements())
@drawing
def test_an_error_means_deny_and_says_so(drawn: Drawn) -> None:
    """A rule that cannot be judged denies, names itself, and no permit beside it helps."""
    written, facts = drawn
    broken = (
        f'@id("broken") @reason("r") permit (principal, action == Muniment::Action::'
        f'"{facts.action}", resource) when {{ 9223372036854775807 + 1 > 0 }};'
    )
    found = Engine(read([*written, broken])).decide(facts)
    assert found.effect is Effect.DENY
    assert any("broken" in each for each in found.errors)


@given(judgements())
@drawing
def test_nothing_opens_without_a_permit(drawn: Drawn) -> None:
    """Whatever forbids and cures there are, without a rule that permits it is denied."""
    written, facts = drawn
    found = Engine(read([each for each in written if " permit (" not in each])).decide(facts)
    assert found.effect is Effect.DENY


@given(judgements())
@drawing
def test_remedies_only_ever_make_safer(drawn: Drawn) -> None:
    """A cure is allowed on the facts as cured, was not allowed without, and needs no more."""
    written, facts = drawn
    bundle = read(written)
    found = Engine(bundle).decide(facts)
    if found.effect is not Effect.CURE:
        assert found.remedies == ()
        return
    assert found.remedies
    allowed, _, _ = by_cedar_alone(bundle, facts)
    assert not allowed
    after = cured(facts, found.remedies)
    assert by_cedar_alone(bundle, after)[0]
    assert Engine(bundle).decide(after).effect is Effect.ALLOW
    if "text" in facts.context and not {each.kind for each in found.remedies} & {RemedyKind.ROUTE}:
        before_types = set(facts.context["text"]["types"])
        assert set(after.context["text"]["types"]) <= before_types
    assert cured(after, found.remedies) == after


@given(judgements(), st.sampled_from(["mask", "redact", "hold:x", "route:restricted"]))
@drawing
def test_a_remedy_more_is_no_remedy_less(drawn: Drawn, cure: str) -> None:
    """One more rule that asks for a remedy takes none of the others away."""
    written, facts = drawn
    more = (
        f'@id("more") @reason("r") @remedy("{cure}") forbid (principal, action == '
        f'Muniment::Action::"{facts.action}", resource) when '
        + ('{ !context.text.held.contains("x") };' if cure == "hold:x" else "{ false };")
    )
    if cure == "hold:x" and "text" not in facts.context:
        return
    before = Engine(read(written)).decide(facts)
    after = Engine(read([*written, more])).decide(facts)
    assert OPENNESS.index(after.effect) <= OPENNESS.index(before.effect)
    if after.effect is Effect.CURE and before.effect is Effect.CURE:
        assert all(any(_covers(new, old) for new in after.remedies) for old in before.remedies)


def _covers(new: Remedy, old: Remedy) -> bool:
    """Tell whether a remedy does at least what another does."""
    if new == old:
        return True
    texts = [RemedyKind.MASK, RemedyKind.TOKENISE, RemedyKind.REDACT]
    if new.kind not in texts or old.kind not in texts:
        return False
    wide = not new.types or (bool(old.types) and old.types <= new.types)
    return wide and texts.index(new.kind) >= texts.index(old.kind)


@given(judgements())
@drawing
def test_a_decision_is_made_again_the_same(drawn: Drawn) -> None:
    """From its kept facts, by another engine, without memory: the same in every part."""
    written, facts = drawn
    bundle = read(written)
    again = Facts.read(facts.as_value())
    assert Engine(bundle, remembered=0).decide(again) == Engine(bundle).decide(facts)
