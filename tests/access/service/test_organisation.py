"""What the organisation is called."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from tests.access.company import Company


def test_it_is_named_by_who_may_and_nobody_is_overwritten_unseen(company: Company) -> None:
    """An admin names it and names it anew; others do not; a name nobody saw is not replaced."""
    with company.database.work(company.actor("ines")) as work:
        assert access.organisation(work) == ""
        assert access.name_organisation(work, "  Brightwater   Ltd ", was="") == "Brightwater Ltd"
    with company.database.work(company.actor("ines")) as work:
        assert access.name_organisation(work, "Brightwater Ltd") == "Brightwater Ltd"
        assert work.receipts == ()
    with company.database.work(company.actor("ines")) as work:
        with pytest.raises(ConflictError, match="Brightwater Ltd"):
            access.name_organisation(work, "Other", was="")
        access.name_organisation(work, "Brightwater plc", was="Brightwater Ltd")
    with company.database.look(company.actor("ana")) as work:
        assert access.organisation(work) == "Brightwater plc"
    with pytest.raises(ForbiddenError), company.database.work(company.actor("ana")) as work:
        access.name_organisation(work, "Mine")
    with pytest.raises(InvalidError), company.database.work(company.actor("ines")) as work:
        access.name_organisation(work, " ")
