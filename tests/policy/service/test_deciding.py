"""Decisions are kept whole, made again, and tried with a draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from muniment import policy
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from muniment.policy import Effect
from tests.policy.company import ALLOW, NEVER_SECRETS, NO_CARDS, Company
from tests.policy.judging import facts


def damage(company: Company, table: str, statement: str) -> None:
    """Change a table behind everybody's back, as somebody with the database's password can."""
    with company.database.machine() as connection:
        on = f" ON {table}" if company.database.dialect == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER guard_{table}_update{on}"))
        connection.execute(text(statement))


@pytest.mark.requirement("LOG-08")
def test_a_decision_is_kept_with_all_it_depends_on(company: Company) -> None:
    """The entry names facts, rules and version by digest, and holds no content."""
    version = company.enforce(ALLOW, NO_CARDS)
    given = facts("CREDIT_CARD")
    kept = company.decide(given)
    again = company.decide(given)
    assert kept.effect is Effect.CURE
    assert kept.system == "sys_1"
    entries = company.recorded("policy.decided")
    body = entries[0]["body"]
    assert (body["facts"], body["bundle"], body["version"]) == (given.digest, version.bundle, 1)
    assert body["rules"] == ["no-cards", "allow"]
    assert body["remedies"] == ["mask"]
    assert set(entries[0]["changes"]) == {"policy_decisions", "policy_facts"}
    assert set(entries[1]["changes"]) == {"policy_decisions"}  # the same facts are kept once
    assert again.facts == kept.facts


@pytest.mark.requirement("POL-06")
def test_a_past_decision_comes_out_the_same(company: Company) -> None:
    """Whatever is in force meanwhile, a decision is made again by its own rules."""
    company.enforce(ALLOW, NO_CARDS)
    kept = company.decide(facts("CREDIT_CARD"))
    company.enforce(ALLOW, NEVER_SECRETS)
    company.later(86_400 * 40)
    with company.database.look(company.people["bo"]) as work:
        found = policy.replay(work, kept.id)
        shown, given = policy.explain(work, kept.id)
    assert (found.verdict, found.again and found.again.effect) == ("met", Effect.CURE)
    assert shown == kept
    assert given == facts("CREDIT_CARD")


def test_altered_facts_are_found(company: Company) -> None:
    """Facts or rules that were changed in the database give no answer, and never a wrong one."""
    company.enforce(ALLOW, NO_CARDS)
    kept = company.decide(facts("CREDIT_CARD"))
    damage(
        company,
        "policy_facts",
        "UPDATE policy_facts SET body = replace(body, 'CREDIT_CARD', 'CREDIT_CORD')",
    )
    with company.database.look(company.people["bo"]) as work:
        found = policy.replay(work, kept.id)
        tried = policy.simulate_version(
            work, 1, company.now() - timedelta(days=1), company.now() + timedelta(seconds=1)
        )
    assert found.verdict == "could_not_tell"
    assert (tried.tried, tried.unreadable, tried.whole) == (0, 1, False)


def test_an_altered_bundle_is_found(company: Company) -> None:
    """Rules that do not have their digest any more judge nothing again."""
    company.enforce(ALLOW, NO_CARDS)
    kept = company.decide(facts("CREDIT_CARD"))
    damage(
        company,
        "policy_bundles",
        "UPDATE policy_bundles SET body = replace(body, 'because', 'becouse')",
    )
    with company.database.look(company.people["bo"]) as work:
        assert policy.replay(work, kept.id).verdict == "could_not_tell"


def test_a_tampered_decision_does_not_come_out_the_same(company: Company) -> None:
    """A decision whose row was changed says so when it is made again."""
    company.enforce(ALLOW, NO_CARDS)
    kept = company.decide(facts("CREDIT_CARD"))
    damage(
        company,
        "policy_decisions",
        "UPDATE policy_decisions SET decision = replace(decision, 'cure', 'deny')",
    )
    with company.database.look(company.people["bo"]) as work:
        assert policy.replay(work, kept.id).verdict == "not_met"


def test_a_draft_says_what_would_have_changed(company: Company) -> None:
    """Past decisions are grouped by what would have come of them, with examples."""
    company.enforce(ALLOW)
    judge = company.judge()
    since = company.now()
    plain = [company.decide(facts(tokens=each), judge).id for each in range(3)]
    cards = [company.decide(facts("CREDIT_CARD", tokens=each), judge).id for each in range(7)]
    draft = company.draft(ALLOW, NO_CARDS)
    until = company.now() + timedelta(seconds=1)
    with company.database.look(company.people["bo"]) as work:
        found = policy.simulate_version(work, draft.number, since, until)
        some = policy.simulate_version(work, draft.number, since, until, most=5)
        with pytest.raises(InvalidError, match="ends before"):
            policy.simulate_version(work, draft.number, until, since)
        with pytest.raises(InvalidError, match="cannot be tried"):
            policy.simulate_version(work, draft.number, since, until, most=0)
    assert (found.decisions, found.tried, found.changed, found.whole) == (10, 10, 7, True)
    (group,) = found.groups
    assert (group.was, group.would_be, group.by) == (Effect.ALLOW, Effect.CURE, ("no-cards",))
    assert group.count == 7
    assert set(group.examples) <= set(cards)
    assert len(group.examples) == 5
    assert not set(group.examples) & set(plain)
    assert (some.tried, some.whole) == (5, False)


def test_without_a_policy_everything_is_denied(company: Company) -> None:
    """Nothing in force lets nothing through, and that decision can be looked at too."""
    kept = company.decide(facts())
    assert (kept.effect, kept.version) == (Effect.DENY, 0)
    with company.database.look(company.people["bo"]) as work:
        assert policy.replay(work, kept.id).verdict == "met"


def test_what_the_shadow_says_is_kept_beside(company: Company) -> None:
    """The shadow's answer stands in the record and in the list, and decides nothing."""
    company.enforce(ALLOW)
    draft = company.draft(ALLOW, NO_CARDS)
    with company.by("ada") as work:
        policy.shadow(work, draft.number, reason="to see")
    kept = company.decide(facts("CREDIT_CARD"))
    assert (kept.effect, kept.shadow_version) == (Effect.ALLOW, draft.number)
    assert kept.shadow is not None
    assert kept.shadow["effect"] == "cure"
    body = company.recorded("policy.decided")[-1]["body"]
    assert (body["effect"], body["shadow_effect"]) == ("allow", "cure")
    with company.database.look(company.people["bo"]) as work:
        assert policy.decisions(work, only_shadowed=True).rows == (kept,)


def test_decisions_are_read_by_who_may(company: Company) -> None:
    """A stranger sees none; who reads one system sees that system's."""
    company.enforce(ALLOW)
    kept = company.decide(facts())
    company.person("zoe")
    company.person("sue", "builder")
    with company.by("zoe") as work, pytest.raises(ForbiddenError):
        policy.explain(work, kept.id)
    with company.by("sue") as work:
        assert policy.explain(work, kept.id)[0] == kept
    with company.by("bo") as work, pytest.raises(NotFoundError, match="no decision"):
        policy.replay(work, "dec_none")
