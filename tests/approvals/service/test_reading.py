"""Reading requests: what waits for whom, and what one may see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import approvals
from muniment.access import Scope
from muniment.approvals import Need, Query, Rule, State, Timing
from muniment.core.errors import ForbiddenError
from tests.approvals.people import ROOT, Office


def test_the_inbox_holds_what_waits_for_this_person(office: Office) -> None:
    """Only what somebody could answer themselves waits for them, the most urgent first."""
    now = office.database.clock.now()
    slow = office.ask(subject="sys_slow")
    quick = office.ask(subject="sys_quick", timing=Timing(now + timedelta(hours=1)))
    security = office.ask(subject="sys_sec", rule=Rule((Need(1, "security"),)))
    office.person("bo", "releaser")
    office.person("sec", "security")

    def waits(name: str) -> list[str]:
        with office.by(name) as work:
            return [each.id for each in approvals.inbox(work)]

    assert waits("bo") == [quick.id, slow.id]
    assert set(waits("sec")) == {quick.id, slow.id, security.id}
    assert waits("ada") == []
    office.answer("bo", quick)
    assert waits("bo") == [slow.id]


def test_nothing_waits_for_a_program(office: Office) -> None:
    """The product itself has no inbox."""
    office.ask()
    with office.database.look(ROOT) as work:
        assert approvals.inbox(work) == ()


def test_requests_of_other_systems_are_not_shown(office: Office) -> None:
    """Whoever has no role over a system sees none of its requests."""
    request = office.ask()
    office.person("far", "releaser", scope=Scope.of(system="sys_2"))
    with office.by("far") as work:
        assert approvals.list_requests(work, Query()).rows == ()
    with pytest.raises(ForbiddenError), office.by("far") as work:
        approvals.get(work, request.id)
    with pytest.raises(ForbiddenError), office.by("far") as work:
        approvals.versions(work, request.id)
    with office.by("ada") as work:
        assert [each.id for each in approvals.list_requests(work, Query()).rows] == [request.id]


def test_lists_are_narrowed_by_state(office: Office) -> None:
    """What is closed is no longer among the open ones."""
    request = office.ask()
    office.person("bo", "releaser")
    office.answer("bo", request)
    with office.by("bo") as work:
        assert approvals.list_requests(work, Query(state=State.OPEN)).rows == ()
        assert len(approvals.list_requests(work, Query(state=State.APPROVED)).rows) == 1
