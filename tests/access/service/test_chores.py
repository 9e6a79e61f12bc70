"""The nightly chores: what is idle, what ran out, what nobody answers for."""

from __future__ import annotations

from muniment import access
from muniment.access import Holder, HolderKind, KeyBook, ServiceKind
from muniment.access.store.tables import people_table
from tests.access.company import SYSTEM, Company

DAY = 86_400


def tidy(company: Company) -> access.Tidied:
    """Do the chores of a night."""
    with company.work() as work:
        return access.tidy(work)


def test_a_key_nobody_used_for_ninety_days_ends(company: Company) -> None:
    """Idle keys end with a record that says so; used ones stay."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "A", company.people["ana"])
        holder = Holder(HolderKind.SERVICE, service.id)
        idle, used = (access.issue_key(work, holder, label) for label in ("idle", "used"))
    company.clock.advance(89 * DAY)
    book = KeyBook(company.database)
    book.identify(used.secret)
    book.write_uses()
    assert tidy(company).keys == ()
    company.clock.advance(DAY)
    assert tidy(company).keys == (idle.key.id,)
    assert tidy(company).keys == ()
    body = company.recorded("access.key_revoked")[0]["body"]
    assert body == {"key": idle.key.id, "cause": "inactive"}


def test_what_ran_out_is_recorded_once(company: Company) -> None:
    """Each grant that ended by itself is told once; one that was revoked before is not."""
    soon = company.clock.now().replace(day=2)
    ended = company.grant("ana", "builder", SYSTEM, ends_at=soon)
    revoked = company.grant("bob", "builder", SYSTEM, ends_at=soon)
    with company.work() as work:
        access.revoke(work, revoked.id, reason="For tests.")
    assert tidy(company).grants == ()
    company.clock.advance(2 * DAY)
    assert tidy(company).grants == (ended.id,)
    assert tidy(company).grants == ()
    assert [e["body"]["grants"] for e in company.recorded("access.grants_ended")] == [[ended.id]]


def test_a_service_whose_person_is_gone_is_stopped(company: Company) -> None:
    """Even if the person was removed past the product, their services do not run on."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "A", company.people["ana"]).id
    assert tidy(company).services == ()
    with company.database.machine() as connection:
        named = people_table.c.id == company.people["ana"]
        connection.execute(people_table.update().where(named).values(state="left"))
    assert tidy(company).services == (service,)
    assert tidy(company).services == ()
    with company.look() as work:
        assert not access.service(work, service).active


def test_emergencies_nobody_looked_over_are_told_each_night(company: Company) -> None:
    """After three days they are told until somebody looks."""
    company.grant("ana", "builder", SYSTEM)
    with company.work("ana") as work:
        _, emergency = access.break_glass(work, "operator", reason="x", scope=SYSTEM)
    company.clock.advance(3 * DAY)
    assert tidy(company).emergencies == ()
    company.clock.advance(DAY)
    assert tidy(company).emergencies == (emergency.id,)
    assert company.recorded("access.emergencies_unreviewed")[0]["body"] == {
        "emergencies": [emergency.id]
    }
