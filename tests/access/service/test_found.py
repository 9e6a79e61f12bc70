"""How it begins: the first admin, once, and by whoever holds the machine."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import GrantSource
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Database
from muniment.testing import FixedClock
from tests.access.company import Company


def test_the_first_admin_is_made_once(database: Database, clock: FixedClock) -> None:
    """Before there is an admin the host makes one; afterwards only admins make admins."""
    company = Company(database, clock)
    with company.work() as work:
        assert not access.is_founded(work)
    with company.work() as work, pytest.raises(InvalidError):
        access.found(work, "Ines", "no address")
    company.found()
    with company.work() as work:
        assert access.is_founded(work)
        (grant,) = access.grants(work).rows
        assert (grant.source, grant.role) == (GrantSource.BOOTSTRAP, "admin")
        with pytest.raises(ConflictError, match="an admin already"):
            access.found(work, "Eve", "eve@example.org")
        assert len(access.people(work).rows) == 1


def test_nobody_makes_themselves_the_first_admin(company: Company) -> None:
    """A person who is signed in cannot, even if there were no admin."""
    with company.work("ana") as work, pytest.raises(ForbiddenError, match="on the machine itself"):
        access.found(work, "Ana", "ana@example.org")
