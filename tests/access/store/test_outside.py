"""Rights elsewhere and emergencies as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import access
from muniment.access import store
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import SYSTEM, Company


def test_rights_elsewhere_come_back_for_their_time(company: Company) -> None:
    """What was told on a day is answered after it is gone."""
    with company.work() as work:
        access.import_outside(work, "cloud", "account,what\nroot,admin\n")
    then = company.clock.now()
    company.clock.advance(60)
    with company.work() as work:
        access.import_outside(work, "cloud", "account,what\n")
        assert store.outside(work).rows == ()
        (right,) = store.outside_at(work, then, "cloud")
        assert store.outside_right(work, right.id) == right
        assert store.outside_at(work, then, "elsewhere") == ()
        assert store.outside_at(work, work.now) == ()
        with pytest.raises(NotFoundError):
            store.outside_right(work, "out_x")


def test_emergencies_come_back_as_they_were_kept(company: Company) -> None:
    """By id, by person, and by whether somebody looked them over."""
    company.grant("ana", "builder", SYSTEM)
    with company.work("ana") as work:
        _, emergency = access.break_glass(
            work, "operator", reason="x", scope=SYSTEM, lasting=timedelta(hours=2)
        )
    with company.work() as work:
        assert store.emergency(work, emergency.id) == emergency
        assert store.emergencies(work, person_id=company.people["ana"]) == (emergency,)
        assert store.emergencies(work, person_id=company.people["bob"]) == ()
        assert store.emergencies(work, unreviewed=True) == (emergency,)
        with pytest.raises(NotFoundError):
            store.emergency(work, "emg_x")
        with pytest.raises(ConflictError, match="meanwhile"):
            store.save_emergency(work, replace(emergency, version=9))
