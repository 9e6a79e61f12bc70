"""The life of a policy, from its first draft to a decision of last month made again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from muniment import policy
from muniment.access import EVERYTHING
from muniment.approvals import State
from muniment.db import Database
from muniment.ledger import Log
from muniment.policy import CaseFile, Effect, Folder, How
from muniment.settings import Settings
from muniment.testing.ledger import audit
from tests.policy.company import ALLOW, NO_CARDS, Company, source
from tests.policy.judging import facts

CASES = """\
cases:
  - {name: plain, action: call, principal: {type: Application}, expect: allow}
  - name: card
    action: call
    principal: {type: Application}
    context: {text: {types: [CREDIT_CARD]}}
    expect: cure
    remedies: [mask]
    by: [no-cards]
"""


@pytest.fixture
def company(database: Database, settings: Settings) -> Company:
    """A company with an author and a reviewer, on each database."""
    made = Company(database, settings)
    made.person("ada", "security", scope=EVERYTHING)
    made.person("bo", "compliance", scope=EVERYTHING)
    return made


@pytest.fixture
def sealed(company: Company) -> Iterator[Log]:
    """The log of that company, begun."""
    with company.log() as log:
        yield log


@pytest.mark.requirement("POL-06", "POL-07")
def test_from_draft_to_rollback(company: Company, sealed: Log) -> None:
    """Draft, tests, shadow, simulate, approve, enforce, replay last month's decision, roll back."""
    company.enforce(ALLOW)
    judge = company.judge()
    old = company.decide(facts("CREDIT_CARD"), judge)
    assert old.effect is Effect.ALLOW
    company.later(86_400 * 31)

    draft = company.draft(ALLOW, NO_CARDS)
    folder = Folder(tuple(source(ALLOW, NO_CARDS)), (CaseFile("cases.yaml", CASES),))
    cases, _ = policy.read_cases(folder.cases)
    report = policy.run_cases(policy.require_right(folder.sources), cases)
    assert (report.failed, report.coverage) == ((), 100)

    with company.by("ada") as work:
        policy.shadow(work, draft.number, reason="to see a week")
    company.later(1)
    seen = company.decide(facts("CREDIT_CARD"), judge)
    assert (seen.effect, seen.shadow and seen.shadow["effect"]) == (Effect.ALLOW, "cure")

    with company.by("ada") as work:
        week, soon = work.now - timedelta(days=7), work.now + timedelta(seconds=1)
        found = policy.simulate_version(work, draft.number, week, soon)
        checks = policy.checks_of(work, draft.number, folder)
        request = policy.ask_for_review(work, draft.number, checks=checks)
    assert (found.tried, found.changed, found.groups[0].by) == (1, 1, ("no-cards",))
    assert request.matter.checks[0].verdict == "met"

    assert company.answer("bo", request).state is State.APPROVED
    company.publish(draft)
    company.later(1)
    assert company.decide(facts("CREDIT_CARD"), judge).effect is Effect.CURE

    with company.by("bo") as work:
        again = policy.replay(work, old.id)
        change = policy.roll_back(work, reason="the mask breaks refunds")
    assert (again.verdict, again.again and again.again.effect) == ("met", Effect.ALLOW)
    assert (change.how, change.version) == (How.ROLLED_BACK, 1)
    company.later(1)
    assert company.decide(facts("CREDIT_CARD"), judge).effect is Effect.ALLOW

    sealed.seal()
    audit(sealed)
    with company.by("bo") as work:
        then = policy.in_force_at(work, sealed, old.at)
    assert (then.version and then.version.number, then.verdict) == (1, "met")
