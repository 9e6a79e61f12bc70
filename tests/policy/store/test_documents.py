"""Two writers and two publishers of a document do not undo each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError
from muniment.policy import Document, store
from tests.policy.company import Company


def test_the_second_is_refused(company: Company) -> None:
    """A version that is there already, and a version that holds already, are conflicts."""
    made = Document(
        id="use",
        version=1,
        title="Use",
        text="Be kind.",
        controls=(),
        digest=digest_value("x"),
        owner="per_a",
        author="per_b",
        reason="first",
        review_by=company.now() + timedelta(days=1),
        made_at=company.now(),
    )
    with company.database.work(company.people["ada"]) as work:
        with pytest.raises(ConflictError, match="published"):
            store.put_document_in_force(work, replace(made, version=2), 1, "apr_1")
        assert store.last_document_version(work, "use") == 0
        assert store.document(work, "use", 1) is None
