"""Grants as JSON: a role for somebody, over a scope, for a time; and leave to hold two duties."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import access
from muniment.access import PersonId, Scope
from muniment.api.access.shapes import (
    AREA,
    MAX_ID,
    AnId,
    ExceptionTold,
    GrantTold,
    HolderGiven,
    Id,
    Places,
    Reason,
)
from muniment.api.asking import Doing, Given, Match, Paging, Reading, Rows, Told, page_of

RoleOf = Annotated[str, Field(max_length=60, examples=["builder"])]


class NewGrant(Given):
    """What shall be given to whom, where, for how long and why."""

    holder: HolderGiven
    role: RoleOf
    scope: Places = Field(default_factory=dict)
    ends_at: AwareDatetime | None = None
    reason: Reason


class Revocation(Given):
    """Why it is taken back."""

    reason: Reason


class GrantShown(GrantTold):
    """A grant with why it was taken back."""

    revoked_because: str = Field("", description="Empty: it was not, or ended with something else.")


class GrantChange(Given):
    """Another end; null means none."""

    ends_at: AwareDatetime | None


class NewException(Given):
    """Leave for somebody else to hold two duties that conflict."""

    person_id: Id
    one: RoleOf
    other: RoleOf
    scope: Places = Field(default_factory=dict)
    ends_at: AwareDatetime
    reason: Reason


class GrantsAsked(Paging):
    """Which grants."""

    holder_id: str = Field("", max_length=MAX_ID)
    role_name: str = Field("", max_length=60, alias="role")
    only_holding: bool = False


class ConflictTold(Told):
    """Two duties one person should not hold on one system."""

    one: str
    other: str
    says: str
    refuse: bool = Field(description="Refused; else only flagged.")


def add_to(router: APIRouter) -> None:
    """Add the endpoints of grants."""

    @router.get("/grants", summary="List grants, newest first")
    def list_grants(asked: Reading, which: Annotated[GrantsAsked, Query()]) -> Rows[GrantTold]:
        with asked.view_or_own(which.holder_id, AREA) as work:
            return page_of(GrantTold, access.grants(work, **which.model_dump()))

    @router.post("/grants", status_code=201, summary="Give a role")
    def give_grant(asked: Doing, given: NewGrant) -> GrantTold:
        scope = Scope.read(given.scope)
        return asked.make(
            GrantTold,
            lambda work: access.grant(
                work,
                given.holder.holder(),
                given.role,
                reason=given.reason,
                scope=scope,
                ends_at=given.ends_at,
            ),
        )

    @router.get("/grants/{grant_id}", summary="Show a grant")
    def show_grant(asked: Reading, grant_id: AnId) -> GrantShown:
        with asked.view("access.read", AREA) as work:
            shown = asked.show(GrantShown, access.grant_of(work, grant_id))
            shown.revoked_because = access.revoked_because(work, grant_id)
        return shown

    @router.patch("/grants/{grant_id}", summary="Give a grant another end")
    def extend_grant(asked: Doing, grant_id: AnId, version: Match, given: GrantChange) -> GrantTold:
        return asked.change(
            GrantTold,
            version,
            lambda work: access.grant_of(work, grant_id),
            lambda work: access.extend(work, grant_id, ends_at=given.ends_at, version=version),
        )

    @router.post("/grants/{grant_id}/revoke", summary="Take a grant back")
    def revoke_grant(asked: Doing, grant_id: AnId, version: Match, given: Revocation) -> GrantTold:
        return asked.change(
            GrantTold,
            version,
            lambda work: access.grant_of(work, grant_id),
            lambda work: access.revoke(work, grant_id, reason=given.reason, version=version),
        )

    _add_duties(router)


def _add_duties(router: APIRouter) -> None:
    @router.get("/duties", summary="List the duties that conflict")
    def list_conflicts(asked: Reading) -> Rows[ConflictTold]:
        with asked.view("access.read", AREA):
            rows = [ConflictTold.model_validate(each) for each in access.CONFLICTS]
        return Rows(rows=rows, next_cursor=None)

    @router.get("/exceptions", summary="List leave to hold conflicting duties")
    def list_exceptions(asked: Reading) -> Rows[ExceptionTold]:
        with asked.view("access.read", AREA) as work:
            rows = [ExceptionTold.model_validate(each) for each in access.exceptions(work)]
        return Rows(rows=rows, next_cursor=None)

    @router.post("/exceptions", status_code=201, summary="Allow conflicting duties for a time")
    def except_duty(asked: Doing, given: NewException) -> ExceptionTold:
        scope = Scope.read(given.scope)
        return asked.do(
            ExceptionTold,
            lambda work: ExceptionTold.model_validate(
                access.except_duty(
                    work,
                    PersonId(given.person_id),
                    given.one,
                    given.other,
                    reason=given.reason,
                    ends_at=given.ends_at,
                    scope=scope,
                )
            ),
        )
