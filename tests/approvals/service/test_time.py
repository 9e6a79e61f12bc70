"""What time does to a request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import approvals
from muniment.approvals import Need, Rule, State, Timing
from muniment.approvals.service import remind, run_due
from muniment.core.errors import ConflictError, ForbiddenError
from tests.approvals.people import ROOT, Office

HOUR = timedelta(hours=1)


def pass_time(office: Office) -> tuple[int, int]:
    """Run the chores once."""
    with office.database.work(ROOT) as work:
        return run_due(work), remind(work)


def test_time_ends_a_request_and_never_with_a_yes(office: Office) -> None:
    """What nobody answered in time is over, once, and cannot be used or answered."""
    now = office.database.clock.now()
    request = office.ask(timing=Timing(now + HOUR), single_use=True)
    office.person("bo", "releaser")
    assert pass_time(office) == (0, 0)
    office.later(3_600)
    with pytest.raises(ForbiddenError, match="cannot answer"):
        office.answer("bo", request)
    assert pass_time(office) == (1, 0)
    assert pass_time(office) == (0, 0)
    with office.database.look(ROOT) as work:
        assert approvals.get(work, request.id)[0].state is State.EXPIRED
    assert len(office.recorded("approvals.expired")) == 1
    with pytest.raises(ForbiddenError), office.database.work(ROOT) as work:
        approvals.use(work, request.id, digest=request.version.digest, what="x")


def test_what_waits_too_long_is_passed_up(office: Office) -> None:
    """After a while a higher role may answer too, and before that it may not."""
    now = office.database.clock.now()
    rule = Rule((Need(1, "releaser"),), escalate_to="owner")
    request = office.ask(rule=rule, timing=Timing(escalates_at=now + HOUR))
    office.person("boss", "owner")
    with pytest.raises(ForbiddenError):
        office.answer("boss", request)
    office.later(3_600)
    assert pass_time(office)[0] == 1
    assert pass_time(office)[0] == 0
    assert office.answer("boss", request).state is State.APPROVED
    (entry,) = office.recorded("approvals.escalated")
    assert entry["body"]["role"] == "owner"


def test_a_person_passes_it_up_at_once(office: Office) -> None:
    """Whoever is asked can pass it up with a reason, once, and only where there is an up."""
    request = office.ask(rule=Rule((Need(1, "releaser"),), escalate_to="owner"))
    plain = office.ask(subject="sys_plain")
    office.person("bo", "releaser")
    with office.by("bo") as work:
        approvals.escalate(work, request.id, reason="above my head")
    for again in (request, plain):
        with pytest.raises(ConflictError), office.by("bo") as work:
            approvals.escalate(work, again.id, reason="once more")


def test_reminders_come_as_often_as_asked(office: Office) -> None:
    """Each reminder is recorded with who is missing; none comes after the answer."""
    request = office.ask(timing=Timing(remind_every_seconds=600))
    assert pass_time(office) == (0, 0)
    office.later(600)
    assert pass_time(office) == (0, 1)
    assert pass_time(office) == (0, 0)
    office.later(600)
    assert pass_time(office) == (0, 1)
    assert office.recorded("approvals.reminded")[0]["body"]["missing"] == ["one person"]
    office.person("bo", "releaser")
    office.answer("bo", request)
    office.later(600)
    assert pass_time(office) == (0, 0)
