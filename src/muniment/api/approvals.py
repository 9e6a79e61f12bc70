"""Approvals as JSON: ask, look, answer exactly the version that was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import approvals
from muniment.access import Scope
from muniment.api.access.shapes import AnId, Id, Places
from muniment.api.asking import Asking, Doing, Given, Paging, Reading, Rows, Told
from muniment.approvals import (
    Answer,
    Check,
    Matter,
    Need,
    Request,
    Rule,
    State,
    Timing,
    Vote,
)
from muniment.db import Work

MAX_DOCUMENT: Final = 2_000

Word = Annotated[str, Field(min_length=1, max_length=100, examples=["registry.deploy"])]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Document = Annotated[
    dict[str, Any],
    Field(
        max_length=MAX_DOCUMENT,
        description="Exactly what a yes allows; no fractions. Its digest is what is approved.",
        examples=[{"model": "sha256:0f…", "share": 10}],
    ),
]


class NeedGiven(Given):
    """So many people, of a role if one is named."""

    count: int = Field(1, ge=1, le=10)
    role: str = Field("", max_length=100, examples=["releaser"])


class RuleGiven(Given):
    """Who must say yes; each person counts for one need."""

    needs: list[NeedGiven] = Field([], max_length=10, description="None: one person.")
    not_author: bool = True
    not_owner: bool = False
    strong: bool = Field(False, description="Only signed in with a second factor.")
    change_needs_another: bool = False
    escalate_to: str = Field("", max_length=100)
    override_role: str = Field("", max_length=100)

    def rule(self) -> Rule:
        """Give the noun."""
        given = self.model_dump()
        needs = tuple(Need(**need) for need in given["needs"])
        return Rule(**{**given, "needs": needs or (Need(),)})


class CheckGiven(Given):
    """Something that was looked at before, with one of three answers."""

    name: Word
    verdict: Literal["met", "not_met", "could_not_tell"]
    says: Sentence


class Question(Given):
    """What is asked."""

    matter: Word
    about_kind: Word = Field(examples=["system"])
    about_id: Id
    title: Sentence
    consequence: Sentence
    document: Document
    before: Document | None = None
    checks: list[CheckGiven] = Field([], max_length=100)
    policies: list[Word] = Field([], max_length=100)
    scope: Places = Field({}, max_length=10)
    rule: RuleGiven | None = Field(None, description="Left out: one person who is not the author.")
    owner: str = Field("", max_length=80)
    single_use: bool = False
    expires_at: datetime | None = None
    escalates_at: datetime | None = None
    remind_every_seconds: int = Field(0, ge=0, le=31_536_000)


class AnswerGiven(Given):
    """An answer to exactly one version."""

    answer: Answer
    digest: str = Field(max_length=80, description="The digest that was shown.")
    reason: Sentence
    change: Document | None = Field(None, description="With approve_with_change: all of it.")
    acts_for: str = Field("", max_length=80, description="For whom, if they asked for it.")


class Reasoned(Given):
    """Why."""

    reason: Sentence


class VoteTold(Told):
    """What somebody said of one version."""

    id: str
    digest: str
    answer: Answer
    person: str
    acts_for: str
    by_rule: str
    reason: str
    at: datetime
    seconds: int
    signed_in: str


class RequestTold(Told):
    """A question and how it stands."""

    id: str
    matter: str
    about_kind: str
    about_id: str
    title: str
    consequence: str
    document: dict[str, Any]
    version: int
    digest: str
    state: State
    missing: list[str] = Field(description="Who is still needed.")
    author: str
    owner: str
    asked_at: datetime
    expires_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    single_use: bool
    votes: list[VoteTold]


class RequestsAsked(Paging):
    """Which requests."""

    state: State | None = None
    matter: str = Field("", max_length=100)
    author: str = Field("", max_length=80)


class Remark(Given):
    """A remark beside a request."""

    text: str = Field(min_length=1, max_length=4_000)


def router() -> APIRouter:
    """Give the endpoints of approvals."""
    routes = APIRouter(prefix="/v1/approvals", tags=["approvals"])

    @routes.get("", summary="List requests")
    def list_requests(
        asked: Reading, which: Annotated[RequestsAsked, Query()]
    ) -> Rows[RequestTold]:
        query = approvals.Query(which.state, which.matter, None, which.author)
        with asked.view_some("approvals.read") as work:
            page = approvals.list_requests(work, query, limit=which.limit, cursor=which.cursor)
            rows = [_told(work, each, ()) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)

    @routes.get("/inbox", summary="List what waits for you")
    def inbox(asked: Reading) -> Rows[RequestTold]:
        with asked.view_some("approvals.read") as work:
            rows = [_told(work, each, ()) for each in approvals.inbox(work)]
        return Rows(rows=rows, next_cursor=None)

    @routes.post("", status_code=201, summary="Ask for a yes")
    def ask(asked: Doing, given: Question) -> RequestTold:
        return asked.do(RequestTold, lambda work: _asked(work, given))

    @routes.get("/{request_id}", summary="Show a request")
    def show(asked: Reading, request_id: AnId) -> RequestTold:
        with asked.view_some("approvals.read") as work:
            return _whole(work, request_id)

    _add_steps(routes)
    return routes


def _add_steps(routes: APIRouter) -> None:
    @routes.post("/{request_id}/open", summary="Be shown exactly what is asked")
    def open_request(asked: Doing, request_id: AnId) -> RequestTold:
        """Do this before you answer: what was shown and for how long is recorded."""
        return _step(asked, request_id, lambda work: approvals.open_request(work, request_id))

    @routes.post("/{request_id}/answer", summary="Answer exactly what was shown")
    def answer(asked: Doing, request_id: AnId, given: AnswerGiven) -> RequestTold:
        return _step(
            asked,
            request_id,
            lambda work: approvals.decide(work, request_id, **dict(given)),
        )

    @routes.post("/{request_id}/comment", summary="Remark something")
    def comment(asked: Doing, request_id: AnId, given: Remark) -> RequestTold:
        return _step(
            asked, request_id, lambda work: approvals.comment(work, request_id, given.text)
        )

    @routes.post("/{request_id}/withdraw", summary="Take a question back")
    def withdraw(asked: Doing, request_id: AnId, given: Reasoned) -> RequestTold:
        return _step(
            asked,
            request_id,
            lambda work: approvals.withdraw(work, request_id, reason=given.reason),
        )

    @routes.post("/{request_id}/escalate", summary="Pass a request up")
    def escalate(asked: Doing, request_id: AnId, given: Reasoned) -> RequestTold:
        return _step(
            asked,
            request_id,
            lambda work: approvals.escalate(work, request_id, reason=given.reason),
        )


def _step(asked: Asking, request_id: str, act: Callable[[Work], object]) -> RequestTold:
    """Take one step and tell how the request stands after it."""

    def stepped(work: Work) -> RequestTold:
        act(work)
        return _whole(work, request_id)

    return asked.do(RequestTold, stepped)


def _asked(work: Work, given: Question) -> RequestTold:
    matter = Matter(
        kind=given.matter,
        subject=(given.about_kind, given.about_id),
        title=given.title,
        document=given.document,
        consequence=given.consequence,
        before=given.before,
        checks=tuple(Check(**each.model_dump()) for each in given.checks),
        policies=tuple(given.policies),
        scope=Scope.read(given.scope).as_dict(),
    )
    timing = Timing(given.expires_at, given.escalates_at, given.remind_every_seconds)
    made = approvals.ask(
        work,
        matter,
        given.rule.rule() if given.rule is not None else Rule(),
        owner=given.owner,
        timing=timing,
        single_use=given.single_use,
    )
    return _told(work, made, ())


def _whole(work: Work, request_id: str) -> RequestTold:
    request, votes, _ = approvals.get(work, request_id)
    return _told(work, request, votes)


def _told(work: Work, request: Request, votes: tuple[Vote, ...]) -> RequestTold:
    matter = request.matter
    return RequestTold(
        id=request.id,
        matter=matter.kind,
        about_kind=matter.subject[0],
        about_id=matter.subject[1],
        title=matter.title,
        consequence=matter.consequence,
        document=dict(matter.document),
        version=request.version.number,
        digest=request.version.digest,
        state=request.state,
        missing=list(approvals.outcome(work, request).missing),
        author=request.author,
        owner=request.owner,
        asked_at=request.asked_at,
        expires_at=request.timing.expires_at,
        closed_at=request.closed_at,
        closed_by=request.closed_by,
        single_use=request.single_use,
        votes=[VoteTold(**_plain(each)) for each in votes],
    )


def _plain(vote: Vote) -> dict[str, Any]:
    return {name: value for name, value in asdict(vote).items() if name in VoteTold.model_fields}
