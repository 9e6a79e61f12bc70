"""People as JSON: who there is, who comes, changes, is suspended, and leaves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from muniment import access
from muniment.access import PersonId, PersonState
from muniment.api.access.shapes import AREA, MAX_NAME, AnId, Id, PersonTold
from muniment.api.asking import Doing, Given, Match, Paging, Reading, Rows, Told, page_of


class Invitation(Given):
    """Somebody who shall come."""

    name: str = Field(max_length=MAX_NAME, examples=["Ines Ferreira"])
    email: str = Field(max_length=254, examples=["ines@example.org"])


class PersonChange(Given):
    """What shall be different about a person; what is left out stays."""

    name: str | None = Field(None, max_length=MAX_NAME)
    email: str | None = Field(None, max_length=254)


class Leaving(Given):
    """Who takes over the services of somebody who leaves; nobody: they stop."""

    services_to: Id | None = None


class Parted(Told):
    """What ended when somebody left."""

    person: PersonTold
    grants: list[str]
    keys: list[str]
    services: list[str]


class PeopleAsked(Paging):
    """Which people."""

    state: PersonState | None = None
    text: str = Field("", max_length=200, description="Part of a name or an address.")


def add_to(router: APIRouter) -> None:
    """Add the endpoints of people."""

    @router.get("/people", summary="List people")
    def list_people(asked: Reading, which: Annotated[PeopleAsked, Query()]) -> Rows[PersonTold]:
        with asked.view("access.read", AREA) as work:
            return page_of(PersonTold, access.people(work, **which.model_dump()))

    @router.post("/people", status_code=201, summary="Invite a person")
    def invite_person(asked: Doing, given: Invitation) -> PersonTold:
        return asked.make(PersonTold, lambda work: access.invite(work, given.name, given.email))

    @router.get("/people/{person_id}", summary="Show a person")
    def show_person(asked: Reading, person_id: AnId) -> PersonTold:
        with asked.view("access.read", AREA) as work:
            return asked.show(PersonTold, access.person(work, person_id))

    @router.patch("/people/{person_id}", summary="Change a person's name or address")
    def change_person(
        asked: Doing, person_id: AnId, version: Match, given: PersonChange
    ) -> PersonTold:
        named = given.model_dump(exclude_unset=True)
        return asked.change(
            PersonTold,
            version,
            lambda work: access.person(work, person_id),
            lambda work: access.change_person(work, PersonId(person_id), **named, version=version),
        )

    _add_steps(router)


def _add_steps(router: APIRouter) -> None:
    @router.post("/people/{person_id}/suspend", summary="Close an account at once")
    def suspend_person(asked: Doing, person_id: AnId, version: Match) -> PersonTold:
        return asked.change(
            PersonTold,
            version,
            lambda work: access.person(work, person_id),
            lambda work: access.suspend(work, PersonId(person_id), version=version),
        )

    @router.post("/people/{person_id}/reactivate", summary="Let a suspended person in again")
    def reactivate_person(asked: Doing, person_id: AnId, version: Match) -> PersonTold:
        return asked.change(
            PersonTold,
            version,
            lambda work: access.person(work, person_id),
            lambda work: access.reactivate(work, PersonId(person_id), version=version),
        )

    @router.post("/people/{person_id}/leave", summary="Part with a person")
    def part_with_person(asked: Doing, person_id: AnId, given: Leaving) -> Parted:
        heir = PersonId(given.services_to) if given.services_to else None
        return asked.do(
            Parted,
            lambda work: Parted.model_validate(
                access.leave(work, PersonId(person_id), services_to=heir)
            ),
        )
