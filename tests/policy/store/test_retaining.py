"""The database itself keeps what was kept: facts only lose their body whole, holds only end."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from muniment import policy
from muniment.core.actor import system_actor
from muniment.policy import HoldSort, store
from tests.policy.company import ALLOW, Company
from tests.policy.judging import facts


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE policy_facts SET body = '{}'",
        "UPDATE policy_facts SET digest = 'x', pruned_at = '2026-01-01T00:00:00.000000Z'",
        "DELETE FROM policy_facts",
        "UPDATE policy_holds SET subject = 'other'",
        "UPDATE policy_holds SET lifted_at = '2026-01-01T00:00:00.000000Z', reason = 'other'",
        "DELETE FROM policy_holds",
    ],
)
def test_nothing_is_rewritten(company: Company, change: str) -> None:
    """What is neither pruning nor lifting is refused by the database."""
    company.enforce(ALLOW)
    company.later(1)
    company.decide(facts())
    with company.by("ada") as work:
        policy.hold_facts(work, HoldSort.SYSTEM, "sys_1", reason="r")
    with pytest.raises(DBAPIError), company.database.machine() as connection:
        connection.execute(text(change))


def test_what_was_not_taken_is_not_pruned(company: Company) -> None:
    """Facts are looked at again once they are taken; those decided on meanwhile stay."""
    company.enforce(ALLOW)
    company.later(1)
    company.decide(facts("CREDIT_CARD"))
    company.later(86_400)
    with company.database.work(system_actor("worker")) as work:
        taken = store.lock_old_facts(work, work.now, 10)
        assert len(taken) == 1
        assert store.prune_facts(work, taken, work.now.replace(year=2001)) == ()
        assert store.lock_old_facts(work, work.now, 10) == taken
