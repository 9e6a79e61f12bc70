"""A review as evidence: complete, checked against its digest, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from muniment import access
from muniment.access import Answer
from muniment.access.store.review_tables import lines_table
from muniment.core.errors import ForbiddenError
from muniment.settings import Settings
from muniment.testing.ledger import audit, opened_log
from tests.access.company import SYSTEM, Company


@pytest.mark.requirement("ACC-05", "ACC-17", "ACC-18")
def test_a_review_is_shown_with_its_entries(company: Company, settings: Settings) -> None:
    """Population, digest, answers with reason and seconds, and each place in the ledger."""
    with opened_log(company.database, settings) as log:
        company.grant("bob", "security")
        company.grant("cora", "compliance", SYSTEM)
        company.grant("cora", "compliance")
        with company.work("cora") as work:
            people = [company.people["bob"], company.people["cora"]]
            review = access.open_review(work, "Q1", people, due_at=work.now + timedelta(days=7))
        for name in ("bob", "cora"):
            with company.work(name) as work:
                for line in access.review_lines(work, review.id, mine=True).rows:
                    access.answer(
                        work, line.id, Answer.KEEP, reason='=HYPERLINK("x"), "quoted"', seconds=7
                    )
        with company.work("cora") as work:
            access.close_review(work, review.id)
        log.seal()
        audit(log)
        with company.look("cora") as work:
            found = access.review_evidence(work, log, review.id)
        with company.look("ana") as work, pytest.raises(ForbiddenError):
            access.review_evidence(work, log, review.id)
        assert found["population_holds"] is True
        assert found["review"]["population"] == review.population
        assert [each["kind"] for each in found["entries"]] == [
            "access.review_opened",
            *["access.line_answered"] * 4,
            "access.review_closed",
        ]
        assert {each["seconds"] for each in found["lines"]} == {7}
        rows = list(csv.DictReader(io.StringIO(access.evidence_csv(found), newline="")))
        assert len(rows) == review.lines == 4
        assert {row["reason"] for row in rows} == {'\'=HYPERLINK("x"), "quoted"'}
        assert {row["name"] for row in rows} == {"Ines", "Bob", "Cora"}
        with pytest.raises(DBAPIError), company.database.machine() as connection:
            connection.execute(lines_table.update().values(what="nothing"))
        with company.database.machine() as connection:
            on = " ON access_review_lines" if company.database.dialect == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER guard_access_review_lines_update{on}")
            connection.execute(lines_table.update().values(what="nothing"))
        with company.look("cora") as work:
            assert access.review_evidence(work, log, review.id)["population_holds"] is False
