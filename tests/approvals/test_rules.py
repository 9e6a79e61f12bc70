"""Who may answer and what the answers come to, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.approvals import Answer, Need, Request, Rule, State, matter_digest
from muniment.approvals.models import Delegation, Voter
from muniment.approvals.rules import (
    delegated_to,
    differences,
    judge,
    may_answer,
    rule_for_tier,
    rule_problem,
)
from tests.approvals.making import AT, MATTER, a_request, a_vote, a_voter, needs

TWO = Rule(needs("releaser", "compliance"), strong=True, change_needs_another=True)


@pytest.mark.parametrize(
    ("request_", "voter", "answer", "why"),
    [
        (a_request(), a_voter("per_ada"), Answer.APPROVE, "asked for it"),
        (a_request(written_by="per_bo"), a_voter(), Answer.APPROVE, ""),
        (
            a_request(Rule(change_needs_another=True), written_by="per_bo"),
            a_voter(),
            Answer.APPROVE,
            "wrote it",
        ),
        (a_request(), a_voter("per_bo", acts_for="per_ada"), Answer.APPROVE, "asked for it"),
        (a_request(), a_voter("per_bo", acts_for="per_bo"), Answer.APPROVE, "themselves"),
        (a_request(Rule(not_owner=True)), a_voter("per_olga"), Answer.APPROVE, "owner"),
        (
            a_request(Rule(not_owner=True)),
            a_voter("per_bo", acts_for="per_olga"),
            Answer.APPROVE,
            "owner",
        ),
        (a_request(Rule(strong=True)), a_voter(), Answer.APPROVE, "second factor"),
        (a_request(Rule(needs("security"))), a_voter("per_bo", "builder"), Answer.DENY, "roles"),
        (a_request(), a_voter(), Answer.OVERRIDE, "cannot be overridden"),
        (a_request(Rule(override_role="admin")), a_voter(), Answer.OVERRIDE, "role admin"),
        (a_request(expires_at=AT), a_voter(), Answer.APPROVE, "time is over"),
    ],
)
def test_who_may_not_answer(request_: Request, voter: Voter, answer: Answer, why: str) -> None:
    """Each way to lack independence, strength or a role is refused, with its reason and remedy."""
    leave = may_answer(request_, voter, answer, votes=(), at=AT)
    assert leave.ok is (why == "")
    assert why in "; ".join(leave.reasons)
    assert leave.ok or leave.remedy


@pytest.mark.requirement("GOV-11", "CHG-01")
def test_every_need_wants_a_person_of_its_own() -> None:
    """One person with both roles fills one need; the other stays missing and is named."""
    both = a_vote("per_bo", "releaser", "compliance")
    found = judge(a_request(TWO), [both])
    assert found.state is State.OPEN
    assert found.missing in (
        ("one person with the role compliance",),
        ("one person with the role releaser",),
    )
    assert judge(a_request(TWO), [both, a_vote("per_cy", "releaser")]).state is State.APPROVED


def test_the_order_of_answers_does_not_matter() -> None:
    """Whoever could fill several needs is seated where they are needed, in any order of voting."""
    rule = Rule(needs("releaser", "compliance", "security"))
    votes = [
        a_vote("per_a", "releaser", "compliance", "security"),
        a_vote("per_b", "releaser", "compliance"),
        a_vote("per_c", "releaser"),
    ]
    for order in permutations(votes):
        assert judge(a_request(rule), order).state is State.APPROVED


def test_a_no_wins() -> None:
    """One no closes it, whatever else was said."""
    votes = [a_vote("per_bo"), a_vote("per_cy", answer=Answer.DENY)]
    found = judge(a_request(), votes)
    assert found.state is State.DENIED
    assert found.reasons == ("per_cy says so",)


def test_a_yes_to_another_digest_is_no_yes() -> None:
    """What was said of an older version counts for nothing."""
    older = matter_digest(MATTER.kind, MATTER.subject, {"model": "sha256:bb"})
    assert judge(a_request(), [a_vote("per_bo", digest=older)]).state is State.OPEN


def test_an_override_is_marked() -> None:
    """An override approves in place of all needs, and says that it is one."""
    found = judge(a_request(TWO), [a_vote("per_bo", "admin", answer=Answer.OVERRIDE)])
    assert found.state is State.APPROVED
    assert found.overridden


def test_nobody_passes_their_own_change_where_it_needs_another() -> None:
    """A change counts as its author's yes only where the rule lets it."""
    changed = a_vote("per_bo", answer=Answer.APPROVE_WITH_CHANGE)
    assert judge(a_request(), [changed]).state is State.APPROVED
    strict = a_request(Rule(change_needs_another=True))
    assert judge(strict, [changed]).state is State.OPEN


