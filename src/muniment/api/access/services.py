"""Services as JSON: programs that act under their own name, and who answers for them."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from muniment import access
from muniment.access import PersonId, ServiceId, ServiceKind
from muniment.api.access.shapes import AREA, MAX_NAME, AnId, Id, ServiceTold
from muniment.api.asking import Doing, Given, Match, PageOf, Reading, Rows, page_of


class NewService(Given):
    """A program that shall have a name of its own."""

    kind: ServiceKind
    name: str = Field(max_length=MAX_NAME, examples=["web-shop"])
    owner_id: Id


class ServiceChange(Given):
    """What shall be different about a service; one thing at a time."""

    name: str = Field(max_length=MAX_NAME)


class NewOwner(Given):
    """Who shall answer for it."""

    owner_id: Id


def add_to(router: APIRouter) -> None:
    """Add the endpoints of services."""

    @router.get("/services", summary="List services")
    def list_services(asked: Reading, which: PageOf) -> Rows[ServiceTold]:
        with asked.view("access.read", AREA) as work:
            return page_of(ServiceTold, access.services(work, **which.model_dump()))

    @router.post("/services", status_code=201, summary="Make a service")
    def add_service(asked: Doing, given: NewService) -> ServiceTold:
        owner = PersonId(given.owner_id)
        return asked.make(
            ServiceTold, lambda work: access.add_service(work, given.kind, given.name, owner)
        )

    @router.get("/services/{service_id}", summary="Show a service")
    def show_service(asked: Reading, service_id: AnId) -> ServiceTold:
        with asked.view("access.read", AREA) as work:
            return asked.show(ServiceTold, access.service(work, service_id))

    @router.patch("/services/{service_id}", summary="Give a service another name")
    def rename_service(
        asked: Doing, service_id: AnId, version: Match, given: ServiceChange
    ) -> ServiceTold:
        return asked.change(
            ServiceTold,
            version,
            lambda work: access.service(work, service_id),
            lambda work: access.rename_service(
                work, ServiceId(service_id), given.name, version=version
            ),
        )

    _add_steps(router)


def _add_steps(router: APIRouter) -> None:
    @router.post("/services/{service_id}/suspend", summary="Stop a service at once")
    def suspend_service(asked: Doing, service_id: AnId, version: Match) -> ServiceTold:
        return asked.change(
            ServiceTold,
            version,
            lambda work: access.service(work, service_id),
            lambda work: access.suspend_service(work, ServiceId(service_id), version=version),
        )

    @router.post("/services/{service_id}/reactivate", summary="Let a service run again")
    def reactivate_service(asked: Doing, service_id: AnId, version: Match) -> ServiceTold:
        return asked.change(
            ServiceTold,
            version,
            lambda work: access.service(work, service_id),
            lambda work: access.reactivate_service(work, ServiceId(service_id), version=version),
        )

    @router.post("/services/{service_id}/transfer", summary="Let another person answer for it")
    def transfer_service(
        asked: Doing, service_id: AnId, version: Match, given: NewOwner
    ) -> ServiceTold:
        return asked.change(
            ServiceTold,
            version,
            lambda work: access.service(work, service_id),
            lambda work: access.transfer_service(
                work, ServiceId(service_id), PersonId(given.owner_id), version=version
            ),
        )
