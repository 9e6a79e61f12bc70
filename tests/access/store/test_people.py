"""People and states as they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, PersonId, PersonState, store
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import Company


def test_a_person_comes_back_as_they_were_kept(company: Company) -> None:
    """Every fact survives, whichever way one looks for them."""
    with company.look() as work:
        ana = store.person(work, company.people["ana"])
        assert (ana.name, ana.state, ana.source) == ("Ana", PersonState.ACTIVE, "local")
        assert store.person_by_email(work, "ana@example.org") == ana
        assert store.person_by_email(work, "nobody@example.org") is None
        assert store.people_named(work, [ana.id, "per_x"]) == {ana.id: ana}
        assert store.people_by_email(work, ["ana@example.org", "x"]) == {"ana@example.org": ana}
        with pytest.raises(NotFoundError):
            store.person(work, "per_x")


def test_who_comes_later_does_not_overwrite(company: Company) -> None:
    """A state that somebody else changed in between is not saved over."""
    with company.work("ines") as work:
        ana = store.person(work, company.people["ana"])
        access.change_person(work, ana.id, name="Anna")
        with pytest.raises(ConflictError, match="meanwhile"):
            store.save_person(work, replace(ana, name="Hannah"), "ana@example.org")


def test_states_are_kept_with_their_times(company: Company) -> None:
    """One can ask for any moment which state everybody was in."""
    ana = Holder(HolderKind.PERSON, company.people["ana"])
    began = company.clock.now()
    for act in (access.suspend, access.reactivate):
        company.clock.advance(60)
        with company.work() as work:
            act(work, PersonId(ana.id))
    with company.look() as work:
        found = [
            store.states_at(work, began.replace(minute=minute))[ana][0] for minute in (0, 1, 2)
        ]
    assert found == ["active", "suspended", "active"]
