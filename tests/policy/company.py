"""A company whose people write, review and publish policies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from muniment import policy
from muniment.approvals import Answer, Request
from muniment.ledger import Log
from muniment.policy import Change, Facts, Judge, Recorded, Source, Version
from muniment.testing.ledger import opened_log
from tests.approvals.people import Office
from tests.policy.judging import ALLOW, rule

NO_CARDS = rule("no-cards", when='context.text.types.contains("CREDIT_CARD")', remedy="mask")
NEVER_SECRETS = rule("no-secrets", when='context.text.types.contains("SECRET")')


def source(*rules: str) -> list[Source]:
    """Write rules into one file."""
    return [Source("rules.cedar", "\n".join(rules))]


class Company(Office):
    """An office with a policy: `ada` of security writes, `bo` of compliance reviews."""

    def draft(self, *rules: str, by: str = "ada", based_on: int | None = None) -> Version:
        """Write a version."""
        with self.by(by) as work:
            return policy.draft(
                work, source(*(rules or (ALLOW,))), reason="for the test", based_on=based_on
            )

    def ask_for(self, version: Version, by: str = "ada") -> Request:
        """Ask for a yes to a version."""
        with self.by(by) as work:
            return policy.ask_for_review(work, version.number)

    def approve(self, version: Version, by: str = "bo") -> Request:
        """Say yes to a version."""
        return self.answer(by, self.ask_for(version), Answer.APPROVE)

    def publish(self, version: Version, by: str = "bo") -> Change:
        """Put an approved version in force."""
        with self.by(by) as work:
            return policy.publish(work, version.number, reason="for the test")

    def enforce(self, *rules: str) -> Version:
        """Draft, approve and publish."""
        version = self.draft(*rules)
        self.approve(version)
        self.publish(version)
        return version

    def judge(self) -> Judge:
        """Give the judge of another process."""
        return Judge(self.database)

    def decide(self, facts: Facts, judge: Judge | None = None) -> Recorded:
        """Decide and keep it."""
        judged = (judge or self.judge()).decide(facts)
        with self.by("ada") as work:
            return policy.keep_decision(work, judged)

    def now(self) -> datetime:
        """Tell the time."""
        return self.database.clock.now()

    @contextmanager
    def log(self) -> Iterator[Log]:
        """Open the log of the company, begun."""
        with opened_log(self.database, self.settings) as log:
            log.begin()
            yield log


__all__ = ["ALLOW", "NEVER_SECRETS", "NO_CARDS", "Company", "rule", "source"]
