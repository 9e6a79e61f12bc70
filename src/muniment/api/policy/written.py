"""Policies for people as JSON: written, compared, let hold, read; and who has not read them yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from muniment import policy
from muniment.api.asking import (
    Doing,
    Given,
    Match,
    PageOf,
    Paging,
    Reading,
    Rows,
    Told,
    Versioned,
    cut,
    page_of,
)
from muniment.api.policy.shapes import AREA, Number, Reason
from muniment.api.policy.versions import LineTold
from muniment.db import Work
from muniment.policy import DocumentDraft, DocumentInForce, WrittenPolicy

Named = Annotated[str, Path(max_length=60, description="Its short name.")]
Short = Annotated[str, Field(max_length=60, examples=["acceptable-ai-use"])]
ADigest = Annotated[str, Field(max_length=80, examples=["sha256:" + "0" * 64])]


class TextGiven(Given):
    """A version of a policy for people."""

    title: str = Field(max_length=200, examples=["Acceptable use of AI"])
    text: str = Field(max_length=100_000, description="Plain text; # heads, 1. and - list.")
    owner: str = Field(max_length=120, description="Id of the person who answers for it.")
    review_by: AwareDatetime = Field(description="When it is looked at again.")
    controls: list[Annotated[str, Field(max_length=40)]] = Field([], max_length=50)
    reason: Reason


class PolicyGiven(TextGiven):
    """A policy for people that is not there yet."""

    id: Short


class ReadGiven(Given):
    """Which version was read."""

    digest: ADigest


class WhichReaders(Paging):
    """Which people."""

    read: bool | None = Field(None, description="Only who has read it, or only who has not.")


class DocumentTold(Versioned):
    """A version of a policy for people."""

    id: str
    title: str
    text: str
    controls: list[str]
    digest: str
    owner: str
    author: str
    reason: str
    review_by: AwareDatetime
    made_at: AwareDatetime


class WrittenTold(Versioned):
    """A policy for people as it stands; `version` is the latest one written, which may not hold."""

    id: str
    title: str
    stands: Literal["draft", "holds", "due soon", "overdue"]
    holds: DocumentTold | None
    since: AwareDatetime | None
    request_id: str = Field(description="The request by which a peer said yes to what holds.")
    read_by: int
    asked_of: int
    read_at: AwareDatetime | None = Field(description="When you said that you have read it.")


class VersionDiffTold(DocumentTold):
    """A version, and what changed since the one before."""

    approved: bool
    lines: list[LineTold]


class HeldTold(Told):
    """The version that holds from now on."""

    id: str
    version: int
    digest: str
    since: AwareDatetime
    request_id: str


class WrittenAskedTold(Told):
    """The request that asks for a yes."""

    request_id: str
    digest: str


class AcknowledgedTold(Told):
    """That you have read exactly this version."""

    document: str
    version: int
    digest: str
    at: AwareDatetime


class ReaderTold(Told):
    """A person, and when they said that they have read what holds."""

    document: str
    version: int
    person: str
    name: str
    at: AwareDatetime | None


class StarterTold(Told):
    """A policy for people to begin with."""

    name: str
    title: str
    controls: list[str]
    review_months: int
    text: str


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of policies for people."""
    _looking(routes)
    _versions(routes)
    _writing(routes)
    _deciding(routes)


