"""Systems and their parts as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Paging, Reading, Rows, Told
from muniment.db import Work
from muniment.registry import (
    Fact,
    Origin,
    PartVersion,
    Run,
    RunSort,
    System,
    SystemQuery,
    SystemState,
)

Short = Annotated[str, Field(max_length=100)]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
ADigest = Annotated[str, Field(max_length=71, examples=["sha256:" + "0" * 64])]
Profile = Annotated[
    dict[str, Any],
    Field(
        max_length=40,
        description="What is stated: name, purpose, owner, … as docs/registry.md lists them.",
        examples=[{"name": "Credit score", "purpose": "Score loans.", "owner": "per_olga"}],
    ),
]
Document = Annotated[
    dict[str, Any],
    Field(max_length=2_000, description="The content.", examples=[{"text": "Be exact."}]),
]


class SystemGiven(Given):
    """A system to make known."""

    key: Short = Field(examples=["credit-score"])
    profile: Profile


class Stated(Given):
    """What is stated about a system."""

    profile: Profile
    version: int | None = Field(None, description="The version this was made from.")


class Reasoned(Given):
    """Why."""

    reason: Sentence


class HandOver(Reasoned):
    """Who answers from now on, and why."""

    owner: Short = Field(description="Id or e-mail address.")


class Disposal(Given):
    """What became of everything."""

    data: Sentence
    models: Sentence
    access: Sentence
    records: Sentence


class VersionGiven(Given):
    """A version of a part."""

    part: str = Field(max_length=120, examples=["prompt/main"])
    document: Document
    ticket: Short = ""
    commit: Short = ""
    pull_request: str = Field("", max_length=200)
    asserted: bool = Field(False, description="Brought in from elsewhere.")


class RunGiven(Given):
    """A training or an evaluation of exactly one digest."""

    sort: RunSort
    of: ADigest
    document: Document


class FactGiven(Given):
    """The result of a check that was made elsewhere."""

    name: Short = Field(examples=["policy_check"])
    about: ADigest
    verdict: Literal["met", "not_met", "could_not_tell"]
    says: Annotated[str, Field(min_length=1, max_length=400)]


class SystemTold(Told):
    """A system and where it stands."""

    id: str
    key: str
    state: SystemState
    tier: str = Field(description="Empty: not known.")
    profile: dict[str, Any]
    review_due_at: datetime | None
    request_id: str = Field(description="The open question about it; empty: none.")
    retired_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int
    missing: list[str] = Field([], description="What it lacks; on the page of one system.")


class VersionTold(Told):
    """A version of a part."""

    label: str
    number: int
    digest: str
    document: dict[str, Any]
    author: str
    made_at: datetime
    asserted: bool


class VersionAdopted(Given):
    """Which version somebody answers for, and why."""

    part: Annotated[str, Field(max_length=120, examples=["prompt/main"])]
    number: int = Field(ge=1)
    reason: Sentence


class AdoptedTold(Told):
    """Who answers for a version."""

    person: str


class RunTold(Told):
    """A run and what came of it."""

    id: str
    sort: RunSort
    of: str
    verdict: str
    says: str
    author: str
    made_at: datetime


class FactTold(Told):
    """What was reported."""

    id: str
    name: str
    about: str
    verdict: str
    says: str


class SystemsAsked(Paging):
    """Which systems."""

    words: str = Field("", max_length=200)
    state: SystemState | None = None
    owner: Short = ""
    tier: Short = ""


class VersionsAsked(Paging):
    """Which versions."""

    part: str = Field("", max_length=120)


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of systems."""

    @routes.get("/systems", summary="List systems")
    def list_systems(asked: Reading, which: Annotated[SystemsAsked, Query()]) -> Rows[SystemTold]:
        query = SystemQuery(which.words, which.state, which.owner, which.tier)
        with asked.view_some("registry.read") as work:
            page = registry.find_systems(work, query, limit=which.limit, cursor=which.cursor)
        return Rows(rows=[told(each) for each in page.rows], next_cursor=page.next_cursor)

    @routes.post("/systems", status_code=201, summary="Register a system")
    def register_system(asked: Doing, given: SystemGiven) -> SystemTold:
        return asked.do(
            SystemTold, lambda work: told(registry.register(work, given.key, given.profile))
        )

    @routes.get("/systems/{system_id}", summary="Show a system")
    def show_system(asked: Reading, system_id: AnId) -> SystemTold:
        with asked.view_some("registry.read") as work:
            found = registry.get_system(work, system_id)
            return told(found, registry.gaps(work, found))

    @routes.post("/systems/{system_id}/state", summary="State a system anew")
    def state_system(asked: Doing, system_id: AnId, given: Stated) -> SystemTold:
        def stated(work: Work) -> SystemTold:
            changed = registry.change_system(work, system_id, given.profile, version=given.version)
            return told(changed)

        return asked.do(SystemTold, stated)

    _add_life(routes)
    _add_parts(routes)


