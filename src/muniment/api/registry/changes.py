"""Changes as JSON: drafted, checked, asked about, promoted, rolled back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Paging, Reading, Rows, Told
from muniment.api.registry.systems import ADigest, Reasoned, Sentence, Short
from muniment.db import Work
from muniment.registry import (
    Cause,
    Change,
    ChangeQuery,
    ChangeSort,
    ChangeState,
    Deployment,
    Origin,
    Source,
)

Label = Annotated[str, Field(max_length=120)]


class ChangeGiven(Given):
    """A change to exactly these versions."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Sentence
    versions: dict[Label, int | ADigest] = Field(
        max_length=200, examples=[{"prompt/main": 2, "routing/main": "latest"}]
    )
    without: list[Label] = Field([], max_length=200)
    sort: ChangeSort = ChangeSort.NORMAL
    ticket: Short = ""
    commit: Short = ""
    pull_request: str = Field("", max_length=200)


class Promotion(Given):
    """Which step is meant; left out, the next one."""

    environment: Short = ""
    step: str = Field("", max_length=110, examples=["production:10"])
    set_digest: Annotated[str, Field(max_length=71)] = Field(
        "", description="The version set that is about to run; another one is refused."
    )


class GoingBack(Reasoned):
    """Which environment goes back, and why."""

    environment: Short = "production"


class FindingTold(Told):
    """What one check found."""

    name: str
    verdict: str
    says: str


class ChangeTold(Told):
    """A change and how it stands."""

    id: str
    system_id: str
    title: str
    reason: str
    author: str
    sort: ChangeSort
    state: ChangeState
    set_digest: str
    base: dict[str, str]
    versions: dict[str, str] = Field({}, description="On the page of one change.")
    findings: list[FindingTold]
    request_id: str
    review_id: str
    reached: list[str]
    next: str = ""
    made_at: datetime


class ShareTold(Told):
    """So many per cent of the traffic went to this set."""

    set_digest: str
    percent: int
    change_id: str


class DeploymentTold(Told):
    """An interval in which sets shared an environment."""

    id: str
    system_id: str
    environment: str
    shares: list[ShareTold]
    starts_at: datetime
    ends_at: datetime | None
    recorded_at: datetime
    corrected_at: datetime | None
    cause: Cause
    source: Source
    record_id: str


class ChangesAsked(Paging):
    """Which changes."""

    system: Short = ""
    state: ChangeState | None = None


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of changes."""

    @routes.get("/changes", summary="List changes")
    def list_changes(asked: Reading, which: Annotated[ChangesAsked, Query()]) -> Rows[ChangeTold]:
        with asked.view_some("registry.read") as work:
            system_id = registry.get_system(work, which.system).id if which.system else ""
            query = ChangeQuery(system_id=system_id, state=which.state)
            page = registry.find_changes(work, query, limit=which.limit, cursor=which.cursor)
        return Rows(rows=[told(each) for each in page.rows], next_cursor=page.next_cursor)

    @routes.post("/systems/{system_id}/changes", status_code=201, summary="Draft a change")
    def draft_change(asked: Doing, system_id: AnId, given: ChangeGiven) -> ChangeTold:
        def drafted(work: Work) -> ChangeTold:
            made = registry.draft(
                work,
                system_id,
                given.title,
                given.versions,
                reason=given.reason,
                without=given.without,
                sort=given.sort,
                origin=Origin(given.ticket, given.commit, given.pull_request),
            )
            return _whole(work, made)

        return asked.do(ChangeTold, drafted)

    @routes.get("/changes/{change_id}", summary="Show a change")
    def show_change(asked: Reading, change_id: AnId) -> ChangeTold:
        with asked.view_some("registry.read") as work:
            return _whole(work, registry.get_change(work, change_id))

    _add_steps(routes)


def _add_steps(routes: APIRouter) -> None:
    @routes.post("/changes/{change_id}/check", summary="Look at all it must answer for")
    def check_change(asked: Doing, change_id: AnId) -> ChangeTold:
        return asked.do(ChangeTold, lambda work: _whole(work, registry.check(work, change_id)))

    @routes.post("/changes/{change_id}/ask", summary="Ask for approval")
    def ask_change(asked: Doing, change_id: AnId) -> ChangeTold:
        return asked.do(ChangeTold, lambda work: _whole(work, registry.ask(work, change_id)))

    @routes.post("/changes/{change_id}/withdraw", summary="Take a change back")
    def withdraw_change(asked: Doing, change_id: AnId, given: Reasoned) -> ChangeTold:
        return asked.do(
            ChangeTold,
            lambda work: _whole(work, registry.withdraw(work, change_id, reason=given.reason)),
        )

    @routes.post("/changes/{change_id}/promote", summary="Take the next step")
    def promote_change(asked: Doing, change_id: AnId, given: Promotion) -> DeploymentTold:
        return asked.do(
            DeploymentTold,
            lambda work: deployment_told(registry.promote(work, change_id, **given.model_dump())),
        )

    @routes.post("/systems/{system_id}/rollback", summary="Go back to what served before")
    def roll_back(asked: Doing, system_id: AnId, given: GoingBack) -> DeploymentTold:
        return asked.do(
            DeploymentTold,
            lambda work: deployment_told(
                registry.roll_back(work, system_id, given.environment, reason=given.reason)
            ),
        )


def told(change: Change) -> ChangeTold:
    """Tell a change."""
    return ChangeTold(
        id=change.id,
        system_id=change.system_id,
        title=change.title,
        reason=change.reason,
        author=change.author,
        sort=change.sort,
        state=change.state,
        set_digest=change.set_digest,
        base=dict(change.base),
        versions={},
        findings=[FindingTold.model_validate(each) for each in change.findings],
        request_id=change.request_id,
        review_id=change.review_id,
        reached=[str(each) for each in change.reached],
        made_at=change.made_at,
    )


def deployment_told(made: Deployment) -> DeploymentTold:
    """Tell an interval."""
    return DeploymentTold.model_validate(made)


def _whole(work: Work, change: Change) -> ChangeTold:
    versions = dict(registry.set_of(work, change.set_digest).versions)
    step = registry.next_step(work, change)
    return told(change).model_copy(update={"versions": versions, "next": str(step or "")})
