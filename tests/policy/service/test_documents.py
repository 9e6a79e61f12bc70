"""Policies for people: written, approved by a peer, read, and due again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import policy
from muniment.access import EVERYTHING
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.policy import Document, DocumentDraft
from tests.policy.company import Company


def written(
    company: Company,
    text: str = "Be kind.",
    *,
    name: str = "use",
    based_on: int | None = None,
    **more: object,
) -> Document:
    """Write a version."""
    draft = DocumentDraft(
        "Acceptable use",
        text,
        company.id("bo"),
        company.now() + timedelta(days=365),
        ("CC1.1", " CC1.1", ""),
    )
    with company.by("ada") as work:
        return policy.write_document(
            work,
            name,
            replace(draft, **more),  # type: ignore[arg-type]  # fields of a draft
            reason="first",
            based_on=based_on,
        )


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
        found = policy.written_policy(work, "use")
        assert policy.written_policies(work).rows == (found,)
    held = found.held
    assert held is not None
    assert (held.document, found.read_by, found.read_at) == (second, 0, None)
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
        {"text": "half \ud800"},
        {"title": "\n"},
        {"controls": ("x" * 41,)},
        {"controls": tuple(f"C{number}" for number in range(51))},
        {"name": "No Name"},
    ):
        with pytest.raises((InvalidError, NotFoundError)):
            written(company, **more)
    with company.by("ada") as work, pytest.raises(NotFoundError):
        policy.ask_for_document(work, "use", 1)
    with company.by("bo") as work, pytest.raises(NotFoundError):
        policy.written_policy(work, "use")


def test_nobody_is_passed_over_unseen(company: Company) -> None:
    """Written on top of a version that is not the last any more, or published late, is refused."""
    first = written(company, based_on=0)
    assert first.controls == ("CC1.1",)
    for stale in (0, 2):
        with pytest.raises(ConflictError, match="version 1 of use is there now"):
            written(company, based_on=stale)
    with pytest.raises(ConflictError, match="there is no policy other yet"):
        written(company, name="other", based_on=3)
    second = written(company, "Be kind, always.", based_on=1)
    published(company, second)
    with company.by("ada") as work:
        request = policy.ask_for_document(work, "use", 1)
    company.answer("cora", request)
    for version, why in ((2, "holds already"), (1, "which is newer")):
        with company.by("cora") as work, pytest.raises(ConflictError, match=why):
            policy.publish_document(work, "use", version)