def test_after_escalation_the_higher_role_may_answer_too() -> None:
    """Holders of the higher role count only once the request was passed up."""
    rule = Rule(needs("security"), escalate_to="owner")
    waiting = a_request(rule)
    owner = a_voter("per_cy", "owner")
    assert not may_answer(waiting, owner, Answer.APPROVE, votes=(), at=AT).ok
    passed_up = replace(waiting, escalated_at=AT)
    assert may_answer(passed_up, owner, Answer.APPROVE, votes=(), at=AT).ok
    assert judge(passed_up, [a_vote("per_cy", "owner")]).state is State.APPROVED


def test_one_person_answers_a_version_once() -> None:
    """Neither for themselves after answering for another, nor the other way round."""
    votes = [a_vote("per_bo", acts_for="per_dee")]
    for voter in (a_voter("per_bo"), a_voter("per_dee"), a_voter("per_x", acts_for="per_dee")):
        leave = may_answer(a_request(), voter, Answer.APPROVE, votes=votes, at=AT)
        assert "already" in leave.reasons[0]


@pytest.mark.parametrize("tier", ["high", "critical", "no such tier"])
def test_strict_tiers_and_unknown_ones(tier: str) -> None:
    """A high tier, and one nobody knows, needs several people, strong and not the owner."""
    rule = rule_for_tier(tier)
    assert sum(need.count for need in rule.needs) >= 2
    assert rule.strong
    assert rule.not_owner
    assert rule.not_author
    assert rule_problem(rule) == ""


@pytest.mark.parametrize("needed", [(), (Need(0),), (Need(11),), (Need(6), Need(6))])
def test_rules_that_ask_nobody_or_everybody(needed: tuple[Need, ...]) -> None:
    """A rule asks at least one person and at most ten."""
    assert rule_problem(Rule(needed))


def test_a_delegation_holds_for_its_kind_and_time() -> None:
    """Leave to answer for another ends by itself and does not spread to other matters."""
    week = timedelta(days=7)
    given = [
        Delegation("d1", "per_a", "per_t", "", "leave", AT, AT + week),
        Delegation("d2", "per_b", "per_t", "gateway.call", "leave", AT, AT + week),
        Delegation("d3", "per_c", "per_t", "", "leave", AT, AT + week, ended_at=AT),
        Delegation("d4", "per_d", "per_u", "", "leave", AT, AT + week),
    ]
    assert delegated_to(given, "per_t", kind="registry.deploy", at=AT) == ("per_a",)
    assert delegated_to(given, "per_t", kind="gateway.call", at=AT) == ("per_a", "per_b")
    assert delegated_to(given, "per_t", kind="registry.deploy", at=AT + week) == ()


def test_differences_name_paths() -> None:
    """A reader sees which parts change, from what to what."""
    before = {"model": "a", "limits": {"usd": 10}, "tools": ["x"]}
    after = {"model": "b", "limits": {"usd": 10}, "tools": ["x", "y"]}
    assert differences(before, after) == (("model", "a", "b"), ("tools[1]", "", "y"))
    assert differences(None, {"model": "a"}) == (("model", "", "a"),)


_ROLES = st.frozensets(st.sampled_from(["releaser", "compliance", "security", "admin"]))


@given(st.lists(_ROLES, max_size=5), st.lists(_ROLES, max_size=3))
def test_more_yes_never_takes_a_yes_back(
    some: list[frozenset[str]], more: list[frozenset[str]]
) -> None:
    """Judgement is monotone in approvals, and never approves with fewer people than needs."""
    request = a_request(Rule(needs("releaser", "compliance")))
    votes = [a_vote(f"per_{number}", *roles) for number, roles in enumerate([*some, *more])]
    few, all_ = judge(request, votes[: len(some)]), judge(request, votes)
    assert not (few.state is State.APPROVED and all_.state is not State.APPROVED)
    assert all_.state is not State.APPROVED or len(votes) >= 2
    assert len(all_.missing) <= len(few.missing)
