"""Policies for people: written, approved by a peer, read, and due again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import policy
from muniment.access import EVERYTHING
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.policy import Document
from tests.policy.company import Company


def written(company: Company, text: str = "Be kind.", **more: object) -> Document:
    """Write a version."""
    given: dict[str, object] = {
        "title": "Acceptable use",
        "text": text,
        "owner": company.id("bo"),
        "review_by": company.now() + timedelta(days=365),
        "reason": "first",
        "controls": ("CC1.1",),
        **more,
    }
    with company.by("ada") as work:
        return policy.write_document(work, "use", **given)  # type: ignore[arg-type]  # as listed


def published(company: Company, made: Document) -> None:
    """Have a peer say yes, and let it hold."""
    company.person("cora", "compliance", scope=EVERYTHING)
    with company.by("ada") as work:
        request = policy.ask_for_document(work, made.id, made.version)
    company.answer("cora", request)
    with company.by("cora") as work:
        policy.publish_document(work, made.id, made.version)


@pytest.mark.requirement("GOV-04")
def test_a_document_is_approved_read_and_due(company: Company) -> None:
    """Its versions, who read which, and the day of its review stand in the record."""
    first = written(company)
    with company.by("bo") as work, pytest.raises(ConflictError, match="nobody but its author"):
        policy.publish_document(work, "use", 1)
    published(company, first)
    for _ in range(2):
        with company.by("bo") as work:
            policy.acknowledge(work, "use", digest=first.digest)
    second = written(company, "Be kind, always.")
    published(company, second)
    with company.by("bo") as work, pytest.raises(InvalidError, match="not the version"):
        policy.acknowledge(work, "use", digest=first.digest)
    with company.by("bo") as work:
        held, read = policy.document(work, "use")
        assert [each.document.version for each in policy.documents(work)] == [2]
    assert (held.document, read) == (second, ())
    assert len(company.recorded("policy.acknowledged")) == 1
    assert len(company.recorded("policy.document_published")) == 2
    company.later(86_400 * 366)
    for expected in (1, 0):
        with company.database.work(system_actor("worker")) as work:
            assert policy.tell_due(work) == expected
    assert held.is_due(company.now())


def test_bad_documents_are_refused(company: Company) -> None:
    """An owner nobody knows, a day that has been, no text and a book are refused."""
    for more in (
        {"owner": "per_none"},
        {"review_by": company.now()},
        {"text": " "},
        {"text": "x" * 100_001},
        {"title": "\n"},
    ):
        with pytest.raises((InvalidError, NotFoundError)):
            written(company, **more)
    with company.by("ada") as work, pytest.raises(NotFoundError):
        policy.ask_for_document(work, "use", 1)
    with company.by("bo") as work, pytest.raises(NotFoundError):
        policy.document(work, "use")


def test_a_program_reads_nothing_for_a_person(company: Company) -> None:
    """Only a person acknowledges."""
    published(company, written(company))
    with (
        company.database.work(system_actor("robot")) as work,
        pytest.raises(ForbiddenError, match="program"),
    ):
        policy.acknowledge(work, "use", digest="sha256:x")
