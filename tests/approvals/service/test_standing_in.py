"""Delegation: answering for somebody else, for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import approvals
from muniment.approvals import Need, Rule, State
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.approvals.people import Office

WEEK = timedelta(days=7)


def delegated(office: Office, giver: str = "co", taker: str = "dee") -> str:
    """Let one answer for the other for a week."""
    office.person(giver, "compliance")
    office.person(taker, "releaser")
    with office.by(giver) as work:
        made = approvals.delegate(
            work, office.id(taker), reason="on leave", ends_at=work.now + WEEK
        )
    return made.id


def test_a_delegate_answers_with_the_givers_role(office: Office) -> None:
    """The answer counts for the giver's role and names both; without delegation it is refused."""
    request = office.ask(rule=Rule((Need(1, "compliance"),)))
    office.person("dee", "releaser")
    with pytest.raises(ForbiddenError):
        office.answer("dee", request)
    delegated(office)
    done = office.answer("dee", request, acts_for=office.id("co"))
    assert done.state is State.APPROVED
    (entry,) = office.recorded("approvals.decided")
    assert entry["body"]["person"] == office.id("dee")
    assert entry["body"]["acts_for"] == office.id("co")
    assert "compliance" in entry["body"]["roles"]


def test_the_record_names_who_stands_in(office: Office) -> None:
    """Whoever follows the log learns who may answer by delegation, for this kind and now."""
    office.person("dee", "releaser")
    made = delegated(office)
    office.person("far", "releaser")
    with office.by("co") as work:
        ends = work.now + WEEK
        approvals.delegate(work, office.id("far"), reason="x", ends_at=ends, matter_kind="other")
    request = office.ask(rule=Rule((Need(1, "compliance"),)))
    with office.by("dee") as work:
        approvals.end_delegation(work, made, reason="back")
    with office.by("ada") as work:
        approvals.revise(work, request.id, {"share": 99})
    asked, revised = (office.recorded(f"approvals.{kind}")[-1] for kind in ("asked", "revised"))
    assert asked["body"]["standing_in"] == [office.id("dee")]
    assert revised["body"]["standing_in"] == []


def test_independence_is_judged_of_both(office: Office) -> None:
    """Nobody approves their own question by way of a delegate, nor as one."""
    office.person("co", "compliance", "builder")
    request = office.ask("co")
    office.person("dee", "releaser")
    delegated(office)
    with pytest.raises(ForbiddenError, match="cannot answer"):
        office.answer("dee", request, acts_for=office.id("co"))


def test_a_delegation_ends(office: Office) -> None:
    """After its time, or when it is ended, nobody answers by it; strangers cannot end it."""
    request = office.ask(rule=Rule((Need(1, "compliance"),)))
    office.person("dee", "releaser")
    made = delegated(office)
    office.person("eve", "releaser")
    with pytest.raises(ForbiddenError), office.by("eve") as work:
        approvals.end_delegation(work, made, reason="x")
    with office.by("dee") as work:
        approvals.end_delegation(work, made, reason="back from leave")
    with pytest.raises(ConflictError), office.by("dee") as work:
        approvals.end_delegation(work, made, reason="again")
    with pytest.raises(ForbiddenError, match="not asked you"):
        office.answer("dee", request, acts_for=office.id("co"))
    with pytest.raises(NotFoundError), office.by("dee") as work:
        approvals.end_delegation(work, "dlg_none", reason="x")
    with office.by("co") as work:
        given, taken = approvals.delegations_of(work)
    assert [each.id for each in given] == [made]
    assert taken == ()


def test_delegations_that_cannot_be(office: Office) -> None:
    """Not to oneself, not to nobody, not for ever, not into the past."""
    office.person("co", "compliance")
    office.person("dee", "releaser")
    now = office.database.clock.now()
    for taker, ends in (
        (office.id("co"), now + WEEK),
        ("per_nobody", now + WEEK),
        (office.id("dee"), now + timedelta(days=93)),
        (office.id("dee"), now),
    ):
        with pytest.raises(InvalidError), office.by("co") as work:
            approvals.delegate(work, taker, reason="x", ends_at=ends)