def _looking(routes: APIRouter) -> None:
    @routes.get("/starters", summary="List policies for people to begin with")
    def policy_starters(asking: Reading, page: PageOf) -> Rows[StarterTold]:
        with asking.view("policy.read", AREA):
            found = cut(policy.templates(), page.cursor, page.limit)
        return page_of(StarterTold, found)

    @routes.get("/readers", summary="List who has read which policy, and who has not yet")
    def policy_readers(
        asking: Reading, which: Annotated[WhichReaders, Query()]
    ) -> Rows[ReaderTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.readers(work, read=which.read, limit=which.limit, cursor=which.cursor)
        return page_of(ReaderTold, found)

    @routes.get("/written", summary="List policies for people")
    def written_policies(asking: Reading, page: PageOf) -> Rows[WrittenTold]:
        with asking.view_some("policy.read") as work:
            found = policy.written_policies(work, limit=page.limit, cursor=page.cursor)
            rows = [_written(each, work.now) for each in found.rows]
        return Rows(rows=rows, next_cursor=found.next_cursor)

    @routes.get("/written/{name}", summary="Show a policy for people")
    def show_written_policy(asking: Reading, name: Named) -> WrittenTold:
        with asking.view_some("policy.read") as work:
            return asking.show(WrittenTold, _written(policy.written_policy(work, name), work.now))

    @routes.get("/written/{name}/readers", summary="List who has read it, and who has not yet")
    def written_policy_readers(
        asking: Reading, name: Named, which: Annotated[WhichReaders, Query()]
    ) -> Rows[ReaderTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.readers(
                work, name, read=which.read, limit=which.limit, cursor=which.cursor
            )
        return page_of(ReaderTold, found)


def _versions(routes: APIRouter) -> None:
    @routes.get("/written/{name}/versions", summary="List its versions, the newest first")
    def written_policy_versions(asking: Reading, name: Named, page: PageOf) -> Rows[DocumentTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.written_versions(work, name, limit=page.limit, cursor=page.cursor)
        return page_of(DocumentTold, found)

    @routes.get("/written/{name}/versions/{number}", summary="Show a version and what it changes")
    def show_written_version(asking: Reading, name: Named, number: Number) -> VersionDiffTold:
        with asking.view("policy.read", AREA) as work:
            made, before, request = policy.written_version(work, name, number)
        lines = policy.line_changes(before.text if before else "", made.text)
        told = DocumentTold.model_validate(made)
        return VersionDiffTold(
            **told.model_dump(),
            approved=request is not None,
            lines=[LineTold.model_validate(each) for each in lines],
        )


def _writing(routes: APIRouter) -> None:
    @routes.post("/written", summary="Write a policy for people; it does not hold yet")
    def write_policy(asking: Doing, given: PolicyGiven) -> DocumentTold:
        return asking.make(
            DocumentTold,
            lambda work: policy.write_document(
                work, given.id, _draft(given), reason=given.reason, based_on=0
            ),
        )

    @routes.post("/written/{name}/versions", summary="Write a new version; it does not hold yet")
    def write_policy_version(
        asking: Doing, name: Named, given: TextGiven, expected: Match
    ) -> DocumentTold:
        return asking.change(
            DocumentTold,
            expected,
            lambda work: policy.written_policy(work, name).latest,
            lambda work: policy.write_document(
                work, name, _draft(given), reason=given.reason, based_on=expected
            ),
        )


def _deciding(routes: APIRouter) -> None:
    @routes.post("/written/{name}/versions/{number}/review", summary="Ask a peer for a yes to it")
    def ask_written_review(asking: Doing, name: Named, number: Number) -> WrittenAskedTold:
        def act(work: Work) -> WrittenAskedTold:
            asked = policy.ask_for_document(work, name, number)
            return WrittenAskedTold(request_id=asked.id, digest=asked.version.digest)

        return asking.do(WrittenAskedTold, act)

    @routes.post("/written/{name}/versions/{number}/publish", summary="Let a version hold")
    def publish_written_policy(asking: Doing, name: Named, number: Number) -> HeldTold:
        return asking.do(HeldTold, lambda work: _held(policy.publish_document(work, name, number)))

    @routes.post("/written/{name}/acknowledge", summary="Say that you have read what holds")
    def acknowledge_written_policy(
        asking: Doing, name: Named, given: ReadGiven
    ) -> AcknowledgedTold:
        return asking.do(
            AcknowledgedTold,
            lambda work: AcknowledgedTold.model_validate(
                policy.acknowledge(work, name, digest=given.digest)
            ),
        )


def _draft(given: TextGiven) -> DocumentDraft:
    return DocumentDraft(
        given.title, given.text, given.owner, given.review_by, tuple(given.controls)
    )


def _written(found: WrittenPolicy, now: datetime) -> WrittenTold:
    held = found.held
    return WrittenTold(
        id=found.shown.id,
        title=found.shown.title,
        version=found.latest.version,
        stands=found.stands(now).value,
        holds=None if held is None else DocumentTold.model_validate(held.document),
        since=held.since if held else None,
        request_id=held.request_id if held else "",
        read_by=found.read_by,
        asked_of=found.asked_of,
        read_at=found.read_at,
    )


def _held(made: DocumentInForce) -> HeldTold:
    what = made.document
    return HeldTold(
        id=what.id,
        version=what.version,
        digest=what.digest,
        since=made.since,
        request_id=made.request_id,
    )
