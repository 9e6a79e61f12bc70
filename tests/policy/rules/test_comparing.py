"""Decisions made again by other rules, grouped by what would have changed."""

from __future__ import annotations

from datetime import UTC, datetime

from muniment.policy import Effect, Engine, Facts, Recorded, decision_value, read_decision
from muniment.policy.rules.comparing import same_decision, simulate
from tests.policy.judging import ALLOW, bundle, facts, rule

AT = datetime(2026, 11, 20, tzinfo=UTC)
OLD = Engine(bundle(ALLOW, rule("cards", when='context.text.types.contains("CARD")')))


def kept(number: int, given: Facts) -> tuple[Recorded, Facts]:
    """Decide by the old rules, as it is kept."""
    made = OLD.decide(given)
    recorded = Recorded(
        id=f"dec_{number:03}",
        at=AT,
        version=1,
        bundle=made.bundle,
        facts=given.digest,
        action=given.action,
        principal="Application:app_1",
        resource_type="Model",
        resource="mod_1",
        system="sys_1",
        effect=made.effect,
        decision=decision_value(made),
    )
    return recorded, given


def test_a_kept_decision_reads_back_as_it_was() -> None:
    """Nothing of a decision is lost in keeping it."""
    for given in (facts(), facts("CARD")):
        made = OLD.decide(given)
        assert read_decision(decision_value(made)) == made
        assert same_decision(kept(1, given)[0], made)


def test_only_what_comes_of_it_counts() -> None:
    """Another reason for the same outcome is no change; a stronger remedy is one."""
    reworded = Engine(bundle(ALLOW, rule("other", when='context.text.types.contains("CARD")')))
    masked = Engine(
        bundle(ALLOW, rule("cards", when='context.text.types.contains("CARD")', remedy="mask"))
    )
    decisions = [kept(each, facts("CARD" if each % 2 else "MAIL")) for each in range(20)]
    same = simulate(reworded, decisions, since=AT, until=AT, decisions=20)
    assert (same.tried, same.changed, same.groups) == (20, 0, ())
    found = simulate(masked, decisions, since=AT, until=AT, decisions=20)
    (group,) = found.groups
    assert (group.was, group.would_be, group.count) == (Effect.DENY, Effect.CURE, 10)
    assert group.by == ("allow",)
    assert group.examples[0] == "dec_001"
    assert group.examples[-1] == "dec_019"
    assert len(group.examples) == 5


def test_groups_come_biggest_first_and_lost_facts_are_counted() -> None:
    """What changes most stands first; a decision whose facts are gone is not guessed."""
    strict = Engine(bundle(rule("allow-mail", effect="permit", when="context.tokens == 1")))
    decisions: list[tuple[Recorded, Facts | None]] = [
        *(kept(each, facts(tokens=each)) for each in range(4)),
        (kept(9, facts())[0], None),
    ]
    found = simulate(strict, decisions, since=AT, until=AT, decisions=5)
    assert (found.tried, found.changed, found.unreadable, found.whole) == (4, 3, 1, False)
