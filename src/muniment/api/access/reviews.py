"""Reviews of access as JSON: a frozen population, its lines, the answers, and the evidence."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, Field, model_validator

from muniment import access
from muniment.access import (
    Answer,
    CampaignState,
    Entitlement,
    Line,
    LineSort,
    PersonId,
    Scope,
)
from muniment.api.access.shapes import (
    AREA,
    MAX_NAME,
    MAX_REASON,
    AnId,
    HolderOf,
    Id,
    Places,
    Reason,
)
from muniment.api.asking import (
    Asking,
    Doing,
    Given,
    Match,
    PageOf,
    Paging,
    Reading,
    Rows,
    Told,
    Versioned,
    page_of,
)


class ReviewTold(Versioned):
    """A review of who could reach what as of a moment."""

    id: str
    name: str
    as_of: AwareDatetime
    population: str = Field(description="Digest of exactly what is reviewed.")
    lines: int
    state: CampaignState
    opened_by: str
    opened_at: AwareDatetime
    due_at: AwareDatetime
    closed_at: AwareDatetime | None
    escalated_at: AwareDatetime | None


class LineTold(Versioned):
    """One right under review, who judges it, and what became of it."""

    id: str
    campaign_id: str
    position: int
    sort: LineSort
    holder: HolderOf | None
    person_id: str | None
    what: str
    scope: Places
    account: str
    last_used: str
    reviewer_id: str
    answer: Answer | None
    reason: str
    seconds: int
    decided_at: AwareDatetime | None
    carried_out_at: AwareDatetime | None
    verified_at: AwareDatetime | None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:  # noqa: ANN401 a noun, or what was kept of an answer
        if not isinstance(value, Line):
            return value
        own = {name: getattr(value, name) for name in cls.model_fields if hasattr(value, name)}
        about: Entitlement = value.entitlement
        frozen = ("sort", "holder", "person_id", "what", "scope", "account", "last_used")
        return {**own, **{name: getattr(about, name) for name in frozen}}


class NewReview(Given):
    """What shall be looked over, by whom, until when."""

    name: str = Field(max_length=MAX_NAME, examples=["Quarterly review, Q4"])
    reviewers: list[Id] = Field(min_length=1, max_length=500)
    due_at: AwareDatetime
    as_of: AwareDatetime | None = Field(None, description="Null: as it is now.")
    sorts: list[LineSort] = Field(
        default_factory=lambda: list(LineSort), min_length=1, max_length=10
    )
    system: str = Field("", max_length=200, description="Only what reaches this system.")


class AnswerGiven(Given):
    """What a reviewer says of a line; a change shortens or narrows, and never widens."""

    answer: Answer
    reason: Reason
    seconds: int = Field(ge=0, le=86_400, description="How long the reviewer looked at it.")
    ends_at: AwareDatetime | None = None
    scope: Places | None = None


class Reassignment(Given):
    """Who shall judge a line instead."""

    reviewer_id: Id


class Excuses(Given):
    """Why lines stay unanswered, by the id of the line."""

    excuses: dict[str, str] = Field(default_factory=dict, max_length=1_000)

    @model_validator(mode="after")
    def _short(self) -> Excuses:
        if any(len(each) > MAX_REASON for each in self.excuses.values()):
            raise ValueError(f"an excuse has {MAX_REASON} characters at most")
        return self


class Verification(Told):
    """What was read again after it was revoked: what is gone, and what is still there."""

    gone: list[str]
    still_there: list[str]


class LinesAsked(Paging):
    """Which lines of a review."""

    mine: bool = False
    unanswered: bool = False


def add_to(router: APIRouter) -> None:
    """Add the endpoints of reviews."""

    @router.get("/reviews", summary="List reviews, newest first")
    def list_reviews(asked: Reading, which: PageOf) -> Rows[ReviewTold]:
        with asked.view("access.read", AREA) as work:
            return page_of(ReviewTold, access.reviews(work, **which.model_dump()))

    @router.post("/reviews", status_code=201, summary="Open a review")
    def open_review(asked: Doing, given: NewReview) -> ReviewTold:
        return asked.make(
            ReviewTold,
            lambda work: access.open_review(
                work,
                given.name,
                [PersonId(each) for each in given.reviewers],
                due_at=given.due_at,
                as_of=given.as_of,
                sorts=frozenset(given.sorts),
                system=given.system,
            ),
        )

    @router.get("/reviews/{review_id}", summary="Show a review")
    def show_review(asked: Reading, review_id: AnId) -> ReviewTold:
        with _looking(asked) as work:
            return asked.show(ReviewTold, access.review(work, review_id))

    @router.get("/reviews/{review_id}/lines", summary="List the lines of a review")
    def list_lines(
        asked: Reading, review_id: AnId, which: Annotated[LinesAsked, Query()]
    ) -> Rows[LineTold]:
        with asked.look() if which.mine else asked.view("access.read", AREA) as work:
            return page_of(LineTold, access.review_lines(work, review_id, **which.model_dump()))

    _add_ends(router)
    _add_lines(router)


def _add_ends(router: APIRouter) -> None:
    @router.post("/reviews/{review_id}/close", summary="Close a review")
    def close_review(asked: Doing, review_id: AnId, version: Match, given: Excuses) -> ReviewTold:
        return asked.change(
            ReviewTold,
            version,
            lambda work: access.review(work, review_id),
            lambda work: access.close_review(
                work, review_id, excuses=given.excuses, version=version
            ),
        )

    @router.post("/reviews/{review_id}/verify", summary="Read again what was revoked")
    def verify_answers(asked: Doing, review_id: AnId) -> Verification:
        with asked.work() as work:
            gone, here = access.verify_answers(work, review_id)
        return Verification(gone=list(gone), still_there=list(here))

    @router.get(
        "/reviews/{review_id}/evidence",
        summary="Give a review as evidence",
        response_model=dict[str, Any],
    )
    def show_evidence(asked: Reading, review_id: AnId) -> dict[str, Any]:
        with asked.view("access.read", AREA) as work:
            return access.review_evidence(work, asked.log, review_id)

    @router.get(
        "/reviews/{review_id}/evidence.csv",
        summary="Give the lines of a review as a table",
        response_class=Response,
    )
    def save_evidence(asked: Reading, review_id: AnId) -> Response:
        with asked.view("access.read", AREA) as work:
            text = access.evidence_csv(access.review_evidence(work, asked.log, review_id))
        return Response(text, media_type="text/csv; charset=utf-8")


def _add_lines(router: APIRouter) -> None:
    @router.post("/lines/{line_id}/answer", summary="Keep, revoke or change what a line is about")
    def answer_line(asked: Doing, line_id: AnId, given: AnswerGiven) -> LineTold:
        scope = None if given.scope is None else Scope.read(given.scope)
        return asked.make(
            LineTold,
            lambda work: access.answer(
                work,
                line_id,
                given.answer,
                reason=given.reason,
                seconds=given.seconds,
                ends_at=given.ends_at,
                scope=scope,
            ),
        )

    @router.post("/lines/{line_id}/reassign", summary="Give a line to another reviewer")
    def reassign_line(asked: Doing, line_id: AnId, given: Reassignment) -> LineTold:
        reviewer = PersonId(given.reviewer_id)
        return asked.make(LineTold, lambda work: access.reassign(work, line_id, reviewer))


def _looking(asked: Asking) -> Any:  # noqa: ANN401 one of two contexts
    """Who has lines in a review may read it; for all others the room asks for the permission."""
    may_read = asked.visitor.may("access.read", AREA)
    return asked.view("access.read", AREA) if may_read else asked.look()
