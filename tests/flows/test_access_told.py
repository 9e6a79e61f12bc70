"""What happens to access reaches people: an emergency at once, a late review when it is late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from muniment import access, notices
from muniment.access import Finding, LineSort, PersonId, Scope
from muniment.server import House
from tests.flows.test_notices import arrives_in, work_until
from tests.server.asking import house_in
from tests.server.people import Somebody, found_admin, person_with

SYSTEM = Scope.of(system="sys_credit")
ALARM = "Somebody took a role in an emergency"
LATE = "A review of access is late"


def titles(house: House, who: Somebody) -> list[str]:
    """List what somebody finds in their inbox."""
    with house.database.look(who.actor) as work:
        return [each.group.title for each in notices.inbox(work).rows]


def kinds(house: House) -> list[str]:
    """List the kinds of all entries of the ledger."""
    house.log.seal()
    return [each.kind for each in house.log.read_after(0, 10_000)]


@pytest.mark.requirement("ACC-05", "ACC-15")
def test_an_emergency_alarms_and_a_late_review_is_passed_up(tmp_path: Path) -> None:
    """Who guards hears of broken glass until they looked; who owes answers hears that they do."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        found_admin(house)
        noor = person_with(house, "builder", SYSTEM, name="Noor Haddad")
        sam = person_with(house, "security", name="Sam Okafor")
        cora = person_with(house, "compliance", name="Cora Lindqvist")

        with house.database.work(noor.actor) as work:
            _, emergency = access.break_glass(work, "operator", reason="It burns.", scope=SYSTEM)
        for guard in (sam, cora):
            arrives_in(house, guard, ALARM)
        assert ALARM not in titles(house, noor), "nobody is alarmed by themselves"
        with house.database.work(sam.actor) as work:
            access.review_emergency(work, emergency.id, Finding.JUSTIFIED, words="It did burn.")
        work_until(house, lambda: "notices.settled" in kinds(house))

        with house.database.work(cora.actor) as work:
            reviewers = [PersonId(sam.id), PersonId(cora.id)]
            due, sorts = work.now + timedelta(seconds=1), frozenset({LineSort.GRANT})
            access.open_review(work, "Quarter", reviewers, due_at=due, sorts=sorts)
        assert "access.review_overdue" not in kinds(house)
        for owing in (sam, cora):
            arrives_in(house, owing, LATE)
        assert kinds(house).count("access.review_overdue") == 1, "told once a week, not each hour"
