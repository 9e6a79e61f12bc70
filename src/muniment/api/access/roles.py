"""Roles and permissions as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from muniment import access
from muniment.api.access.shapes import AREA, MAX_NAME, PermissionTold, RoleTold
from muniment.api.asking import Doing, Given, Match, Reading, Rows

RoleName = Annotated[str, Path(max_length=60)]


class RoleGiven(Given):
    """What a role of one's own allows."""

    says: str = Field(max_length=MAX_NAME, examples=["Reads what our auditors ask for."])
    permissions: list[str] = Field(max_length=200, examples=[["ledger.read", "ledger.prove"]])
    must_expire: bool = False
    must_scope: bool = False
    views_recorded: bool = False


class NewRole(RoleGiven):
    """A role of one's own."""

    name: str = Field(max_length=40, examples=["reader"])


def add_to(router: APIRouter) -> None:
    """Add the endpoints of roles."""

    @router.get("/permissions", summary="List everything that can be allowed")
    def list_permissions(asked: Reading) -> Rows[PermissionTold]:
        with asked.view("access.read", AREA):
            rows = [PermissionTold.model_validate(each) for each in access.PERMISSIONS.values()]
        return Rows(rows=rows, next_cursor=None)

    @router.get("/roles", summary="List roles")
    def list_roles(asked: Reading) -> Rows[RoleTold]:
        with asked.view("access.read", AREA) as work:
            rows = [RoleTold.model_validate(each) for each in access.roles(work)]
        return Rows(rows=rows, next_cursor=None)

    @router.post("/roles", status_code=201, summary="Define a role of one's own")
    def define_role(asked: Doing, given: NewRole) -> RoleTold:
        facts = given.model_dump()
        return asked.make(RoleTold, lambda work: access.define_role(work, **facts, version=0))

    @router.get("/roles/{name}", summary="Show a role")
    def show_role(asked: Reading, name: RoleName) -> RoleTold:
        with asked.view("access.read", AREA) as work:
            return asked.show(RoleTold, access.role(work, name))

    @router.put("/roles/{name}", summary="Define the next version of a role")
    def change_role(asked: Doing, name: RoleName, version: Match, given: RoleGiven) -> RoleTold:
        facts = given.model_dump()
        return asked.change(
            RoleTold,
            version,
            lambda work: access.role(work, name),
            lambda work: access.define_role(work, name, **facts, version=version),
        )

    @router.delete("/roles/{name}", status_code=204, summary="End a role that nobody holds")
    def end_role(asked: Doing, name: RoleName) -> Response:
        with asked.work() as work:
            access.end_role(work, name)
        return Response(status_code=204)
