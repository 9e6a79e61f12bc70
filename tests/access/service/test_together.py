"""Many at once: changes of access come one after the other, and none slips by another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from muniment import access
from muniment.core.errors import ConflictError, ForbiddenError, MunimentError
from muniment.db import Work
from tests.access.company import SYSTEM, Company

Act = Callable[[Work], object]


def race(company: Company, *acts: tuple[str, Act]) -> list[object]:
    """Let people act at the same moment; give what came of each, or its error."""
    start = Barrier(len(acts))

    def run(name: str, act: Act) -> object:
        start.wait()
        try:
            with company.work(name) as work:
                return act(work)
        except MunimentError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(run, *one) for one in acts]]


def test_two_admins_who_revoke_each_other_leave_one(company: Company) -> None:
    """Whoever is first wins; the other is no admin any more and changes nothing."""
    for _ in range(3):
        company.grant("ana", "admin")
        with company.look() as work:
            held = {
                each.holder.id: each.id
                for each in access.grants(work, role_name="admin", only_holding=True).rows
            }
        hers, his = held[company.people["ana"]], held[company.people["ines"]]
        first, second = race(
            company,
            ("ines", partial(access.revoke, grant_id=hers, reason="They leave.")),
            ("ana", partial(access.revoke, grant_id=his, reason="They leave.")),
        )
        assert isinstance(first, ForbiddenError) is not isinstance(second, ForbiddenError)
        if isinstance(first, ForbiddenError):
            company.people["ana"], company.people["ines"] = (
                company.people["ines"],
                company.people["ana"],
            )


def test_two_admins_who_suspend_themselves_leave_one(company: Company) -> None:
    """The last admin stays, even if each thinks the other does."""
    company.grant("ana", "admin")
    results = race(
        company,
        ("ines", lambda work: access.suspend(work, company.people["ines"])),
        ("ana", lambda work: access.suspend(work, company.people["ana"])),
    )
    assert sum(isinstance(each, ConflictError) for each in results) == 1


def test_a_grant_during_suspension_is_whole_or_not(company: Company) -> None:
    """An admin who is suspended in the same moment has granted before, or does not grant."""
    company.grant("ana", "admin")
    granted, suspended = race(
        company,
        (
            "ana",
            lambda work: access.grant(
                work, company.person("bob"), "builder", reason="x", scope=SYSTEM
            ),
        ),
        ("ines", lambda work: access.suspend(work, company.people["ana"])),
    )
    assert not isinstance(suspended, MunimentError)
    with company.look() as work:
        held = access.grants(work, holder_id=company.people["bob"]).rows
    assert len(held) == (0 if isinstance(granted, ForbiddenError) else 1)


@pytest.mark.requirement("ACC-04")
def test_conflicting_duties_given_at_once_do_not_both_come(company: Company) -> None:
    """Two admins who give one person two duties in the same moment: one is refused."""
    company.grant("ana", "admin")
    give = partial(access.grant, holder=company.person("bob"), reason="At once.", scope=SYSTEM)
    results = race(
        company, ("ines", partial(give, role="builder")), ("ana", partial(give, role="releaser"))
    )
    assert sum(isinstance(each, ConflictError) for each in results) == 1


def test_one_address_given_to_two_people_at_once_is_ones(company: Company) -> None:
    """Two invitations for one address make one person."""
    company.grant("ana", "admin")
    invite = partial(access.invite, name="Dan", email="dan@example.org")
    results = race(company, ("ines", invite), ("ana", invite))
    assert sum(isinstance(each, ConflictError) for each in results) == 1
