"""Answering: decided, carried out in the same work, and looked at again after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muniment import access
from muniment.access import Answer, Campaign, Holder, HolderKind, Line, LineSort, Scope
from muniment.access.store.tables import grants_table
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from tests.access.company import SYSTEM, Company

WORKER = system_actor("worker")
DAYS = timedelta(days=1)


@pytest.fixture
def review(company: Company) -> Campaign:
    """A review with a line of every sort about Ana, all given to Bob."""
    company.grant("bob", "security")
    company.grant("cora", "compliance")
    company.grant("ana", "builder", SYSTEM)
    with company.work() as work:
        team = access.add_team(work, "Data")
        access.grant(work, Holder(HolderKind.TEAM, team.id), "builder", reason="x", scope=SYSTEM)
        access.join(work, team.id, company.person("ana"))
        access.issue_key(work, company.person("ana"), "x")
        access.import_outside(work, "grafana", "account,what\nana@example.org,viewer\n")
    with company.work("cora") as work:
        reviewers = [company.people["bob"], company.people["cora"]]
        opened = access.open_review(work, "All", reviewers, due_at=work.now + 7 * DAYS)
        for each in access.review_lines(work, opened.id).rows:
            mine = each.entitlement.person_id == company.people["bob"]
            if each.reviewer_id != company.people["bob"] and not mine:
                access.reassign(work, each.id, company.people["bob"])
    return opened


def line(company: Company, review: Campaign, sort: LineSort, what: str = "") -> Line:
    """Find the line about Ana of a sort."""
    with company.look("cora") as work:
        rows = access.review_lines(work, review.id, limit=500).rows
    ana = company.people["ana"]
    (found,) = (
        each for each in rows if each.entitlement.sort is sort and each.entitlement.person_id == ana
    )
    return found


def answer(company: Company, about: Line, said: Answer, **facts: Any) -> Line:
    """Let Bob answer a line."""
    with company.work("bob") as work:
        return access.answer(work, about.id, said, reason="Looked.", seconds=12, **facts)


@pytest.mark.requirement("ACC-05", "ACC-17", "ACC-18")
@pytest.mark.parametrize("sort", [LineSort.GRANT, LineSort.MEMBERSHIP, LineSort.KEY])
def test_what_is_revoked_is_gone_and_seen_to_be_gone(
    company: Company, review: Campaign, sort: LineSort
) -> None:
    """The right ends in the same work as the answer; later it is read again and recorded."""
    about = line(company, review, sort)
    done = answer(company, about, Answer.REVOKE)
    assert done.carried_out_at == done.decided_at == company.clock.now()
    assert (done.seconds, done.reason, done.verified_at) == (12, "Looked.", None)
    (entry,) = company.recorded("access.line_answered")
    table = {"grant": "access_grants", "membership": "access_members", "key": "access_keys"}[sort]
    assert set(entry["changes"]) == {"access_review_lines", table}
    assert (entry["body"]["answer"], entry["body"]["seconds"]) == ("revoke", 12)
    with company.database.work(WORKER) as work:
        assert access.verify_answers(work, review.id) == ((about.id,), ())
        assert access.verify_answers(work, review.id) == ((), ())
    assert company.recorded("access.lines_verified")[0]["body"]["gone"] == [about.id]
    assert line(company, review, sort).verified_at is not None
    with pytest.raises(ForbiddenError, match="carried out"):
        answer(company, about, Answer.KEEP)


def test_what_came_back_is_not_said_to_be_gone(company: Company, review: Campaign) -> None:
    """A revoked right that is there again, by whatever way, is told as still there."""
    about = line(company, review, LineSort.GRANT)
    answer(company, about, Answer.REVOKE)
    with company.database.machine() as connection:
        named = grants_table.c.id == about.entitlement.target
        connection.execute(grants_table.update().where(named).values(revoked_at=None))
    with company.database.work(WORKER) as work:
        assert access.verify_answers(work, review.id) == ((), (about.id,))
    assert company.recorded("access.lines_verified")[0]["body"]["still_there"] == [about.id]
    ids = [each.id for each in _all(company, review) if each.answer is None]
    with company.work("cora") as work, pytest.raises(ConflictError) as caught:
        access.close_review(work, review.id, excuses=dict.fromkeys(ids, "Later."))
    assert "1 answers are not verified" in caught.value.reasons


def test_a_right_elsewhere_is_gone_when_the_next_import_says_so(
    company: Company, review: Campaign
) -> None:
    """We do not claim to have ended what we cannot end; the review tells it as open until then."""
    about = line(company, review, LineSort.OUTSIDE)
    assert answer(company, about, Answer.REVOKE).carried_out_at is None
    with company.database.work(WORKER) as work:
        assert access.verify_answers(work, review.id) == ((), ())
    with company.work("bob") as work:
        access.import_outside(work, "grafana", "account,what\n")
    with company.database.work(WORKER) as work:
        assert access.verify_answers(work, review.id) == ((about.id,), ())


def test_a_change_only_narrows_and_shortens(company: Company, review: Campaign) -> None:
    """A reviewer takes away and never gives: later ends and wider scopes are refused."""
    grant, key = line(company, review, LineSort.GRANT), line(company, review, LineSort.KEY)
    member = line(company, review, LineSort.MEMBERSHIP)
    now = company.clock.now()
    wrong: list[tuple[Line, dict[str, Any]]] = [
        (grant, {}),
        (grant, {"ends_at": now}),
        (grant, {"scope": Scope.of(system="sys_2")}),
        (grant, {"scope": Scope()}),
        (grant, {"scope": SYSTEM}),
        (key, {"ends_at": now + 400 * DAYS}),
        (key, {"scope": SYSTEM}),
        (member, {"ends_at": now + DAYS}),
    ]
    for about, facts in wrong:
        with pytest.raises(InvalidError):
            answer(company, about, Answer.CHANGE, **facts)
    assert company.recorded("access.line_answered") == []
    answer(company, key, Answer.CHANGE, ends_at=now + DAYS)
    narrow = Scope.of(system="sys_1", environment="test")
    answer(company, grant, Answer.CHANGE, scope=narrow, ends_at=now + DAYS)
    successor = company.recorded("access.line_answered")[-1]["body"]["successor"]
    with company.look("cora") as work:
        made = access.grant_of(work, successor)
        assert (made.scope, made.ends_at, made.role) == (narrow, now + DAYS, "builder")
        assert not access.grant_of(work, grant.entitlement.target).holds(work.now)
        assert access.key_of(work, key.entitlement.target).expires_at == now + DAYS
    with company.database.work(WORKER) as work:
        gone, still = access.verify_answers(work, review.id)
    assert (set(gone), still) == ({grant.id, key.id}, ())


def test_only_the_end_is_changed_if_only_the_end_is_said(
    company: Company, review: Campaign
) -> None:
    """A grant that is made shorter stays the same grant."""
    about = line(company, review, LineSort.GRANT)
    ends = company.clock.now() + DAYS
    answer(company, about, Answer.CHANGE, ends_at=ends)
    with company.look("cora") as work:
        assert access.grant_of(work, about.entitlement.target).ends_at == ends


def test_a_line_is_answered_by_its_reviewer_with_a_reason(
    company: Company, review: Campaign
) -> None:
    """Not by others, not by programs, not without a reason, nor with impossible seconds."""
    about = line(company, review, LineSort.GRANT)
    with company.work("cora") as work, pytest.raises(ForbiddenError, match="somebody else"):
        access.answer(work, about.id, Answer.KEEP, reason="x", seconds=1)
    with company.work() as work, pytest.raises(ForbiddenError, match="for a person"):
        access.answer(work, about.id, Answer.KEEP, reason="x", seconds=1)
    with company.work("bob") as work:
        for facts in ({"reason": " "}, {"seconds": -1}, {"seconds": 86_401}):
            with pytest.raises(InvalidError):
                access.answer(work, about.id, Answer.KEEP, **{"reason": "x", "seconds": 1, **facts})  # type: ignore[arg-type]
        with pytest.raises(ConflictError, match="meanwhile"):
            access.answer(work, about.id, Answer.KEEP, reason="x", seconds=1, version=5)
        with pytest.raises(ValueError, match="perhaps"):
            access.answer(work, about.id, Answer("perhaps"), reason="x", seconds=1)
        kept = access.answer(work, about.id, Answer.KEEP, reason="Needed.", seconds=0)
        assert kept.carried_out_at is None
        gone = access.answer(work, about.id, Answer.REVOKE, reason="Not needed.", seconds=1)
    assert gone.answer is Answer.REVOKE


def test_a_review_does_not_take_the_last_admin_away(company: Company, review: Campaign) -> None:
    """A reviewer's no stops where nobody would be left, and says the way out."""
    with company.look("cora") as work:
        rows = access.review_lines(work, review.id, limit=500).rows
    (admin,) = (each for each in rows if each.entitlement.what == "admin")
    for said, facts in ((Answer.REVOKE, {}), (Answer.CHANGE, {"scope": SYSTEM})):
        with pytest.raises(ConflictError, match="nobody who is admin"):
            answer(company, admin, said, **facts)


def test_what_ended_meanwhile_can_still_be_answered(company: Company, review: Campaign) -> None:
    """Somebody who left in between is no obstacle: revoking what is gone is done already."""
    with company.work() as work:
        access.leave(work, company.people["ana"])
    for sort in (LineSort.GRANT, LineSort.MEMBERSHIP, LineSort.KEY):
        answer(company, line(company, review, sort), Answer.REVOKE)
    with company.database.work(WORKER) as work:
        gone, still = access.verify_answers(work, review.id)
    assert (len(gone), still) == (3, ())


def _all(company: Company, review: Campaign) -> tuple[Line, ...]:
    with company.look("cora") as work:
        return access.review_lines(work, review.id, limit=500).rows
