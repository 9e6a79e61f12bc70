"""What was enforced on a date, with proofs; versions, differences and what is not meant."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from muniment import ledger, policy
from muniment.core.errors import CorruptError, ForbiddenError, InvalidError, NotFoundError
from muniment.ledger import Log
from muniment.policy import InForce
from muniment.verify import MET, Trust, parse_vkey, verify_proof
from tests.policy.company import ALLOW, NEVER_SECRETS, NO_CARDS, Company


def in_force_at(company: Company, log: Log, at: datetime) -> InForce:
    """Ask what was enforced at a moment."""
    with company.database.look(company.people["bo"]) as work:
        return policy.in_force_at(work, log, at)


def test_what_was_enforced_on_a_date_is_proved(company: Company, sealed: Log) -> None:
    """Each date names its version, and a proof that the offline verifier accepts."""
    before = company.now()
    company.later(10)
    first = company.enforce(ALLOW)
    company.later(10)
    between = company.now()
    company.later(10)
    company.enforce(ALLOW, NO_CARDS)
    company.later(10)
    sealed.seal()
    assert in_force_at(company, sealed, before).verdict == "not_met"
    found = in_force_at(company, sealed, between)
    assert found.version is not None
    assert (found.version.number, found.version.bundle) == (first.number, first.bundle)
    assert found.verdict == "met"
    assert found.entry is not None
    entry = ledger.entry(sealed, found.entry)
    assert entry.body["bundle"] == first.bundle
    trust = Trust((parse_vkey(sealed.vkeys()[0]),))
    assert verify_proof(found.proof, trust, entry=entry.data).answer == MET
    newest = in_force_at(company, sealed, company.now())
    assert (newest.version and newest.version.number, newest.verdict) == (2, "met")
    with pytest.raises(InvalidError, match="nobody knows"):
        in_force_at(company, sealed, company.now() + timedelta(days=1))


def test_a_shadow_never_counts_as_enforced(company: Company, sealed: Log) -> None:
    """A version in shadow is told apart; by itself it leaves the date without a policy."""
    draft = company.draft(ALLOW)
    with company.by("ada") as work:
        policy.shadow(work, draft.number, reason="to see")
    company.later(5)
    sealed.seal()
    found = in_force_at(company, sealed, company.now())
    assert (found.version, found.shadow, found.verdict) == (None, draft, "not_met")


def test_what_is_not_sealed_yet_is_not_proved(company: Company, sealed: Log) -> None:
    """Until its entry is sealed, the answer says that it cannot be proved yet."""
    company.enforce(ALLOW)
    company.later(1)
    assert in_force_at(company, sealed, company.now()).verdict == "could_not_tell"


def test_tables_that_disagree_with_the_log_are_found(company: Company, sealed: Log) -> None:
    """Who changes the table of changes behind our back is contradicted by the log."""
    company.enforce(ALLOW)
    company.later(5)
    company.enforce(ALLOW, NO_CARDS)
    company.later(5)
    sealed.seal()
    on = " ON policy_changes" if company.database.dialect == "postgresql" else ""
    with company.database.machine() as connection:
        connection.execute(text(f"DROP TRIGGER guard_policy_changes_update{on}"))
        connection.execute(text("UPDATE policy_changes SET version = 1 WHERE version = 2"))
    with pytest.raises(CorruptError, match="disagree"):
        in_force_at(company, sealed, company.now())


def test_versions_are_listed_and_compared(company: Company) -> None:
    """Versions come newest first, page by page, each with what it changes."""
    company.enforce(ALLOW, NO_CARDS)
    second = company.draft(ALLOW, NEVER_SECRETS)
    with company.database.look(company.people["bo"]) as work:
        page = policy.versions(work, limit=1)
        rest = policy.versions(work, limit=1, cursor=page.next_cursor)
        shown = policy.show(work, second.number)
        assert policy.differences(work, 1, second.number) == shown.files
        assert [each.kind for each in policy.differences(work, 0, 1)] == ["added"]
        assert [each.kind for each in policy.differences(work, 1, 0)] == ["removed"]
        assert policy.differences(work, 1, 1) == ()
        with pytest.raises(NotFoundError):
            policy.differences(work, 1, 9)
        (change,) = policy.history(work)
        asked = policy.analysis(work, 1)
    assert [each.number for each in (*page.rows, *rest.rows)] == [2, 1]
    assert rest.next_cursor is None
    assert rest.rows[0].request_id == change.request_id
    assert [(each.rule, each.kind) for each in shown.changes] == [
        ("no-cards", "removed"),
        ("no-secrets", "added"),
    ]
    assert asked.verdict == "met"


def test_a_question_is_answered_with_a_case() -> None:
    """Whether an auditor can ever do something is answered by an act that shows it."""
    bundle = policy.require_right([policy.Source("a.cedar", ALLOW)])
    assert policy.can_ever_do(bundle, "auditor", "call").possible == "yes"
    assert policy.can_ever_do(bundle, "auditor", "change").possible == "no"
    with pytest.raises(InvalidError, match="not an action"):
        policy.can_ever_do(bundle, "auditor", "fly")


def test_strangers_read_nothing(company: Company) -> None:
    """Reading policies asks for a role."""
    company.enforce(ALLOW)
    company.person("zoe")
    for verb in (policy.standing, policy.versions, policy.history):
        with company.by("zoe") as work, pytest.raises(ForbiddenError):
            verb(work)
