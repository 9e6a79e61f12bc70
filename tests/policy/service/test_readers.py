"""Who reads policies for people: everybody who is known, each for themselves."""

from __future__ import annotations

import pytest

from muniment import access, policy
from muniment.access import EVERYTHING, PersonId
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError
from tests.approvals.people import ROOT
from tests.policy.company import Company
from tests.policy.service.test_documents import published, written


def test_everybody_reads_what_holds_and_says_so(company: Company) -> None:
    """Who has no role reads what holds and says so; drafts and readers they do not see."""
    company.person("dan", scope=EVERYTHING)
    first = written(company)
    written(company, "Fly low.", name="flying")
    with company.by("dan") as work:
        assert policy.written_policies(work).rows == ()
    published(company, first)
    with company.by("dan") as work:
        assert [each.shown.id for each in policy.written_policies(work).rows] == ["use"]
        assert policy.written_policy(work, "use").read_at is None
        policy.acknowledge(work, "use", digest=first.digest)
    with company.by("dan") as work:
        assert policy.written_policy(work, "use").read_at is not None
        for forbidden in (policy.readers, policy.written_versions):
            with pytest.raises(ForbiddenError):
                forbidden(work, "use")
        with pytest.raises(ForbiddenError):
            policy.written_version(work, "use", 1)
        with pytest.raises(NotFoundError):
            policy.written_policy(work, "flying")


def test_who_has_and_who_has_not_yet(company: Company) -> None:
    """Everybody whose account is open is counted; a new version is read anew; pages hold all."""
    first = written(company)
    published(company, first)
    with company.by("bo") as work:
        policy.acknowledge(work, "use", digest=first.digest)
    with company.by("ada") as work:
        found = policy.written_policy(work, "use")
        assert (found.read_by, found.asked_of) == (1, 4)
        assert [each.name for each in policy.readers(work, "use", read=True).rows] == ["bo"]
        seen, cursor = [], None
        while True:
            page = policy.readers(work, read=False, limit=1, cursor=cursor)
            seen += [each.name for each in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == ["Root", "ada", "cora"]
        for wrong in ("x", "WzFd", "WyJhIl0"):
            with pytest.raises(InvalidError):
                policy.readers(work, cursor=wrong)
        with pytest.raises(NotFoundError):
            policy.readers(work, "flying")
    second = written(company, "Be kind, always.")
    published(company, second)
    with company.by("bo") as work:
        assert policy.readers(work, "use", read=True).rows == ()
        made, before, request = policy.written_version(work, "use", 2)
        assert (made, before) == (second, first)
        assert request is not None
        assert [each.version for each in policy.written_versions(work, "use").rows] == [2, 1]
        with pytest.raises(NotFoundError):
            policy.written_versions(work, "none")


def test_a_program_reads_nothing_for_a_person(company: Company) -> None:
    """Only a person says that they have read something, and only what holds."""
    made = written(company)
    with company.by("bo") as work, pytest.raises(NotFoundError):
        policy.acknowledge(work, "use", digest=made.digest)
    published(company, made)
    with (
        company.database.work(system_actor("robot")) as work,
        pytest.raises(ForbiddenError, match="program"),
    ):
        policy.acknowledge(work, "use", digest=made.digest)


def test_whose_account_has_ended_reads_nothing(company: Company) -> None:
    """Nobody who has left reads, and nobody asks them to."""
    made = written(company)
    published(company, made)
    company.person("eve", scope=EVERYTHING)
    with company.by("eve") as work:
        assert policy.written_policy(work, "use").asked_of == 5
    with company.database.work(ROOT) as work:
        access.leave(work, PersonId(company.id("eve")))
    with company.by("eve") as work, pytest.raises(ForbiddenError):
        policy.written_policies(work)
    with company.by("ada") as work:
        assert policy.written_policy(work, "use").asked_of == 4
