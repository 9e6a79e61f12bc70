"""Reviews: independent reviewers, what may be answered and closed, and the name of a population."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import (
    EVERYTHING,
    Answer,
    Campaign,
    CampaignState,
    Entitlement,
    Holder,
    HolderKind,
    Line,
    LineSort,
    PersonId,
    Scope,
)
from muniment.access.rules import (
    assign,
    is_due_to_escalate,
    is_open_outside,
    is_unverified,
    may_answer,
    may_close,
    may_review,
    population_digest,
)
from muniment.core.digest import digest_value
from muniment.testing import START

ANA, BOB, CORA = PersonId("per_ana"), PersonId("per_bob"), PersonId("per_cora")


def right(number: int = 1, person: PersonId | None = ANA, **facts: Any) -> Entitlement:
    """Make a right of somebody."""
    holder = Holder(HolderKind.PERSON, person) if person else None
    made = Entitlement(LineSort.GRANT, f"grt_{number}", holder, person, "builder", EVERYTHING)
    return replace(made, **facts)


CAMPAIGN = Campaign(
    *("rev_1", "Q1", START, digest_value([]), 1, CampaignState.OPEN, CORA, START),
    START + timedelta(days=7),
)


def line(**facts: object) -> Line:
    """Make a line that waits for Bob."""
    return replace(Line("rvl_1", "rev_1", 1, right(), BOB), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "reviewer", "fine"),
    [
        (right(), BOB, True),
        (right(), ANA, False),
        (right(sort=LineSort.KEY), ANA, False),
        (right(sort=LineSort.OUTSIDE), ANA, False),
        (right(holder=Holder(HolderKind.SERVICE, "svc_1")), ANA, False),
        (right(person=None, sort=LineSort.OUTSIDE), ANA, True),
        (right(sort=LineSort.MEMBERSHIP, team_id="team_1"), BOB, False),
        (right(sort=LineSort.MEMBERSHIP, team_id="team_1"), CORA, True),
        (right(person=None, team_id="team_1"), BOB, False),
    ],
)
@pytest.mark.requirement("ACC-17", "ACC-18")
def test_nobody_reviews_what_is_theirs(
    about: Entitlement,
    reviewer: PersonId,
    fine: bool,  # noqa: FBT001
) -> None:
    """Not themselves, their keys, accounts and services, nor a team they hold through."""
    assert may_review(about, reviewer, {"team_1": frozenset({ANA, BOB})}).ok is fine


PEOPLE = st.sampled_from([ANA, BOB, CORA])


@given(owners=st.lists(PEOPLE, max_size=30), reviewers=st.lists(PEOPLE, unique=True))
def test_every_line_has_an_independent_reviewer_or_none(
    owners: list[PersonId], reviewers: list[PersonId]
) -> None:
    """Nobody is ever given a line of their own; a line is left alone only if all are biased."""
    lines = [right(n, person) for n, person in enumerate(owners)]
    for each, given_to in zip(lines, assign(lines, reviewers, {}), strict=True):
        independent = [who for who in reviewers if who != each.person_id]
        assert given_to in independent if independent else given_to is None


def test_lines_are_given_evenly() -> None:
    """Two reviewers who are as independent get as many lines."""
    lines = [right(n) for n in range(10)]
    assert assign(lines, [BOB, CORA], {}).count(BOB) == 5


@given(st.lists(st.integers(0, 50), unique=True), st.randoms(use_true_random=False))
def test_a_population_has_one_name_in_whatever_order(
    numbers: list[int], chance: random.Random
) -> None:
    """The digest depends on what is frozen, and not on the order in which it was read."""
    population = [right(n) for n in numbers]
    shuffled = list(population)
    chance.shuffle(shuffled)
    assert population_digest(population) == population_digest(shuffled)


@pytest.mark.parametrize(
    "facts",
    [
        {"person_id": BOB},
        {"what": "admin"},
        {"scope": Scope.of(system="1")},
        {"last_used": "2026"},
        {"account": "x"},
        {"team_id": "t"},
        {"grant_id": "g"},
        {"target": "grt_9"},
        {"holder": None},
    ],
)
def test_whatever_changes_in_a_population_changes_its_name(facts: dict[str, Any]) -> None:
    """No frozen fact can be swapped without the digest telling."""
    assert population_digest([right()]) != population_digest([right(**facts)])


@pytest.mark.parametrize(
    ("campaign", "about", "who", "fine"),
    [
        (CAMPAIGN, line(), BOB, True),
        (replace(CAMPAIGN, state=CampaignState.OVERDUE), line(), BOB, True),
        (replace(CAMPAIGN, state=CampaignState.CLOSED), line(), BOB, False),
        (CAMPAIGN, line(), CORA, False),
        (CAMPAIGN, line(answer=Answer.KEEP), BOB, True),
        (CAMPAIGN, line(answer=Answer.REVOKE), BOB, False),
        (CAMPAIGN, line(answer=Answer.CHANGE), BOB, False),
    ],
)
def test_a_line_is_answered_by_whom_it_was_given_to(
    campaign: Campaign,
    about: Line,
    who: PersonId,
    fine: bool,  # noqa: FBT001
) -> None:
    """Late is better than never; a kept right may still be revoked, a revoked one is not unsaid."""
    assert may_answer(campaign, about, who).ok is fine


DONE = {"answer": Answer.REVOKE, "carried_out_at": START}


@pytest.mark.parametrize(
    ("lines", "excuses", "reason"),
    [
        ([line(answer=Answer.KEEP)], {}, ""),
        ([line()], {}, "1 lines have no answer"),
        ([line()], {"rvl_1": "On leave."}, ""),
        ([line()], {"rvl_1": ""}, "1 lines have no answer"),
        ([line(**DONE)], {}, "1 answers are not verified"),
        ([line(**DONE, verified_at=START)], {}, ""),
        ([line(answer=Answer.KEEP)], {"rvl_9": "?"}, "lines that need none"),
        ([line(answer=Answer.REVOKE, entitlement=right(sort=LineSort.OUTSIDE))], {}, ""),
    ],
)
def test_a_review_closes_when_everything_is_said(
    lines: list[Line], excuses: dict[str, str], reason: str
) -> None:
    """Each line is answered and seen to be carried out, or somebody says why not."""
    verdict = may_close(lines, excuses)
    assert verdict.ok is not bool(reason)
    assert reason in " ".join(verdict.reasons)


def test_what_was_ended_elsewhere_stays_open_until_it_is_seen_gone() -> None:
    """We cannot end a right of another system; it is told as open, and not as done."""
    asked = line(answer=Answer.REVOKE, entitlement=right(sort=LineSort.OUTSIDE))
    assert is_open_outside(asked)
    assert not is_unverified(asked)
    assert not is_open_outside(replace(asked, verified_at=START))
    assert is_unverified(line(**DONE))


def test_a_late_review_is_told_again_each_week() -> None:
    """Not before it is due, then at once, then after a week, and never when it is closed."""
    due = CAMPAIGN.due_at
    assert not is_due_to_escalate(CAMPAIGN, due - timedelta(seconds=1))
    assert is_due_to_escalate(CAMPAIGN, due)
    told = replace(CAMPAIGN, escalated_at=due)
    assert not is_due_to_escalate(told, due + timedelta(days=6))
    assert is_due_to_escalate(told, due + timedelta(days=7))
    assert not is_due_to_escalate(replace(told, state=CampaignState.CLOSED), due)
