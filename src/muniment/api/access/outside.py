"""Rights in other systems as JSON: told by a file or a feed, joined to people, reviewed too."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from muniment import access
from muniment.access import PersonId
from muniment.access import Told as ToldRight
from muniment.api.access.shapes import AREA, AnId, Id
from muniment.api.asking import Doing, Given, Paging, Reading, Rows, Told, page_of

MAX_RIGHTS = 20_000


class OutsideTold(Told):
    """A right in another system, as it was told."""

    id: str
    place: str
    account: str
    person_id: str | None = Field(description="Null: nobody was found for this account.")
    what: str
    source: str
    seen_at: AwareDatetime
    gone_at: AwareDatetime | None


class Right(Given):
    """One right: whose account, and to what."""

    account: str = Field(max_length=300, examples=["ines@example.org"])
    what: str = Field(max_length=500, examples=["Editor of all dashboards"])
    person: str = Field("", max_length=300, description="Id or address, if the account is neither.")


class Feed(Given):
    """All rights of a place, as another program tells them; what is not told is gone."""

    place: str = Field(max_length=100, examples=["grafana"])
    source: str = Field(max_length=20, examples=["exporter"])
    rights: list[Right] = Field(max_length=MAX_RIGHTS)


class Imported(Told):
    """What bringing them in did."""

    place: str
    rows: int
    added: int
    kept: int
    gone: int
    orphans: list[str] = Field(description="Accounts nobody was found for.")


class Resolution(Given):
    """Whose account it is."""

    person_id: Id


class OutsideAsked(Paging):
    """Which rights."""

    place: str = Field("", max_length=100)
    orphans: bool = False


def add_to(router: APIRouter) -> None:
    """Add the endpoints of rights elsewhere."""

    @router.get("/outside", summary="List rights in other systems")
    def list_outside(asked: Reading, which: Annotated[OutsideAsked, Query()]) -> Rows[OutsideTold]:
        with asked.view("access.read", AREA) as work:
            return page_of(OutsideTold, access.outside(work, **which.model_dump()))

    @router.post("/outside", summary="Tell all rights of a place")
    def tell_outside(asked: Doing, given: Feed) -> Imported:
        told = [ToldRight(each.account, each.what, each.person) for each in given.rights]
        return asked.do(
            Imported,
            lambda work: Imported.model_validate(
                access.tell_outside(work, given.place, told, source=given.source)
            ),
        )

    @router.post("/outside/{right_id}/resolve", summary="Say whose account it is")
    def resolve_outside(asked: Doing, right_id: AnId, given: Resolution) -> OutsideTold:
        return asked.do(
            OutsideTold,
            lambda work: OutsideTold.model_validate(
                access.resolve_outside(work, right_id, PersonId(given.person_id))
            ),
        )
