"""Services: a person answers for each, and nobody gives one to themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from muniment import access
from muniment.access import PersonId, ServiceId, ServiceKind
from muniment.core.errors import ConflictError, ForbiddenError, NotFoundError
from tests.access.company import Company


def test_a_service_is_made_changed_and_stopped(company: Company) -> None:
    """Each step is recorded with who answers for it; whoever read last may change it."""
    ana, bob = company.people["ana"], company.people["bob"]
    with company.work("ines") as work:
        made = access.add_service(work, ServiceKind.AGENT, "Scorer", ana)
        renamed = access.rename_service(work, made.id, "Scorer 2", version=1)
        assert access.rename_service(work, made.id, "Scorer 2") == renamed
        stopped = access.suspend_service(work, made.id, version=2)
        assert not stopped.active
        with pytest.raises(ConflictError, match="suspended already"):
            access.suspend_service(work, made.id)
        with pytest.raises(ConflictError, match="meanwhile"):
            access.reactivate_service(work, made.id, version=2)
        assert access.reactivate_service(work, made.id).active
        with pytest.raises(ConflictError, match="active already"):
            access.reactivate_service(work, made.id)
        moved = access.transfer_service(work, made.id, bob)
        assert moved.owner_id == bob
        assert access.transfer_service(work, made.id, bob) == moved
    bodies = [each["body"] for each in company.recorded("access.service_changed")]
    assert [body["fields"] for body in bodies] == [["name"], ["active"], ["active"], ["owner"]]
    assert bodies[-1]["owner"] == bob


def test_somebody_active_answers_for_every_service(company: Company) -> None:
    """Not who left or is suspended, not a stranger, and not whoever gives it to themselves."""
    cora = company.people["cora"]
    with company.work("ines") as work:
        made = access.add_service(work, ServiceKind.PIPELINE, "Nightly", company.people["ana"])
        access.suspend(work, cora)
        acts: tuple[Callable[[], object], ...] = (
            lambda: access.add_service(work, ServiceKind.AGENT, "X", cora),
            lambda: access.transfer_service(work, made.id, cora),
        )
        for act in acts:
            with pytest.raises(ConflictError, match="is suspended"):
                act()
        with pytest.raises(NotFoundError):
            access.add_service(work, ServiceKind.AGENT, "X", PersonId("per_x"))
        with pytest.raises(ForbiddenError, match="to themselves"):
            access.transfer_service(work, made.id, company.people["ines"])
        access.suspend_service(work, made.id)
        access.suspend(work, company.people["ana"])
        with pytest.raises(ConflictError, match="is suspended"):
            access.reactivate_service(work, made.id)


def test_who_answers_for_a_service_may_stop_it_and_no_more(company: Company) -> None:
    """Its person stops and renames it; letting it run again, giving it away, others': refused."""
    with company.work() as work:
        hers = access.add_service(work, ServiceKind.AGENT, "Hers", company.people["ana"]).id
        his = access.add_service(work, ServiceKind.AGENT, "His", company.people["bob"]).id
    with company.work("ana") as work:
        access.rename_service(work, hers, "Still hers")
        access.suspend_service(work, hers)
        acts: tuple[Callable[[], object], ...] = (
            lambda: access.reactivate_service(work, hers),
            lambda: access.transfer_service(work, hers, company.people["bob"]),
            lambda: access.suspend_service(work, his),
            lambda: access.rename_service(work, his, "Mine"),
            lambda: access.add_service(work, ServiceKind.AGENT, "X", company.people["ana"]),
        )
        for act in acts:
            with pytest.raises(ForbiddenError):
                act()
        with pytest.raises(NotFoundError):
            access.suspend_service(work, ServiceId("svc_x"))
