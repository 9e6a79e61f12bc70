"""Sheets, sightings and views as JSON."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, field_validator, model_validator

from muniment import registry
from muniment.api.access.shapes import AnId
from muniment.api.asking import Doing, Given, Paging, Reading, Rows, Told
from muniment.api.registry.systems import Reasoned, Short, VersionTold, version_told
from muniment.core.errors import InvalidError
from muniment.registry import (
    GivenSheet,
    Preview,
    SheetSort,
    Sighting,
    SightingQuery,
    SightingSort,
    SightingStanding,
    SightingState,
    View,
)

Csv = Annotated[
    str,
    Field(
        max_length=5_000_000,
        description="CSV; the first row names the columns, as docs/registry.md lists them.",
        examples=["key,name,purpose,owner\nfaq,FAQ,Answers questions.,olga@example.org\n"],
    ),
]
Workbook = Annotated[
    str,
    Field(
        max_length=7_000_000,
        description="An XLSX workbook in base64, in the place of csv; its first sheet is read.",
    ),
]


class SheetGiven(Given):
    """A sheet to look at."""

    csv: Csv = ""
    xlsx: Workbook = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> SheetGiven:
        if bool(self.csv) == bool(self.xlsx):
            raise ValueError("give csv or xlsx, one of the two")
        return self

    def sheet(self) -> GivenSheet:
        """Read what was given."""
        if not self.xlsx:
            return registry.read_sheet(self.csv)
        try:
            data = base64.b64decode(self.xlsx, validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidError(
                "this is not base64", field="xlsx", remedy="Write the file in base64."
            ) from error
        return registry.read_sheet(data)

    @field_validator("csv", mode="before")
    @classmethod
    def _with_plain_ends(cls, value: object) -> object:
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class SheetToBring(SheetGiven, Reasoned):
    """A sheet to bring in, and why."""


class BadRowTold(Told):
    """A row that cannot be brought in."""

    number: int
    field: str
    says: str
    remedy: str


class PreviewTold(Told):
    """What would come, or came, of a sheet."""

    sort: SheetSort
    count: int
    bad: list[BadRowTold]


class SeenAsked(Paging):
    """Which of what was seen."""

    system: Short = ""
    environment: Short = ""
    state: SightingState | None = None
    sort: SightingSort | None = None


class SightingTold(Told):
    """Something that was seen in traffic."""

    id: str
    system_id: str
    environment: str
    sort: SightingSort
    name: str
    digest: str
    reported: str
    reported_before: str
    standing: SightingStanding
    finding: str = Field(description="Empty: nothing is wrong.")
    state: SightingState
    reason: str
    decided_by: str
    first_seen_at: datetime
    decided_at: datetime | None


class SeenRegistered(Given):
    """How what was seen is registered."""

    part: Short = "main"
    provider: Short = ""
    text: str = Field("", max_length=200_000, description="Of a prompt: its text.")


class UnseenTold(Told):
    """A registered version that was never seen."""

    label: str
    number: int
    digest: str
    serves: bool


class CompletenessTold(Told):
    """How registry and traffic compare."""

    system_id: str
    open: int
    settled: int
    unseen: list[UnseenTold]
    sees_traffic: bool


class ViewGiven(Given):
    """A view to save."""

    place: Short = Field(examples=["systems"])
    name: Annotated[str, Field(min_length=1, max_length=100)]
    query: dict[Short, Annotated[str, Field(max_length=200)]] = Field(
        max_length=20, examples=[{"state": "live"}]
    )
    shared: bool = False


class ViewTold(Told):
    """A saved view."""

    id: str
    place: str
    name: str
    query: dict[str, str]
    owner: str
    shared: bool
    made_at: datetime


class ViewsAsked(Given):
    """Which views."""

    place: Short = ""


def add_to(routes: APIRouter) -> None:
    """Add the endpoints."""
    _add_sheets(routes)
    _add_seen(routes)
    _add_views(routes)


def _add_sheets(routes: APIRouter) -> None:
    @routes.post("/imports/preview", summary="Look at every row of a sheet")
    def preview_sheet(asked: Doing, given: SheetGiven) -> PreviewTold:
        """Nothing is brought in."""
        sheet = given.sheet()
        return asked.do(PreviewTold, lambda work: _preview(registry.preview(work, sheet)))

    @routes.post("/imports", summary="Bring in every row of a sheet, or none")
    def bring_sheet_in(asked: Doing, given: SheetToBring) -> PreviewTold:
        sheet = given.sheet()
        return asked.do(
            PreviewTold,
            lambda work: _preview(registry.bring_in(work, sheet, reason=given.reason)),
        )


def _add_seen(routes: APIRouter) -> None:
    @routes.get("/seen", summary="List what was seen in traffic")
    def list_seen(asked: Reading, which: Annotated[SeenAsked, Query()]) -> Rows[SightingTold]:
        with asked.view_some("registry.read") as work:
            system_id = registry.get_system(work, which.system).id if which.system else ""
            query = SightingQuery(system_id, which.state, which.sort, which.environment)
            page = registry.find_sightings(work, query, limit=which.limit, cursor=which.cursor)
        rows = [_sighting(each) for each in page.rows]
        return Rows(rows=rows, next_cursor=page.next_cursor)

    @routes.get("/systems/{system_id}/completeness", summary="Compare registry and traffic")
    def show_completeness(asked: Reading, system_id: AnId) -> CompletenessTold:
        with asked.view_some("registry.read") as work:
            return CompletenessTold.model_validate(registry.completeness(work, system_id))

    @routes.post("/seen/{sighting_id}/register", summary="Register what was seen")
    def register_what_was_seen(
        asked: Doing, sighting_id: AnId, given: SeenRegistered
    ) -> VersionTold:
        return asked.do(
            VersionTold,
            lambda work: version_told(
                registry.register_seen(work, sighting_id, **given.model_dump())
            ),
        )

    @routes.post("/seen/{sighting_id}/not-ours", summary="Say why it need not be registered")
    def say_not_ours(asked: Doing, sighting_id: AnId, given: Reasoned) -> SightingTold:
        return asked.do(
            SightingTold,
            lambda work: _sighting(registry.not_ours(work, sighting_id, reason=given.reason)),
        )


def _add_views(routes: APIRouter) -> None:
    @routes.get("/views", summary="List saved views")
    def list_views(asked: Reading, which: Annotated[ViewsAsked, Query()]) -> Rows[ViewTold]:
        with asked.look() as work:
            found = registry.views(work, which.place)
        return Rows(rows=[_view(each) for each in found], next_cursor=None)

    @routes.post("/views", status_code=201, summary="Save a view of a list")
    def save_view(asked: Doing, given: ViewGiven) -> ViewTold:
        return asked.do(
            ViewTold, lambda work: _view(registry.save_view(work, **given.model_dump()))
        )

    @routes.post("/views/{view_id}/remove", summary="Remove a view of one's own")
    def remove_view(asked: Doing, view_id: AnId) -> ViewTold:
        return asked.do(ViewTold, lambda work: _view(registry.remove_view(work, view_id)))


def _preview(found: Preview) -> PreviewTold:
    return PreviewTold.model_validate(found)


def _sighting(found: Sighting) -> SightingTold:
    return SightingTold.model_validate(found)


def _view(found: View) -> ViewTold:
    return ViewTold.model_validate({**_fields(found), "query": dict(found.query)})


def _fields(found: View) -> dict[str, object]:
    return {name: getattr(found, name) for name in ViewTold.model_fields}
