"""What a peer is shown before they say yes."""

from __future__ import annotations

from muniment import policy
from muniment.policy import CaseFile
from tests.policy.company import ALLOW, NO_CARDS, Company, source
from tests.policy.judging import facts


def test_a_version_is_looked_over(company: Company) -> None:
    """Tests, analysis and last week each give one of three answers."""
    first = company.enforce(ALLOW)
    with company.by("ada") as work:
        answers = [each.verdict for each in policy.checks_of(work, first.number)]
    assert answers == ["could_not_tell", "met", "could_not_tell"]
    company.decide(facts("CREDIT_CARD"))
    company.later(1)
    draft = company.draft(ALLOW, NO_CARDS)
    text = "cases: [{name: a, action: call, expect: allow}]\n"
    folder = policy.Folder(tuple(source(ALLOW)), (CaseFile("a.yaml", text),))
    with company.by("ada") as work:
        tests, analysed, tried = policy.checks_of(work, draft.number, folder)
    assert tests.verdict == "met"
    assert analysed.verdict == "met"
    assert (tried.verdict, tried.says[:6]) == ("not_met", "1 of 1")
    company.person("olga", "owner")
