"""The row that says what the organisation is called."""

from __future__ import annotations

import pytest

from muniment.access import store
from muniment.core.errors import ConflictError
from muniment.ledger import record
from muniment.ledger.kinds.access import OrganisationNamed
from tests.access.company import Company


def test_of_two_who_name_it_at_once_one_is_told(company: Company) -> None:
    """It is kept with a salt of its own each time; a version somebody passed is refused."""
    with company.database.work(company.actor("ines")) as work:
        assert store.organisation(work) == ("", 0)
        record(work, OrganisationNamed("own", 1))
        store.set_organisation(work, "One", 0)
        for stale in (0, 7):
            with pytest.raises(ConflictError):
                store.set_organisation(work, "Two", stale)
        store.set_organisation(work, "Three", 1)
        assert store.organisation(work) == ("Three", 2)
