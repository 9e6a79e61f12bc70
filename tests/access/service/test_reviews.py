"""Reviews: frozen, given to independent people, escalated when late, closed when all is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from muniment import access
from muniment.access import Campaign, CampaignState, Line, LineSort, ServiceKind
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import SYSTEM, Company

WEEK = timedelta(days=7)


def staffed(company: Company) -> None:
    """Let Ana build, Bob guard and Cora review."""
    company.grant("ana", "builder", SYSTEM)
    company.grant("bob", "security")
    company.grant("cora", "compliance")


def opened(company: Company, *reviewers: str, **facts: Any) -> Campaign:
    """Let Cora open a review."""
    with company.work("cora") as work:
        people = [company.people[name] for name in reviewers]
        facts.setdefault("due_at", work.now + WEEK)
        return access.open_review(work, "First quarter", people, **facts)


def lines_of(company: Company, review: Campaign, name: str = "") -> Sequence[Line]:
    """List the lines of a review, or of one reviewer."""
    with company.look(name or "cora") as work:
        return access.review_lines(work, review.id, mine=bool(name), limit=500).rows


@pytest.mark.requirement("ACC-05", "ACC-17", "ACC-18")
def test_a_review_freezes_who_can_reach_what(company: Company) -> None:
    """Every grant is a line with an independent reviewer; the record has the digest."""
    staffed(company)
    review = opened(company, "bob", "cora")
    lines = lines_of(company, review)
    found = {(each.entitlement.person_id, each.entitlement.what) for each in lines}
    assert found == {
        (company.people["ines"], "admin"),
        (company.people["ana"], "builder"),
        (company.people["bob"], "security"),
        (company.people["cora"], "compliance"),
    }
    assert all(each.reviewer_id != each.entitlement.person_id for each in lines)
    (entry,) = company.recorded("access.review_opened")
    assert entry["body"]["population"] == review.population
    assert entry["body"]["lines"] == review.lines == 4
    company.grant("ana", "builder", access.Scope.of(system="sys_2"))
    assert len(lines_of(company, review)) == 4


def test_a_population_is_taken_as_of_a_day(company: Company) -> None:
    """What was given later is not in it; what ended since is."""
    staffed(company)
    then = company.clock.now()
    company.clock.advance(3_600)
    with company.work() as work:
        access.leave(work, company.people["ana"])
        access.add_person(work, "Dan", "dan@example.org")
    review = opened(company, "bob", "cora", as_of=then)
    assert "builder" in {each.entitlement.what for each in lines_of(company, review)}
    now = opened(company, "bob", "cora")
    assert "builder" not in {each.entitlement.what for each in lines_of(company, now)}
    assert now.population != review.population


def test_a_review_that_cannot_be_independent_is_not_opened(company: Company) -> None:
    """Lines with nobody independent are named; nothing is opened half."""
    staffed(company)
    with pytest.raises(ConflictError, match="nobody independent") as caught:
        opened(company, "cora")
    assert caught.value.reasons == (f"compliance of {company.people['cora']}",)
    with pytest.raises(ConflictError):
        opened(company)
    with company.work() as work:
        access.suspend(work, company.people["bob"])
    with pytest.raises(InvalidError, match="is active"):
        opened(company, "bob")
    assert company.recorded("access.review_opened") == []


@pytest.mark.parametrize(
    "facts",
    [
        {"as_of": timedelta(seconds=1)},
        {"due_at": timedelta(0)},
        {"due_at": timedelta(days=181)},
        {"sorts": frozenset[LineSort]()},
    ],
)
def test_impossible_times_and_empty_reviews_are_refused(
    company: Company, facts: dict[str, Any]
) -> None:
    """A review is of the past, due within half a year, and about something."""
    staffed(company)
    now = company.clock.now()
    given = {
        key: now + each if isinstance(each, timedelta) else each for key, each in facts.items()
    }
    with pytest.raises(InvalidError):
        opened(company, "bob", "cora", **given)


def test_a_review_may_be_of_one_system_or_sort(company: Company) -> None:
    """Only what reaches the system; only keys, if only keys are asked for."""
    staffed(company)
    company.grant("ana", "builder", access.Scope.of(system="sys_2"))
    with company.work("ana") as work:
        access.issue_key(work, company.person("ana"), "x")
    of_system = opened(company, "bob", "cora", system="sys_2")
    scopes = {str(each.entitlement.scope) for each in lines_of(company, of_system)}
    assert "system sys_1" not in scopes
    keys = opened(company, "bob", "cora", sorts=frozenset({LineSort.KEY}))
    (line,) = lines_of(company, keys)
    assert line.entitlement.sort is LineSort.KEY
    assert line.entitlement.person_id == company.people["ana"]


def test_a_line_is_given_to_another_independent_person(company: Company) -> None:
    """Who opened may reassign what is unanswered, and never to who is biased."""
    staffed(company)
    company.grant("ines", "compliance")
    review = opened(company, "bob", "cora")
    line = next(e for e in lines_of(company, review) if e.entitlement.what == "builder")
    with company.work("ines") as work:
        with pytest.raises(ForbiddenError, match="nobody reviews"):
            access.reassign(work, line.id, company.people["ana"])
        with pytest.raises(NotFoundError):
            access.reassign(work, "rvl_x", company.people["ines"])
        assert (
            access.reassign(work, line.id, company.people["ines"]).reviewer_id != line.reviewer_id
        )
        assert access.owed_lines(work) == 1
    assert company.recorded("access.line_reassigned")[0]["body"]["before"] == line.reviewer_id


def test_a_late_review_is_told_again_each_week(company: Company) -> None:
    """The chore records who owes how much; not before it is due, not twice in a week."""
    staffed(company)
    review = opened(company, "bob", "cora")

    def look() -> int:
        with company.database.work(system_actor("worker")) as work:
            access.look_after_reviews(work)
        return len(company.recorded("access.review_overdue"))

    assert look() == 0
    company.clock.advance(WEEK.total_seconds())
    assert [look(), look()] == [1, 1]
    body = company.recorded("access.review_overdue")[0]["body"]
    assert body["unanswered"] == 4
    assert set(body["reviewers"]) == {company.people["bob"], company.people["cora"]}
    company.clock.advance(WEEK.total_seconds())
    assert look() == 2
    with company.look("cora") as work:
        assert access.review(work, review.id).state is CampaignState.OVERDUE


def test_only_who_has_lines_or_reads_access_sees_a_review(company: Company) -> None:
    """A reviewer sees their own lines, others nothing; opening and closing is for few."""
    staffed(company)
    review = opened(company, "bob", "cora")
    with company.work("ana") as work:
        assert access.review_lines(work, review.id, mine=True).rows == ()
        for act in (
            lambda: access.review(work, review.id),
            lambda: access.reviews(work),
            lambda: access.review_lines(work, review.id),
            lambda: access.close_review(work, review.id),
            lambda: access.open_review(work, "x", [], due_at=work.now + WEEK),
        ):
            with pytest.raises(ForbiddenError):
                act()
    with company.work() as work, pytest.raises(ForbiddenError, match="for a person"):
        access.open_review(work, "x", [], due_at=work.now + WEEK)
    with company.look("cora") as work:
        assert [each.id for each in access.reviews(work).rows] == [review.id]
        with pytest.raises(NotFoundError):
            access.review(work, "rev_x")


def test_a_review_closes_with_answers_or_excuses(company: Company) -> None:
    """Silent lines are named; each excuse is a sentence; what is closed stays closed."""
    staffed(company)
    review = opened(company, "bob", "cora")
    ids = [each.id for each in lines_of(company, review)]
    with company.work("cora") as work:
        with pytest.raises(ConflictError) as caught:
            access.close_review(work, review.id)
        assert "4 lines have no answer" in caught.value.reasons
        with pytest.raises(InvalidError):
            access.close_review(work, review.id, excuses=dict.fromkeys(ids, " "))
        with pytest.raises(ConflictError, match="meanwhile"):
            access.close_review(work, review.id, version=9)
        closed = access.close_review(work, review.id, excuses=dict.fromkeys(ids, "A rehearsal."))
        assert closed.state is CampaignState.CLOSED
        with pytest.raises(ConflictError, match="closed"):
            access.close_review(work, review.id)
        with pytest.raises(ConflictError, match="closed"):
            access.reassign(work, ids[0], company.people["ines"])
    (entry,) = company.recorded("access.review_closed")
    assert (entry["body"]["excused"], entry["body"]["kept"]) == (4, 0)
    assert {each.reason for each in lines_of(company, review)} == {"A rehearsal."}


def test_a_service_given_to_a_reviewer_is_no_longer_theirs_to_review(company: Company) -> None:
    """Independence is judged again when a line is answered, by what is true then."""
    staffed(company)
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "hers", company.people["ana"])
        bot = access.Holder(access.HolderKind.SERVICE, service.id)
        access.grant(work, bot, "builder", reason="x", scope=SYSTEM)
    review = opened(company, "bob", "cora")
    lines = [each for each in lines_of(company, review) if each.entitlement.holder == bot]
    (line,) = lines
    name = next(n for n, named in company.people.items() if named == line.reviewer_id)
    with company.work() as work:
        access.transfer_service(work, service.id, line.reviewer_id)
    with company.work(name) as work, pytest.raises(ForbiddenError, match="answer for"):
        access.answer(work, line.id, access.Answer.KEEP, reason="Mine now.", seconds=1)
