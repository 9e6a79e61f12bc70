"""Break-glass, who could reach what on a day, rights elsewhere, and sessions, as JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import access
from muniment.access import Finding, PersonId, Scope
from muniment.api.access.shapes import (
    AREA,
    MAX_REASON,
    AnId,
    GrantTold,
    HolderOf,
    Places,
    Reason,
    SessionTold,
)
from muniment.api.asking import (
    Doing,
    Given,
    Match,
    Paging,
    Reading,
    Rows,
    Told,
    Versioned,
    cut,
    page_of,
)
from muniment.db import Work


class EmergencyTold(Versioned):
    """A role somebody took in an emergency."""

    id: str
    grant_id: str
    person_id: str
    broken_at: AwareDatetime
    ends_at: AwareDatetime
    reviewed_by: str
    reviewed_at: AwareDatetime | None
    finding: Finding | None
    words: str


class Broken(Told):
    """The grant that an emergency gave, and the emergency that somebody will look over."""

    grant: GrantTold
    emergency: EmergencyTold


class Emergencies(Given):
    """Which emergencies."""

    unreviewed: bool = False


class BreakGlass(Given):
    """Which role is taken, where, for how long and why."""

    role: str = Field(max_length=60, examples=["security"])
    reason: Reason
    scope: Places = Field(default_factory=dict)
    minutes: int = Field(60, ge=1, le=1_440)


class Lookover(Given):
    """What somebody else found."""

    finding: Finding
    words: str = Field(min_length=1, max_length=MAX_REASON)


class Day(Given):
    """A moment that has been."""

    when: AwareDatetime
    proofs: bool = Field(False, description="Also name the entries of the ledger behind each line.")
    limit: int = Field(500, ge=1, le=5_000)
    offset: int = Field(0, ge=0, le=10_000_000)


class EntryPlace(Told):
    """An entry of the ledger."""

    index: int
    kind: str
    at: AwareDatetime
    id: str


class ReachTold(Told):
    """That somebody could do what a role allows, over a scope, through a grant."""

    holder: HolderOf
    person_id: str | None
    state: str = Field(description="What the account was then; only an active one opened anything.")
    role: str
    scope: Places
    grant_id: str
    through: str = Field(description="The membership by which a team's grant reached them.")
    entries: list[EntryPlace] = Field(default_factory=list)


class ReachRows(Told):
    """Who could reach what at a moment."""

    as_of: AwareDatetime
    total: int
    rows: list[ReachTold]


def add_to(router: APIRouter) -> None:
    """Add the endpoints of emergencies, of a day, and of sessions."""

    @router.get("/emergencies", summary="List emergencies, newest first")
    def list_emergencies(
        asked: Reading, which: Annotated[Emergencies, Query()]
    ) -> Rows[EmergencyTold]:
        with asked.view("access.read", AREA) as work:
            found = access.emergencies(work, unreviewed=which.unreviewed)
            rows = [EmergencyTold.model_validate(each) for each in found]
        return Rows(rows=rows, next_cursor=None)

    @router.post("/emergencies", status_code=201, summary="Take a role in an emergency")
    def break_glass(asked: Doing, given: BreakGlass) -> Broken:
        scope, lasting = Scope.read(given.scope), timedelta(minutes=given.minutes)

        def broken(work: Work) -> Broken:
            grant, emergency = access.break_glass(
                work, given.role, reason=given.reason, scope=scope, lasting=lasting
            )
            return Broken.model_validate({"grant": grant, "emergency": emergency})

        return asked.do(Broken, broken)

    @router.post("/emergencies/{emergency_id}/review", summary="Look over an emergency")
    def review_emergency(
        asked: Doing, emergency_id: AnId, version: Match, given: Lookover
    ) -> EmergencyTold:
        return asked.make(
            EmergencyTold,
            lambda work: access.review_emergency(
                work, emergency_id, given.finding, words=given.words, version=version
            ),
        )

    _add_day(router)
    _add_sessions(router)


def _add_day(router: APIRouter) -> None:
    @router.get("/at", summary="Say who could reach what at a moment, through which grant")
    def reach_at(asked: Reading, which: Annotated[Day, Query()]) -> ReachRows:
        with asked.view("access.read", AREA) as work:
            found = access.at(work, which.when)
            shown = found[which.offset : which.offset + which.limit]
            proofs = access.prove_reach(asked.log, shown) if which.proofs else None
        rows = [
            ReachTold(
                holder=HolderOf.model_validate(each.holder),
                person_id=each.person_id,
                state=each.state,
                role=each.role.name,
                scope=each.grant.scope.as_dict(),
                grant_id=each.grant.id,
                through=each.through,
            )
            for each in shown
        ]
        for row, proof in zip(rows, proofs or (), strict=proofs is not None):
            every = (*proof.made, *proof.changed, *proof.ended, *proof.through)
            row.entries = [EntryPlace.model_validate(each) for each in every]
        return ReachRows(as_of=which.when, total=len(found), rows=rows)


class Ending(Given):
    """Why sessions end."""

    why: str = Field(min_length=1, max_length=100, examples=["a lost laptop"])


class Ended(Told):
    """How many sessions ended."""

    ended: int


class SessionsAsked(Paging):
    """Whose sessions."""

    person_id: str = Field("", max_length=80)


def _add_sessions(router: APIRouter) -> None:
    @router.get("/sessions", summary="List the sessions that are good now")
    def list_sessions(
        asked: Reading, which: Annotated[SessionsAsked, Query()]
    ) -> Rows[SessionTold]:
        own = which.person_id == asked.visitor.actor.id
        with asked.look() as work:
            found = access.own_sessions(work) if own else access.sessions(work)
            mine = [each for each in found if which.person_id in ("", each.sign_in.person_id)]
        return page_of(SessionTold, cut(mine, which.cursor, which.limit))

    @router.post("/people/{person_id}/end-sessions", summary="End every session of a person")
    def end_sessions(asked: Doing, person_id: AnId, given: Ending) -> Ended:
        return asked.do(
            Ended,
            lambda work: Ended(ended=access.end_sessions_of(work, PersonId(person_id), given.why)),
        )
