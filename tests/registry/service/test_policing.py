"""Policies in force judge a release before it is asked about, and again at each step."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.access import EVERYTHING
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.db import Database
from muniment.registry import Change
from muniment.settings import Settings
from tests.policy.company import ALLOW, Company, rule
from tests.registry.yard import Yard

PERMIT = rule("release-it", effect="permit", action="release")
TESTED = rule("tested-first", action="release", when='context.missing.contains("evaluation")')
TWO_EYES = rule("asked-first", action="release", when="context.approvers < 1")
WHOLE = rule("slowly", action="release", when="context.share > 50 && !context.emergency")


class Policed(Yard, Company):
    """A system, and people who write and review policies."""

    def policed(self) -> None:
        """Bring everybody in and have the system approved."""
        self.approved()
        self.person("ada", "security", scope=EVERYTHING)
        self.person("bo", "compliance", scope=EVERYTHING)

    def found(self, change: Change) -> tuple[str, str]:
        """Say what the check of policies found."""
        with self.by("ben") as work:
            checked = registry.check(work, change.id)
        return next((each.verdict, each.says) for each in checked.findings if each.name == NAME)


NAME = "policy_check"


@pytest.fixture
def yard(database: Database, settings: Settings) -> Policed:
    """An installation with its first admin, on each database."""
    return Policed(database, settings)


@pytest.mark.requirement("CHG-05")
def test_a_policy_that_forbids_is_not_met(yard: Policed) -> None:
    """Without a word of releases it is open; then forbidden with the rule; then allowed."""
    yard.policed()
    change = yard.drafted("one")
    assert yard.found(change)[0] == "could_not_tell"
    yard.enforce(ALLOW)
    assert yard.found(change)[0] == "could_not_tell"
    yard.enforce(PERMIT, TESTED, TWO_EYES)
    verdict, says = yard.found(change)
    assert (verdict, "tested-first" in says) == ("not_met", True)
    with yard.by("ben") as work, pytest.raises(ConflictError) as caught:
        registry.ask(work, change.id)
    assert any(each.startswith(NAME) for each in caught.value.reasons)
    yard.evaluated(change, "0.95")
    assert yard.found(change)[0] == "met"
    with yard.by("ben") as work:
        registry.report(work, "credit-score", NAME, change.set_digest, "not_met", "CI says no")
    assert yard.found(change) == ("not_met", "CI says no")


@pytest.mark.slow
def test_a_step_is_judged_as_it_is(yard: Policed) -> None:
    """What was allowed when it was asked about is forbidden by a policy that came since."""
    yard.policed()
    yard.enforce(PERMIT)
    change = yard.agreed("one")
    yard.enforce(PERMIT, WHOLE)
    with pytest.raises(ForbiddenError, match="policies in force") as caught:
        yard.promoted(change)
    assert "slowly" in caught.value.reasons[0]
    yard.enforce(PERMIT, TWO_EYES)
    assert yard.promoted(change).whole == change.set_digest