def _add_life(routes: APIRouter) -> None:
    @routes.post("/systems/{system_id}/transfer", summary="Hand a system over")
    def transfer_system(asked: Doing, system_id: AnId, given: HandOver) -> SystemTold:
        return asked.do(
            SystemTold,
            lambda work: told(registry.transfer(work, system_id, given.owner, reason=given.reason)),
        )

    @routes.post("/systems/{system_id}/submit", summary="Put a system before its approvers")
    def submit_system(asked: Doing, system_id: AnId) -> SystemTold:
        return asked.do(SystemTold, lambda work: told(registry.submit(work, system_id)))

    @routes.post("/systems/{system_id}/suspend", summary="Stop a system at once")
    def suspend_system(asked: Doing, system_id: AnId, given: Reasoned) -> SystemTold:
        return asked.do(
            SystemTold,
            lambda work: told(registry.suspend(work, system_id, reason=given.reason)),
        )

    @routes.post("/systems/{system_id}/resume", summary="Let a stopped system go on")
    def resume_system(asked: Doing, system_id: AnId, given: Reasoned) -> SystemTold:
        return asked.do(
            SystemTold,
            lambda work: told(registry.resume(work, system_id, reason=given.reason)),
        )

    @routes.post("/systems/{system_id}/retire", summary="Retire a system for good")
    def retire_system(asked: Doing, system_id: AnId, given: Disposal) -> SystemTold:
        return asked.do(
            SystemTold,
            lambda work: told(registry.retire(work, system_id, given.model_dump())),
        )


def _add_parts(routes: APIRouter) -> None:
    @routes.get("/systems/{system_id}/versions", summary="List versions of its parts")
    def list_versions(
        asked: Reading, system_id: AnId, which: Annotated[VersionsAsked, Query()]
    ) -> Rows[VersionTold]:
        with asked.view_some("registry.read") as work:
            page = registry.versions_of(
                work, system_id, which.part, limit=which.limit, cursor=which.cursor
            )
        rows = [version_told(each) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)

    @routes.post("/systems/{system_id}/versions", summary="Write a version of a part")
    def write_version(asked: Doing, system_id: AnId, given: VersionGiven) -> VersionTold:
        """The same content again is the version there is."""
        origin = Origin(given.ticket, given.commit, given.pull_request)
        return asked.do(
            VersionTold,
            lambda work: version_told(
                registry.add_version(
                    work,
                    system_id,
                    given.part,
                    given.document,
                    origin=origin,
                    asserted=given.asserted,
                )
            ),
        )

    @routes.post("/systems/{system_id}/versions/adopt", summary="Answer for a nameless version")
    def adopt_version(asked: Doing, system_id: AnId, given: VersionAdopted) -> AdoptedTold:
        """For a version that the command line wrote without a name; only a person does it."""
        return asked.do(
            AdoptedTold,
            lambda work: AdoptedTold(
                person=registry.adopt_version(
                    work, system_id, given.part, given.number, reason=given.reason
                )
            ),
        )

    @routes.post("/systems/{system_id}/runs", summary="Record a training or an evaluation")
    def record_run(asked: Doing, system_id: AnId, given: RunGiven) -> RunTold:
        return asked.do(
            RunTold,
            lambda work: _run_told(
                registry.record_run(work, system_id, given.sort, given.of, given.document)
            ),
        )

    @routes.post("/systems/{system_id}/facts", summary="Report the result of a check")
    def report_fact(asked: Doing, system_id: AnId, given: FactGiven) -> FactTold:
        return asked.do(
            FactTold,
            lambda work: _fact_told(registry.report(work, system_id, **given.model_dump())),
        )


def told(system: System, missing: tuple[str, ...] = ()) -> SystemTold:
    """Tell a system."""
    return SystemTold(
        id=system.id,
        key=system.key,
        state=system.state,
        tier=system.tier,
        profile=registry.profile_document(system.profile),
        review_due_at=system.review_due_at,
        request_id=system.request_id,
        retired_at=system.retired_at,
        created_at=system.created_at,
        updated_at=system.updated_at,
        version=system.version,
        missing=list(missing),
    )


def version_told(version: PartVersion) -> VersionTold:
    """Tell a version of a part."""
    return VersionTold(
        label=version.label,
        number=version.number,
        digest=version.digest,
        document=dict(version.document),
        author=version.author,
        made_at=version.made_at,
        asserted=version.asserted,
    )


def _run_told(run: Run) -> RunTold:
    return RunTold.model_validate(run)


def _fact_told(fact: Fact) -> FactTold:
    return FactTold.model_validate(fact)
